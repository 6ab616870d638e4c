#include "codec/tar.h"

#include <gtest/gtest.h>

#include "codec/gzip.h"

namespace fleet::codec {
namespace {

template <typename T>
std::string why(const Result<T>& result) {
  return result.ok() ? "ok" : result.error().message();
}

TEST(Gzip, RoundTripsAndIsDeterministic) {
  for (const std::string& bytes :
       {std::string(), std::string("hello"), std::string(300'000, 'a')}) {
    for (const int level : {kGzipFast, kGzipDefault, kGzipBest}) {
      const std::string packed = gzip(bytes, level);
      EXPECT_EQ(packed, gzip(bytes, level));
      EXPECT_EQ(*gunzip(packed), bytes);
    }
  }
}

TEST(Gzip, ReadsSeveralMembers) {
  EXPECT_EQ(*gunzip(gzip("ab") + gzip("cd")), "abcd");
}

TEST(Gzip, RefusesBrokenInput) {
  const std::string packed = gzip("hello hello hello");
  EXPECT_EQ(why(gunzip("")), "EOF");
  EXPECT_EQ(why(gunzip("not gzip at all")), "gzip: invalid header");
  for (size_t cut = 1; cut < packed.size(); ++cut) {
    EXPECT_EQ(why(gunzip(packed.substr(0, cut))), "unexpected EOF") << cut;
  }
  std::string wrong = packed;
  wrong[wrong.size() - 6] ^= 1;
  EXPECT_EQ(why(gunzip(wrong)), "gzip: invalid checksum");
}

TEST(Gzip, StopsBombsAtTheLimit) {
  const std::string bomb = gzip(std::string(10 << 20, '\0'));
  EXPECT_EQ(gunzip(bomb, 1 << 20).error().code(), Code::RequestEntityTooLarge);
  EXPECT_TRUE(gunzip(bomb, 10 << 20).ok());
}

TEST(Tar, RoundTripsATree) {
  FileTree tree;
  ASSERT_TRUE(tree.add("a.txt", "hello").ok());
  ASSERT_TRUE(tree.add("bin/run", std::string(513, 'x'), FileTree::Mode::Executable).ok());
  ASSERT_TRUE(tree.add("bin/link", "../a.txt", FileTree::Mode::Link).ok());
  ASSERT_TRUE(tree.add_folder("empty").ok());
  // Fits by a prefix, fits not at all.
  ASSERT_TRUE(tree.add(std::string(90, 'p') + "/" + std::string(90, 'n'), "1").ok());
  ASSERT_TRUE(tree.add(std::string(200, 'q'), "2").ok());
  const std::string archive = tar(tree);
  EXPECT_EQ(archive, tar(tree));
  EXPECT_EQ(archive.size() % 512, 0U);
  EXPECT_EQ(*untar(archive), tree);
  EXPECT_EQ(*untar_maybe_gzip(gzip(archive)), tree);
  EXPECT_EQ(*untar(tar(tree, "chart"))->file("chart/a.txt"), "hello");
}

std::string one(TarEntry entry) {
  return write_tar({std::move(entry)});
}

TEST(Tar, NothingLeavesTheFolder) {
  using Type = TarEntry::Type;
  EXPECT_EQ(why(untar(one({"../x", Type::File}))), "../x: leaves the folder");
  EXPECT_EQ(why(untar(one({"/etc/x", Type::File}))), "/etc/x: leaves the folder");
  EXPECT_EQ(why(untar(one({"a/../../x", Type::File}))), "a/../../x: leaves the folder");
  EXPECT_EQ(why(untar(one({"l", Type::Link, 0777, "/etc"}))), "l: link leaves the folder");
  EXPECT_EQ(why(untar(one({"a/l", Type::Link, 0777, "../../x"}))), "a/l: link leaves the folder");
  EXPECT_EQ(why(untar(one({"h", Type::HardLink, 0644, "../x"}))), "h: link to nothing");
  EXPECT_EQ(why(untar(one({"./a/./b", Type::File}))), "ok");
}

TEST(Tar, HasLimits) {
  const std::string archive =
      write_tar({{"a", TarEntry::Type::File, 0644, {}, "12345"}, {"b", TarEntry::Type::File}});
  EXPECT_EQ(why(read_tar(archive, {.max_entries = 2, .max_total_bytes = 5})), "ok");
  EXPECT_EQ(why(read_tar(archive, {.max_entries = 1})), "more than 1 entries");
  EXPECT_EQ(why(read_tar(archive, {.max_total_bytes = 4})), "more than 4 bytes");
}

TEST(Tar, RefusesWhatIsCutOffOrDamaged) {
  const std::string archive = one({"a", TarEntry::Type::File, 0644, {}, "12345"});
  EXPECT_EQ(why(read_tar(archive.substr(0, 1024))), "ok");  // no end blocks
  EXPECT_EQ(why(read_tar(archive.substr(0, 514))), "unexpected EOF");
  EXPECT_EQ(why(read_tar(archive.substr(0, 100))), "unexpected EOF");
  std::string damaged = archive;
  damaged[3] = 'x';
  EXPECT_EQ(why(read_tar(damaged)), "archive/tar: invalid tar header");
  EXPECT_EQ(read_tar("")->size(), 0U);
}

TEST(Tar, ALaterEntryWins) {
  const std::string archive = write_tar(
      {{"a", TarEntry::Type::File, 0644, {}, "1"}, {"a", TarEntry::Type::File, 0644, {}, "2"}});
  EXPECT_EQ(*untar(archive)->file("a"), "2");
}

}  // namespace
}  // namespace fleet::codec
