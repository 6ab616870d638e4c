// SQLite handles that close themselves; errors as ours. Private to this module.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace fleet::kube::store {

struct CloseDatabase {
  void operator()(sqlite3* database) const;
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const;
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

// A prepared statement. Bound texts must outlive the next `step`.
class Statement {
 public:
  static Result<Statement> prepare(sqlite3* database, std::string_view sql);

  Statement& bind(int index, uint64_t number);
  Statement& bind(int index, std::string_view bytes);
  // True: there is a row.
  Result<bool> step();
  // Steps once where no row is expected, and makes the statement ready again.
  Result<> run();
  void reset();

  uint64_t number(int column) const;
  std::string_view bytes(int column) const;

 private:
  explicit Statement(sqlite3_stmt* statement)
      : statement_(statement) {}
  std::unique_ptr<sqlite3_stmt, FinalizeStatement> statement_;
};

Result<Database> open_database(const std::string& path);
Result<> execute(sqlite3* database, const char* sql);
// The error that `database` holds now: InsufficientStorage for a full disk, Invalid for damage.
Error database_error(sqlite3* database, std::string_view doing);

}  // namespace fleet::kube::store
