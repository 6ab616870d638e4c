#include <limits>
#include <optional>

#include <sqlite3.h>

#include "base/strings.h"
#include "kube/store/checksum.h"
#include "kube/store/log.h"
#include "kube/store/sqlite.h"

namespace fleet::kube::store {

namespace {

constexpr uint64_t kSchemaVersion = 1;

// One table: a row a write. `facts` are named numbers. Exclusive locking keeps the index of the
// write-ahead log in memory, and other processes out.
constexpr const char* kSetup =
    "PRAGMA locking_mode=EXCLUSIVE;"
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA cache_size=-1024;"
    "PRAGMA temp_store=MEMORY;"
    "CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS log (revision INTEGER PRIMARY KEY, operation INTEGER NOT NULL,"
    " created INTEGER NOT NULL, time INTEGER NOT NULL, checksum INTEGER NOT NULL,"
    " key BLOB NOT NULL, value BLOB NOT NULL);";

uint64_t record_checksum(const Record& record) {
  const uint64_t head = record.revision * 31 + record.created * 7 +
                        static_cast<uint64_t>(record.time.time_since_epoch().count()) * 3 +
                        static_cast<uint64_t>(record.operation);
  return checksum(record.value, checksum(record.key, head));
}

Record to_record(const Event& event) {
  Record record;
  record.revision = event.revision;
  record.time = event.time;
  record.key = event.key();
  if (event.after) {
    record.operation = event.before ? Operation::Update : Operation::Create;
    record.created = event.after->created;
    record.value = event.after->value;
  } else {
    record.operation = Operation::Delete;
    record.created = event.before->created;
  }
  return record;
}

Record read_record(const Statement& row) {
  Record record;
  record.revision = row.number(0);
  record.operation = static_cast<Operation>(row.number(1));
  record.created = row.number(2);
  record.time = TimePoint(Duration(static_cast<int64_t>(row.number(3))));
  record.key = row.bytes(5);
  record.value = row.bytes(6);
  return record;
}

bool is_whole(const Record& record, uint64_t written_checksum) {
  return record.operation >= Operation::Create && record.operation <= Operation::Delete &&
         record_checksum(record) == written_checksum;
}

struct Statements {
  Statement insert;
  Statement erase;
  Statement set_fact;
};

class SqliteLog : public Log {
 public:
  SqliteLog(Database database, Statements statements)
      : database_(std::move(database)),
        statements_(std::move(statements)) {}

  Result<> append(std::span<const EventPtr> events) override {
    return in_transaction([&]() -> Result<> {
      for (const EventPtr& event : events) {
        const Record record = to_record(*event);
        statements_.insert.bind(1, record.revision)
            .bind(2, static_cast<uint64_t>(record.operation))
            .bind(3, record.created)
            .bind(4, static_cast<uint64_t>(record.time.time_since_epoch().count()))
            .bind(5, record_checksum(record))
            .bind(6, record.key)
            .bind(7, record.value);
        TRY(statements_.insert.run());
      }
      return {};
    });
  }

  Result<> erase(std::span<const Revision> revisions, Revision compacted) override {
    return in_transaction([&]() -> Result<> {
      for (const Revision revision : revisions)
        TRY(statements_.erase.bind(1, revision).run());
      statements_.set_fact.bind(1, "compacted").bind(2, compacted);
      return statements_.set_fact.run();
    });
  }

 private:
  template <typename Body>
  Result<> in_transaction(Body body) {
    TRY(execute(database_.get(), "BEGIN IMMEDIATE"));
    Result<> done = body();
    if (done.ok()) done = execute(database_.get(), "COMMIT");
    if (!done.ok() && sqlite3_get_autocommit(database_.get()) == 0) {
      Result<> undone = execute(database_.get(), "ROLLBACK");
      CHECK(undone.ok());
    }
    return done;
  }

  Database database_;
  Statements statements_;
};

Result<std::optional<uint64_t>> read_fact(sqlite3* database, std::string_view name) {
  auto select =
      TRY(Statement::prepare(database, "SELECT number FROM facts WHERE name = CAST(? AS TEXT)"));
  select.bind(1, name);
  if (!TRY(select.step())) return std::optional<uint64_t>();
  return std::optional<uint64_t>(select.number(0));
}

Result<> check_schema_version(sqlite3* database, Statement& set_fact, const std::string& path) {
  const auto version = TRY(read_fact(database, "schema"));
  if (!version) {
    set_fact.bind(1, "schema").bind(2, kSchemaVersion);
    return set_fact.run();
  }
  if (*version > kSchemaVersion) {
    return Error(Code::Unsupported,
                 cat(path,
                     " was written by a newer version (its schema is ",
                     *version,
                     ", this program knows ",
                     kSchemaVersion,
                     "): use that version"));
  }
  return {};
}

// Drops a damaged last record; says what to do about a damaged one before it.
Result<> handle_damage(const Context& ctx,
                       sqlite3* database,
                       const std::string& path,
                       Revision revision,
                       bool is_last) {
  if (!is_last) {
    return Error(Code::Invalid,
                 cat(path,
                     ": record ",
                     revision,
                     " is damaged: restore the file from a backup, or delete this row of its table "
                     "`log` and accept that one write is lost"));
  }
  ctx.log().warn(
      "the last record of the store is damaged and was dropped: it had never been "
      "acknowledged",
      {{"file", path}, {"revision", revision}});
  auto erase = TRY(Statement::prepare(database, "DELETE FROM log WHERE revision = ?"));
  return erase.bind(1, revision).run();
}

Result<Revision> read_all(const Context& ctx,
                          sqlite3* database,
                          const std::string& path,
                          const Visitor& visit) {
  auto select = TRY(Statement::prepare(database,
                                       "SELECT revision, operation, created, time, checksum, key, "
                                       "value FROM log ORDER BY revision"));
  Revision last = 0;
  while (TRY(select.step())) {
    const Record record = read_record(select);
    if (!is_whole(record, select.number(4))) {
      const Revision damaged = record.revision;
      const bool is_last = !TRY(select.step());
      select.reset();
      TRY(handle_damage(ctx, database, path, damaged, is_last));
      break;
    }
    visit(record);
    last = record.revision;
  }
  return last;
}

}  // namespace

Result<Loaded> open_sqlite_log(const Context& ctx, const std::string& path, const Visitor& visit) {
  Database database = TRY(open_database(path));
  TRY(execute(database.get(), kSetup));
  auto set_fact =
      TRY(Statement::prepare(database.get(),
                             "INSERT INTO facts (name, number) VALUES (CAST(?1 AS TEXT), ?2) "
                             "ON CONFLICT (name) DO UPDATE SET number = ?2"));
  TRY(check_schema_version(database.get(), set_fact, path));
  Loaded loaded;
  loaded.compacted = TRY(read_fact(database.get(), "compacted")).value_or(0);
  loaded.last = std::max(TRY(read_all(ctx, database.get(), path, visit)), loaded.compacted);
  Statements statements{
      TRY(Statement::prepare(database.get(),
                             "INSERT INTO log (revision, operation, created, time, checksum, key, "
                             "value) VALUES (?, ?, ?, ?, ?, ?, ?)")),
      TRY(Statement::prepare(database.get(), "DELETE FROM log WHERE revision = ?")),
      std::move(set_fact)};
  loaded.log = std::make_unique<SqliteLog>(std::move(database), std::move(statements));
  return loaded;
}

}  // namespace fleet::kube::store
