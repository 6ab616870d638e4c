#include "kube/store/sqlite.h"

#include <sqlite3.h>

#include "base/strings.h"

namespace fleet::kube::store {

void CloseDatabase::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);
}
void FinalizeStatement::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Error database_error(sqlite3* database, std::string_view doing) {
  const int code = sqlite3_errcode(database);
  const int system_error = sqlite3_system_errno(database);
  Code ours = Code::InternalError;
  if (code == SQLITE_FULL) ours = Code::InsufficientStorage;
  if ((code & 0xFF) == SQLITE_IOERR && (system_error == ENOSPC || system_error == EDQUOT)) {
    ours = Code::InsufficientStorage;
  }
  if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) ours = Code::Invalid;
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED) ours = Code::AlreadyExists;
  return Error(ours, cat(doing, ": ", sqlite3_errmsg(database)));
}

Result<Database> open_database(const std::string& path) {
  sqlite3* raw = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  Database database(raw);
  if (code != SQLITE_OK) return database_error(database.get(), cat("opening ", path));
  return database;
}

Result<> execute(sqlite3* database, const char* sql) {
  if (sqlite3_exec(database, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    return database_error(database, sql);
  }
  return {};
}

Result<Statement> Statement::prepare(sqlite3* database, std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(
      database, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (code != SQLITE_OK) return database_error(database, sql);
  return Statement(raw);
}

Statement& Statement::bind(int index, uint64_t number) {
  CHECK(sqlite3_bind_int64(statement_.get(), index, static_cast<sqlite3_int64>(number)) ==
        SQLITE_OK);
  return *this;
}

Statement& Statement::bind(int index, std::string_view bytes) {
  const char* data = bytes.empty() ? "" : bytes.data();
  CHECK(sqlite3_bind_blob64(statement_.get(), index, data, bytes.size(), SQLITE_STATIC) ==
        SQLITE_OK);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return database_error(sqlite3_db_handle(statement_.get()), "database");
}

Result<> Statement::run() {
  auto stepped = step();
  reset();
  if (!stepped.ok()) return std::move(stepped).error();
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
}

uint64_t Statement::number(int column) const {
  return static_cast<uint64_t>(sqlite3_column_int64(statement_.get(), column));
}

std::string_view Statement::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (data == nullptr) return {};
  return {static_cast<const char*>(data), static_cast<size_t>(size)};
}

}  // namespace fleet::kube::store
