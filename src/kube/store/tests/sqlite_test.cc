// What only a store on disk does: keep, lock, notice damage.
#include "kube/store/sqlite.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "base/strings.h"
#include "kube/store/open.h"
#include "sys/files.h"

namespace fleet::kube::store {
namespace {

class SqliteTest : public testing::Test {
 protected:
  std::unique_ptr<Store> open() { return open_sqlite(ctx_, path_).value(); }
  Error refused() { return open_sqlite(ctx_, path_).error(); }

  void run(const char* sql) {
    auto database = open_database(path_).value();
    auto done = execute(database.get(), sql);
    ASSERT_TRUE(done.ok()) << done.error().message();
  }

  void write_three() {
    auto store = open();
    ASSERT_TRUE(store->write(ctx_, {Operation::Create, "a", "one", 0}).ok());
    ASSERT_TRUE(store->write(ctx_, {Operation::Create, "b", "two", 0}).ok());
    ASSERT_TRUE(store->write(ctx_, {Operation::Update, "a", "three", 0}).ok());
  }

  Context ctx_ = Context::background();
  sys::TempFolder folder_ = sys::TempFolder::make().value();
  std::string path_ = folder_.file("db");
};

TEST_F(SqliteTest, KeepsEverything) {
  write_three();
  {
    auto store = open();
    EXPECT_EQ(store->revision(ctx_).value(), 3U);
    auto entry = store->get(ctx_, "a").value();
    EXPECT_EQ(entry->value, "three");
    EXPECT_EQ(entry->created, 1U);
    EXPECT_EQ(entry->modified, 3U);
    // The window is kept as well: a watch resumes across a restart.
    auto watch = store->watch(ctx_, "", 1, [] {}).value();
    EXPECT_EQ(watch->take(10)->events.size(), 2U);
    EXPECT_EQ(store->list(ctx_, {.revision = 2})->entries[0]->value, "one");
    ASSERT_TRUE(store->write(ctx_, {Operation::Delete, "b", "", 0}).ok());
  }
  auto store = open();
  EXPECT_EQ(store->revision(ctx_).value(), 4U);
  EXPECT_EQ(store->get(ctx_, "b").value(), nullptr);
}

TEST_F(SqliteTest, RevisionsGoOnAfterCompaction) {
  write_three();
  {
    auto store = open();
    ASSERT_TRUE(store->write(ctx_, {Operation::Delete, "a", "", 0}).ok());
    ASSERT_TRUE(store->write(ctx_, {Operation::Delete, "b", "", 0}).ok());
    auto watch = store->watch(ctx_, "", 0, [] {}).value();
    while (watch->take(1)->up_to < 5) {
    }
    ASSERT_TRUE(store->compact(ctx_, 5).ok());
  }
  {
    auto database = open_database(path_).value();
    auto count = Statement::prepare(database.get(), "SELECT COUNT(*) FROM log").value();
    ASSERT_TRUE(count.step().value());
    EXPECT_EQ(count.number(0), 0U);
  }
  auto store = open();
  EXPECT_EQ(store->revision(ctx_).value(), 5U);
  EXPECT_EQ(store->watch(ctx_, "", 4, [] {}).error().code(), Code::Expired);
  EXPECT_EQ(store->write(ctx_, {Operation::Create, "a", "new", 0})->revision, 6U);
}

TEST_F(SqliteTest, ASecondOwnerIsRefusedWithThePidOfTheFirst) {
  auto store = open();
  const Error error = refused();
  EXPECT_EQ(error.code(), Code::Conflict);
  EXPECT_TRUE(contains(error.message(), "held by process")) << error.message();
}

TEST_F(SqliteTest, ADamagedLastRecordIsDropped) {
  write_three();
  run("UPDATE log SET value = CAST('threE' AS BLOB) WHERE revision = 3");
  auto store = open();
  EXPECT_EQ(store->get(ctx_, "a").value()->value, "one");
  EXPECT_EQ(store->revision(ctx_).value(), 2U);
}

TEST_F(SqliteTest, ADamagedMiddleRefusesToStart) {
  write_three();
  run("UPDATE log SET value = CAST('TWO' AS BLOB) WHERE revision = 2");
  const Error error = refused();
  EXPECT_EQ(error.code(), Code::Invalid);
  EXPECT_TRUE(contains(error.message(), "record 2 is damaged: restore")) << error.message();
}

TEST_F(SqliteTest, ANewerSchemaIsRefused) {
  write_three();
  run("UPDATE facts SET number = 99 WHERE name = 'schema'");
  EXPECT_EQ(refused().code(), Code::Unsupported);
}

TEST_F(SqliteTest, NotADatabase) {
  ASSERT_TRUE(sys::write_file(path_, std::string(8192, 'x')).ok());
  EXPECT_EQ(refused().code(), Code::Invalid);
}

TEST_F(SqliteTest, AFullDiskRefusesWritesAndAnswersReads) {
  // A page limit stands for the full disk: SQLite reports both in the same way.
  auto database = open_database(path_).value();
  ASSERT_TRUE(execute(database.get(), "CREATE TABLE t (x BLOB); PRAGMA max_page_count=8").ok());
  auto insert = Statement::prepare(database.get(), "INSERT INTO t VALUES (zeroblob(65536))");
  const Result<> done = insert->run();
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().code(), Code::InsufficientStorage);
}

}  // namespace
}  // namespace fleet::kube::store
