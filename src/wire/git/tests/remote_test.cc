#include "wire/git/remote.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/strings.h"
#include "sys/environment.h"
#include "sys/process.h"
#include "sys/wait_fd.h"
#include "wire/git/http_host.h"
#include "wire/git/ls_refs.h"
#include "wire/git/pkt_line.h"
#include "wire/git/program.h"
#include "wire/git/url.h"

namespace fleet::git {
namespace {

Context ctx() {
  return Context::background().with_timeout(std::chrono::seconds{60});
}

template <typename T>
std::string why(const Result<T>& result) {
  return result.ok() ? "ok" : cat(to_string(result.error().code()), " ", result.error().message());
}

// A folder of bare repositories, served; and a work tree to commit from.
class GitTest : public testing::Test {
 protected:
  GitTest() {
    git(root(), {"init", "-q", "--bare", "-b", "master", "repo"});
    git(root(), {"init", "-q", "-b", "master", "work"});
    write("a.yaml", "a: 1\n");
    first_ = commit("first");
    git(work(), {"tag", "-a", "-m", "v1", "v1"});
    git(work(), {"tag", "light"});
    write("dir/b.sh", "#!/bin/sh\n");
    EXPECT_TRUE(sys::write_file(work() + "/dir/b.sh", "#!/bin/sh\n", 0755).ok());
    second_ = commit("second");
    git(work(), {"checkout", "-q", "-b", "dev"});
    write("dev.yaml", "d: 1\r\n");
    third_ = commit("third");
    push();
  }

  const std::string& root() const { return temp_.path(); }
  std::string work() const { return temp_.file("work"); }

  std::string git(const std::string& folder, std::vector<std::string> args) {
    args.insert(args.begin(), "git");
    sys::Command command{.args = std::move(args), .folder = folder};
    command.env = {{"PATH", sys::env("PATH").value_or("/usr/bin")},
                   {"HOME", root()},
                   {"GIT_CONFIG_COUNT", "1"},
                   {"GIT_CONFIG_KEY_0", "protocol.file.allow"},
                   {"GIT_CONFIG_VALUE_0", "always"},
                   {"GIT_AUTHOR_NAME", "t"},
                   {"GIT_AUTHOR_EMAIL", "t@t"},
                   {"GIT_COMMITTER_NAME", "t"},
                   {"GIT_COMMITTER_EMAIL", "t@t"}};
    const auto done = sys::run(ctx(), command);
    EXPECT_TRUE(done.ok() && done->exit_code == 0) << (done.ok() ? done->errors : why(done));
    return done.ok() ? std::string(trim(done->output)) : "";
  }

  void write(const std::string& name, const std::string& text) {
    const std::string path = work() + "/" + name;
    ASSERT_TRUE(sys::make_folders(path.substr(0, path.rfind('/'))).ok());
    ASSERT_TRUE(sys::write_file(path, text).ok());
  }

  std::string commit(const std::string& message) {
    git(work(), {"add", "."});
    git(work(), {"commit", "-q", "--allow-empty", "-m", message});
    return git(work(), {"rev-parse", "HEAD"});
  }

  void push() {
    git(work(), {"push", "-q", "--all", root() + "/repo"});
    push_tags();
  }
  void push_tags() { git(work(), {"push", "-q", "--tags", root() + "/repo"}); }

  Remote remote(const std::string& name = "repo") {
    return Remote::open({.url = host_->url(name)}).value();
  }

