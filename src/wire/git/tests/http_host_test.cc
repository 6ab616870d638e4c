#include "wire/git/http_host.h"

#include <gtest/gtest.h>

#include "sys/environment.h"
#include "sys/files.h"
#include "sys/process.h"

namespace fleet::git {
namespace {

sys::Finished git(const std::string& folder, std::vector<std::string> args) {
  args.insert(args.begin(), "git");
  sys::Command command{.args = std::move(args), .folder = folder};
  command.env = {{"PATH", sys::env("PATH").value_or("/usr/bin")},
                 {"HOME", folder},
                 {"GIT_TERMINAL_PROMPT", "0"},
                 {"GIT_AUTHOR_NAME", "t"},
                 {"GIT_AUTHOR_EMAIL", "t@t"},
                 {"GIT_COMMITTER_NAME", "t"},
                 {"GIT_COMMITTER_EMAIL", "t@t"}};
  auto finished = sys::run(Context::background(), command);
  return finished.ok()
             ? *finished
             : sys::Finished{.exit_code = -1, .output = {}, .errors = finished.error().message()};
}

TEST(HttpHost, TakesPushesAndGivesClones) {
  auto folder = sys::TempFolder::make();
  ASSERT_TRUE(folder.ok());
  ASSERT_EQ(git(folder->path(), {"init", "-q", "--bare", "-b", "main", "sample"}).exit_code, 0);
  auto host = HttpHost::start(Context::background(), {.folder = folder->path()});
  ASSERT_TRUE(host.ok()) << host.error().message();
  std::string url = (*host)->url("sample");

  ASSERT_EQ(git(folder->path(), {"clone", "-q", url, "work"}).exit_code, 0);
  std::string work = folder->file("work");
  ASSERT_TRUE(sys::write_file(work + "/a.yaml", "a: 1\n").ok());
  git(work, {"add", "."});
  git(work, {"commit", "-q", "-m", "one"});
  sys::Finished pushed = git(work, {"push", "-q", "origin", "HEAD:main"});
  ASSERT_EQ(pushed.exit_code, 0) << pushed.errors;
  sys::Finished again =
      git(folder->path(), {"clone", "-q", "--depth", "1", "--filter=blob:none", url, "again"});
  ASSERT_EQ(again.exit_code, 0) << again.errors;
  EXPECT_EQ(*sys::read_file(folder->file("again/a.yaml")), "a: 1\n");
}

TEST(HttpHost, AsksForALogin) {
  auto folder = sys::TempFolder::make();
  ASSERT_TRUE(folder.ok());
  git(folder->path(), {"init", "-q", "--bare", "private"});
  auto host = HttpHost::start(Context::background(),
                              {.folder = folder->path(), .user = "u", .password = Secret<>("p")});
  ASSERT_TRUE(host.ok());
  std::string url = (*host)->url("private");
  EXPECT_NE(git(folder->path(), {"ls-remote", url}).exit_code, 0);
  url.insert(7, "u:p@");
  EXPECT_EQ(git(folder->path(), {"ls-remote", url}).exit_code, 0);
}

}  // namespace
}  // namespace fleet::git
