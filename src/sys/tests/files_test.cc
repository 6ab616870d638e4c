#include "sys/files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "sys/environment.h"

namespace fleet::sys {
namespace {

TEST(Files, WritesReplaceAndReadsAreLimited) {
  const TempFolder temp = TempFolder::make().value();
  const std::string path = temp.file("a");
  ASSERT_TRUE(write_file(path, "one", 0600, Sync::Yes).ok());
  ASSERT_TRUE(write_file(path, "second", 0640).ok());
  EXPECT_EQ(*read_file(path), "second");
  EXPECT_EQ(file_info(path)->mode, 0640U);
  EXPECT_EQ(read_file(path, 5).error().code(), Code::RequestEntityTooLarge);
  ASSERT_TRUE(append_file(path, "!").ok());
  EXPECT_EQ(*read_file(path, 7), "second!");
  EXPECT_EQ(*list_folder(temp.path()), std::vector<std::string>{"a"});  // no temporary left
}

TEST(Files, ErrorsNameThePath) {
  const auto missing = read_file("/nowhere/at/all");
  EXPECT_EQ(missing.error().code(), Code::NotFound);
  EXPECT_EQ(missing.error().message(), "open /nowhere/at/all: no such file or directory");
}

TEST(Files, FoldersAreMadeAndRemovedWhole) {
  const TempFolder temp = TempFolder::make().value();
  ASSERT_TRUE(make_folders(temp.file("x/y/z")).ok());
  ASSERT_TRUE(make_folders(temp.file("x/y/z")).ok());
  ASSERT_TRUE(write_file(temp.file("x/y/f"), "1").ok());
  ASSERT_TRUE(remove_all(temp.file("x")).ok());
  ASSERT_TRUE(remove_all(temp.file("x")).ok());
  EXPECT_FALSE(path_exists(temp.file("x")));
  ASSERT_TRUE(write_file(temp.file("f"), "1").ok());
  EXPECT_FALSE(make_folders(temp.file("f/g")).ok());
}

TEST(LockFile, IsHeldByOne) {
  const TempFolder temp = TempFolder::make().value();
  const std::string path = temp.file("lock");
  {
    const auto first = LockFile::take(path);
    ASSERT_TRUE(first.ok());
    const auto second = LockFile::take(path);
    EXPECT_EQ(second.error().code(), Code::Conflict);
    EXPECT_EQ(second.error().message(), path + ": held by process " + std::to_string(process_id()));
  }
  EXPECT_TRUE(LockFile::take(path).ok());
}

TEST(Tree, RoundTripsFilesModesAndLinks) {
  const TempFolder temp = TempFolder::make().value();
  FileTree tree;
  ASSERT_TRUE(tree.add("a/run.sh", "#!", FileTree::Mode::Executable).ok());
  ASSERT_TRUE(tree.add("b.yaml", "x: 1").ok());
  ASSERT_TRUE(tree.add("a/link", "../b.yaml", FileTree::Mode::Link).ok());
  ASSERT_TRUE(tree.add_folder("empty").ok());
  ASSERT_TRUE(write_tree(tree, temp.file("t")).ok());
  ASSERT_TRUE(make_folders(temp.file("t/.git/objects")).ok());
  EXPECT_EQ(*read_tree(temp.file("t")), tree);
  const FileTree followed = read_tree(temp.file("t"), {}, Links::Follow).value();
  EXPECT_EQ(*followed.file("a/link"), "x: 1");
}

TEST(Tree, LinksOutOfTheFolderAreRefused) {
  const TempFolder temp = TempFolder::make().value();
  ASSERT_TRUE(make_folders(temp.file("t")).ok());
  ASSERT_EQ(::symlink("/etc/passwd", temp.file("t/p").c_str()), 0);
  EXPECT_EQ(read_tree(temp.file("t"), {}, Links::Follow).error().message(),
            "p: link leads out of the folder");
  const FileTree kept = read_tree(temp.file("t")).value();
  EXPECT_EQ(write_tree(kept, temp.file("u")).error().code(), Code::Invalid);
}

TEST(Tree, HasLimits) {
  const TempFolder temp = TempFolder::make().value();
  ASSERT_TRUE(make_folders(temp.file("a/b/c")).ok());
  ASSERT_TRUE(write_file(temp.file("a/1"), "12345").ok());
  ASSERT_TRUE(write_file(temp.file("a/2"), "12345").ok());
  const auto code = [&](const TreeLimits& limits) {
    auto tree = read_tree(temp.path(), limits);
    return tree.ok() ? std::string("ok") : std::string(to_string(tree.error().code()));
  };
  EXPECT_EQ(code({}), "ok");
  EXPECT_EQ(code({.max_files = 1}), "RequestEntityTooLarge");
  EXPECT_EQ(code({.max_files = 2, .max_total_bytes = 10}), "ok");
  EXPECT_EQ(code({.max_total_bytes = 9}), "RequestEntityTooLarge");
  EXPECT_EQ(code({.max_depth = 4}), "ok");
  EXPECT_EQ(code({.max_depth = 3}), "RequestEntityTooLarge");
}

TEST(Tree, ACircleOfLinksEndsAtTheDepthLimit) {
  const TempFolder temp = TempFolder::make().value();
  ASSERT_EQ(::symlink(".", temp.file("self").c_str()), 0);
  EXPECT_EQ(read_tree(temp.path(), {}, Links::Follow).error().code(), Code::RequestEntityTooLarge);
}

TEST(Environment, KnowsTheProcess) {
  EXPECT_TRUE(env("PATH").has_value());
  EXPECT_FALSE(env("FLEET_NO_SUCH_VARIABLE").has_value());
  EXPECT_EQ(all_env().at("PATH"), *env("PATH"));
  EXPECT_GT(resident_bytes(), 100'000U);
  EXPECT_TRUE(path_exists(program_path()));
}

}  // namespace
}  // namespace fleet::sys