  sys::TempFolder temp_ = sys::TempFolder::make().value();
  std::unique_ptr<HttpHost> host_ =
      HttpHost::start(Context::background(), {.folder = root()}).value();
  std::string first_;
  std::string second_;
  std::string third_;
};

TEST_F(GitTest, NamesTheLatestCommit) {
  const Remote r = remote();
  EXPECT_EQ(*r.latest_commit(ctx(), "", ""), second_);
  EXPECT_EQ(*r.latest_commit(ctx(), "dev", ""), third_);
  EXPECT_EQ(*r.latest_commit(ctx(), "dev", "v1"), first_);  // annotated: what it points to
  EXPECT_EQ(*r.latest_commit(ctx(), "", "light"), first_);
  const std::string id(40, 'a');
  EXPECT_EQ(*r.latest_commit(ctx(), "", id), id);
  EXPECT_EQ(why(r.latest_commit(ctx(), "nope", "")), "NotFound commit not found for branch: nope");
  EXPECT_EQ(why(r.latest_commit(ctx(), "", "dev")), "NotFound commit not found for revision: dev");
  EXPECT_EQ(why(r.latest_commit(ctx(), "a..b", "")),
            "Invalid invalid branch name: cannot contain \"..\"");
  EXPECT_EQ(why(remote("none").latest_commit(ctx(), "", "")), "NotFound repository not found");
  write("new", "1");
  git(work(), {"checkout", "-q", "master"});
  const std::string next = commit("next");
  push();
  EXPECT_EQ(*r.latest_commit(ctx(), "", ""), next);
}

TEST_F(GitTest, ChecksOutBranchesTagsAndCommits) {
  const Remote r = remote();
  const Checkout master = r.checkout(ctx(), {}).value();
  EXPECT_EQ(master.commit, second_);
  EXPECT_EQ(*master.tree.file("a.yaml"), "a: 1\n");
  EXPECT_EQ(master.tree.entry("dir/b.sh")->mode, FileTree::Mode::Executable);
  EXPECT_EQ(master.tree.files().size(), 2U);
  EXPECT_EQ(*r.checkout(ctx(), {.branch = "dev"})->tree.file("dev.yaml"), "d: 1\r\n");
  EXPECT_EQ(r.checkout(ctx(), {.branch = "dev", .revision = "v1"})->commit, third_);
  EXPECT_EQ(r.checkout(ctx(), {.revision = "v1"})->commit, first_);
  EXPECT_EQ(r.checkout(ctx(), {.revision = "dev"})->commit, third_);
  EXPECT_EQ(r.checkout(ctx(), {.revision = third_.substr(0, 8)})->commit, third_);
  EXPECT_EQ(r.checkout(ctx(), {.revision = "master~1"})->commit,
            git(work(), {"rev-parse", "master~1"}));
  // A commit that is no tip: the host may refuse it alone, then its history is read.
  EXPECT_EQ(r.checkout(ctx(), {.branch = "dev", .commit = first_})->tree.files().size(), 1U);
  EXPECT_EQ(why(r.checkout(ctx(), {.branch = "nope"})),
            "NotFound commit not found for branch: nope");
  EXPECT_EQ(why(r.checkout(ctx(), {.revision = "nope"})),
            "NotFound commit not found for revision: nope");
  EXPECT_EQ(why(r.checkout(ctx(), {.commit = std::string(40, '1')})),
            "NotFound commit not found for revision: " + std::string(40, '1'));
  EXPECT_EQ(remote("none").checkout(ctx(), {}).error().code(), Code::NotFound);
}

TEST_F(GitTest, LinksAreLinksAndLimitsAreLimits) {
  git(work(), {"checkout", "-q", "-b", "links"});
  sys::run(ctx(), {.args = {"ln", "-s", "../../etc/passwd", work() + "/evil"}}).value();
  commit("links");
  push();
  const Checkout links = remote().checkout(ctx(), {.branch = "links"}).value();
  EXPECT_EQ(links.tree.entry("evil")->mode, FileTree::Mode::Link);
  EXPECT_EQ(*links.tree.file("evil"), "../../etc/passwd");
  Limits few;
  few.max_files = 1;
  EXPECT_EQ(remote().checkout(ctx(), {}, few).error().code(), Code::RequestEntityTooLarge);
  Limits small;
  small.max_total_bytes = 5;
  EXPECT_EQ(remote().checkout(ctx(), {}, small).error().code(), Code::RequestEntityTooLarge);
}

TEST_F(GitTest, SubmodulesAreReadToo) {
  git(root(), {"init", "-q", "--bare", "-b", "master", "lib"});
  git(work(), {"push", "-q", root() + "/lib", "dev:master"});
  git(work(), {"checkout", "-q", "-b", "mods", "master"});
  git(work(), {"submodule", "add", "-q", root() + "/lib", "vendor/lib"});
  git(work(), {"config", "-f", ".gitmodules", "submodule.vendor/lib.url", "../lib"});
  commit("submodule");
  push();
  const Checkout mods = remote().checkout(ctx(), {.branch = "mods"}).value();
  EXPECT_EQ(*mods.tree.file("vendor/lib/dev.yaml"), "d: 1\r\n");
  git(work(), {"config", "-f", ".gitmodules", "submodule.vendor/lib.url", "/etc"});
  commit("local path");
  push();
  EXPECT_EQ(remote().checkout(ctx(), {.branch = "mods"}).error().code(), Code::Invalid);
}

TEST_F(GitTest, LogsInWithoutShowingTheSecret) {
  auto closed = HttpHost::start(Context::background(),
                                {.folder = root(), .user = "me", .password = Secret<>("p'\"$ %w")})
                    .value();
  RemoteOptions options{.url = closed->url("repo")};
  EXPECT_EQ(why(Remote::open(options)->latest_commit(ctx(), "", "")),
            "Unauthorized authentication required");
  EXPECT_EQ(Remote::open(options)->checkout(ctx(), {}).error().code(), Code::Unauthorized);
  options.username = "me";
  options.password = Secret<>("wrong-secret");
  const auto refused = Remote::open(options)->checkout(ctx(), {});
  EXPECT_EQ(refused.error().code(), Code::Unauthorized);
  EXPECT_FALSE(contains(refused.error().message(), "wrong-secret")) << refused.error().message();
  options.password = Secret<>("p'\"$ %w");
  EXPECT_EQ(*Remote::open(options)->latest_commit(ctx(), "", ""), second_);
  EXPECT_EQ(why(Remote::open(options)->checkout(ctx(), {})), "ok");
}

TEST_F(GitTest, AHostThatIsAwayIsUnavailable) {
  const std::string url = host_->url("repo");
  host_.reset();
  const Remote r = Remote::open({.url = url}).value();
  EXPECT_EQ(r.latest_commit(ctx(), "", "").error().code(), Code::ServiceUnavailable);
  EXPECT_EQ(r.checkout(ctx(), {}).error().code(), Code::ServiceUnavailable);
  const Remote nowhere = Remote::open({.url = "http://no-such-host.invalid/x"}).value();
  EXPECT_EQ(nowhere.latest_commit(ctx(), "", "").error().code(), Code::ServiceUnavailable);
}

TEST_F(GitTest, PushesOnTopOfABranch) {
  const Remote r = remote();
  const std::string id =
      r.push(ctx(), "dev", {{"a.yaml", "a: 2\n"}, {"new/f", "n"}}, {"bot", "b@x"}, "bump\n\nbody")
          .value();
  const Checkout dev = r.checkout(ctx(), {.branch = "dev"}).value();
  EXPECT_EQ(dev.commit, id);
  EXPECT_EQ(*dev.tree.file("a.yaml"), "a: 2\n");
  EXPECT_EQ(*dev.tree.file("new/f"), "n");
  EXPECT_EQ(dev.tree.files().size(), 4U);
  EXPECT_EQ(git(root() + "/repo", {"log", "-1", "--format=%an %ae %s", "dev"}), "bot b@x bump");
  EXPECT_EQ(r.push(ctx(), "dev", {{"../x", ""}}, {"b", "b"}, "m").error().code(), Code::Invalid);
}

// A real sshd for one user with one key; skipped where it is not installed.
TEST_F(GitTest, SpeaksSsh) {
  if (!sys::path_exists("/usr/sbin/sshd") || !sys::is_root()) {
    GTEST_SKIP() << "needs root and /usr/sbin/sshd";
  }
  ASSERT_TRUE(sys::make_folders("/run/sshd").ok());
  const auto keygen = [&](const std::string& name) {
    sys::run(ctx(),
             {.args = {"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", temp_.file(name)}})
        .value();
  };
  keygen("host");
  keygen("user");
  keygen("other");
  ASSERT_TRUE(
      sys::write_file(temp_.file("keys"), *sys::read_file(temp_.file("user.pub")), 0600).ok());
  const std::string config = cat("HostKey ",
                                 temp_.file("host"),
                                 "\nAuthorizedKeysFile ",
                                 temp_.file("keys"),
                                 "\nPidFile none\nStrictModes no\nUsePAM no\nPermitRootLogin "
                                 "yes\nPasswordAuthentication no\n");
  ASSERT_TRUE(sys::write_file(temp_.file("sshd_config"), config).ok());
  // One connection a call: inetd mode behind a socket of ours would hide the port, so sshd listens.
  const int port = 20000 + sys::process_id() % 20000;
  sys::Child sshd = sys::Child::start({.args = {"/usr/sbin/sshd",
                                                "-D",
                                                "-e",
                                                "-f",
                                                temp_.file("sshd_config"),
                                                "-p",
                                                std::to_string(port),
                                                "-o",
                                                "ListenAddress=127.0.0.1"}},
                                      {sys::Stream::Null, sys::Stream::Null, sys::Stream::Pipe})
                        .value();
  std::string said;
  while (!contains(said, "Server listening")) {
    ASSERT_TRUE(sys::wait_fd(ctx(), sshd.errors.get(), sys::Ready::Read).ok());
    char buffer[1024];
    const ssize_t n = ::read(sshd.errors.get(), buffer, sizeof buffer);
    ASSERT_GT(n, 0) << said;
    said.append(buffer, static_cast<size_t>(n));
  }
  RemoteOptions options{.url = cat("ssh://root@127.0.0.1:", port, root(), "/repo")};
  EXPECT_EQ(Remote::open(options).error().code(), Code::Invalid);  // no key
  options.ssh_private_key = Secret<>(*sys::read_file(temp_.file("user")));
  EXPECT_EQ(*Remote::open(options)->latest_commit(ctx(), "", "v1"), first_);
  EXPECT_EQ(Remote::open(options)->checkout(ctx(), {.branch = "dev"})->commit, third_);
  const std::string host_key = *sys::read_file(temp_.file("host.pub"));
  options.ssh_known_hosts = cat("[127.0.0.1]:", port, " ", host_key);
  EXPECT_EQ(*Remote::open(options)->latest_commit(ctx(), "dev", ""), third_);
  options.ssh_known_hosts =
      cat("[127.0.0.1]:", port, " ", *sys::read_file(temp_.file("other.pub")));
  EXPECT_EQ(Remote::open(options)->latest_commit(ctx(), "dev", "").error().code(),
            Code::Unauthorized);
  options.ssh_known_hosts.clear();
  options.ssh_private_key = Secret<>(*sys::read_file(temp_.file("other")));
  EXPECT_EQ(Remote::open(options)->checkout(ctx(), {}).error().code(), Code::Unauthorized);
}

struct UrlCase {
  const char* in;
  const char* want;  // text(), or "" when refused
};
constexpr UrlCase kUrls[] = {
    {"https://github.com/a/b.git", "https://github.com/a/b.git"},
    {"HTTPS://u:p@h:8443/x", "https://h:8443/x"},
    {"ssh://git@h:22/a", "ssh://git@h:22/a"},
    {"git+ssh://h/a", "ssh://h/a"},
    {"git@github.com:a/b.git", "ssh://git@github.com/a/b.git"},
    {"h:a", "ssh://h/a"},
    {"http://[::1]:8/a", "http://[::1]:8/a"},
    {"/local/path", ""},
    {"./x", ""},
    {"file:///etc", ""},
    {"ftp://h/x", ""},
    {"-oProxyCommand=x:y", ""},
    {"ssh://-oProxyCommand=x/y", ""},
    {"ssh://-x@h/y", ""},
    {"ext::sh -c id", ""},
    {"https://h", ""},
    {"git@h:/", ""},
    {"", ""},
};

TEST(RemoteUrl, TakesWhatFleetTakes) {
  for (const UrlCase& c : kUrls) {
    SCOPED_TRACE(c.in);
    const auto url = parse_remote_url(c.in);
    EXPECT_EQ(url.ok() ? url->text() : "", c.want);
    if (!url.ok()) {
      EXPECT_TRUE(url.error().message().starts_with("failed to parse"));
    }
  }
  EXPECT_FALSE(contains(parse_remote_url("ftp://u:secret@h/").error().message(), "secret"));
}

TEST(RemoteUrl, ResolvesSubmodules) {
  const RemoteUrl parent = parse_remote_url("https://h/group/repo.git").value();
  EXPECT_EQ(resolve_submodule_url(parent, "../other"), "https://h/group/other");
  EXPECT_EQ(resolve_submodule_url(parent, "../../x"), "https://h/x");
  EXPECT_EQ(resolve_submodule_url(parent, "https://o/y"), "https://o/y");
}

TEST(Branch, NamesAreChecked) {
  for (const char* bad : {"",
                          "a.lock",
                          ".a",
                          "@",
                          "a//b",
                          "a b",
                          "a~1",
                          "a^",
                          "a:b",
                          "a\\b",
                          "a?",
                          "a*",
                          "a[",
                          "a@{b",
                          "a\x01"}) {
    EXPECT_FALSE(check_branch_name(bad).ok()) << bad;
  }
  EXPECT_FALSE(check_branch_name(std::string(256, 'a')).ok());
  EXPECT_TRUE(check_branch_name("feature/x-1@y").ok());
}

TEST(Packets, AreFramed) {
  EXPECT_EQ(packet("abc\n"), "0008abc\n");
  const auto packets = read_packets(
                           "0008abc\n0001000a\x31\x32\x33\x34\x35\x36"
                           "0000")
                           .value();
  ASSERT_EQ(packets.size(), 4U);
  EXPECT_EQ(packets[0].text, "abc");
  EXPECT_EQ(packets[1].kind, Packet::Kind::Delimiter);
  EXPECT_EQ(packets[2].text, "123456");
  EXPECT_EQ(packets[3].kind, Packet::Kind::Flush);
  for (const char* bad : {"00", "0003", "zzzz", "0009abc", "-001"}) {
    EXPECT_FALSE(read_packets(bad).ok()) << bad;
  }
}

TEST(Failures, AreExplained) {
  const auto code = [](const char* text) { return explain_failure(text, 128).code(); };
  EXPECT_EQ(code("fatal: Authentication failed for 'http://x/'"), Code::Unauthorized);
  EXPECT_EQ(code("Host key verification failed.\nfatal: Could not read from remote repository."),
            Code::Unauthorized);
  EXPECT_EQ(code("fatal: unable to access 'http://x/': Failed to connect"),
            Code::ServiceUnavailable);
  EXPECT_EQ(code("fatal: something else"), Code::InternalError);
  EXPECT_EQ(explain_failure("warning: x\nfatal: bad thing.\n", 1).message(), "bad thing");
  EXPECT_EQ(explain_failure("", 7).message(), "git ended with code 7");
}

}  // namespace
}  // namespace fleet::git
