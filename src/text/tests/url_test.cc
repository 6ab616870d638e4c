#include "text/url.h"

#include <gtest/gtest.h>

#include "text/git_url.h"

namespace fleet::text {
namespace {

TEST(Url, PartsAndBack) {
  auto url = Url::parse("HTTPS://us%20er:p@h:8443/a%2Fb?x=1#f");
  ASSERT_TRUE(url.ok());
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->user->name, "us er");
  EXPECT_EQ(url->hostname(), "h");
  EXPECT_EQ(url->port(), "8443");
  EXPECT_EQ(url->path, "/a/b");
  EXPECT_EQ(url->str(), "https://us%20er:p@h:8443/a%2Fb?x=1#f");
  EXPECT_EQ(url->redacted(), "https://us%20er:xxxxx@h:8443/a%2Fb?x=1#f");
}

TEST(Url, Faults) {
  struct Case {
    const char* text;
    const char* want;
  };
  constexpr Case kCases[] = {
      {"http://h/%zz", "parse \"http://h/%zz\": invalid URL escape \"%zz\""},
      {"http://[::1", "parse \"http://[::1\": missing ']' in host"},
      {"http://h[::1]/", "parse \"http://h[::1]/\": invalid IP-literal"},
      {"http://h::1/", "parse \"http://h::1/\": invalid port \"::1\" after host"},
      {"ssh://h::x/", "parse \"ssh://h::x/\": invalid port \":x\" after host"},
      {"http://h:x/", "parse \"http://h:x/\": invalid port \":x\" after host"},
      {":x", "parse \":x\": missing protocol scheme"},
  };
  for (const auto& c : kCases) {
    auto url = Url::parse(c.text);
    ASSERT_FALSE(url.ok()) << c.text;
    EXPECT_EQ(url.error().message(), c.want);
  }
}

TEST(Url, ReferencesAreResolved) {
  auto base = Url::parse("https://h/a/b/index.yaml");
  ASSERT_TRUE(base.ok());
  EXPECT_EQ(base->resolve("../c.tgz")->str(), "https://h/a/c.tgz");
  EXPECT_EQ(base->resolve("//o/x")->str(), "https://o/x");
  EXPECT_EQ(Url::parse("https://h/a")->join("../../x")->str(), "https://h/x");
}

TEST(GitUrl, UserHostAndPath) {
  auto url = parse_git_url("git@github.com:rancher/fleet.git");
  ASSERT_TRUE(url.ok());
  EXPECT_EQ(url->scheme, "ssh");
  EXPECT_EQ(url->path, "rancher/fleet.git");
  EXPECT_TRUE(is_ssh_url("git@h:x"));
  EXPECT_FALSE(is_ssh_url("https://h/x"));
  EXPECT_FALSE(parse_git_url("rel/path").ok());
}

}  // namespace
}  // namespace fleet::text
