#include "wire/oci/registry.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/strings.h"
#include "sys/environment.h"
#include "sys/files.h"
#include "sys/process.h"
#include "sys/wait_fd.h"
#include "wire/crypto/password.h"
#include "wire/http/server.h"
#include "wire/oci/login.h"

namespace fleet::oci {
namespace {

Context ctx() {
  return Context::background().with_timeout(std::chrono::seconds{60});
}

template <typename T>
std::string why(const Result<T>& result) {
  return result.ok() ? "ok" : cat(to_string(result.error().code()), " ", result.error().message());
}

struct ReferenceCase {
  const char* in;
  const char* want;  // text, or "" when refused
};
const std::string kDigest = "sha256:" + std::string(64, 'a');
constexpr ReferenceCase kReferences[] = {
    {"oci://h:5000/a/b:1.2.3", "h:5000/a/b:1.2.3"},
    {"ghcr.io/a/b", "ghcr.io/a/b"},
    {"localhost/x", "localhost/x"},
    {"nginx", "docker.io/library/nginx"},
    {"group/app:v1", "docker.io/group/app:v1"},
    {"h.io/a__b/c-d.e_f:T_1", "h.io/a__b/c-d.e_f:T_1"},
    {"", ""},
    {"h.io/", ""},
    {"h.io/A", ""},
    {"h.io/a//b", ""},
    {"h.io/a..b", ""},
    {"h.io/../b", ""},
    {"h.io/a:", ""},
    {"h.io/a:-x", ""},
    {"h.io/a@sha256:12", ""},
    {"h.io/a@md5:aa", ""},
    {"h.io/a b", ""},
    {"h.io/a?x", ""},
};

TEST(Reference, IsParsed) {
  for (const ReferenceCase& c : kReferences) {
    SCOPED_TRACE(c.in);
    const auto reference = Reference::parse(c.in);
    EXPECT_EQ(reference.ok() ? reference->text() : "", c.want);
  }
  const Reference both = Reference::parse("h.io/a:1@" + kDigest).value();
  EXPECT_EQ(both.target(), kDigest);
  EXPECT_EQ(Reference::parse("h.io/a")->target(), "latest");
  EXPECT_EQ(tag_of_version("1.0.0+b.1"), "1.0.0_b.1");
  EXPECT_EQ(version_of_tag("1.0.0_b.1"), "1.0.0+b.1");
}

TEST(Challenge, IsParsed) {
  const auto c = parse_challenge(
      R"(Bearer realm="https://a/t?x=1",service="s, \"q\"", scope="repository:a:pull")");
  ASSERT_TRUE(c.has_value());
  EXPECT_EQ(c->scheme, "bearer");
  EXPECT_EQ(c->parameters.at("realm"), "https://a/t?x=1");
  EXPECT_EQ(c->parameters.at("service"), "s, \"q\"");
  EXPECT_EQ(c->parameters.at("scope"), "repository:a:pull");
  EXPECT_FALSE(parse_challenge("").has_value());
}

TEST(Manifest, RoundTrips) {
  Manifest manifest;
  manifest.artifact_type = "application/x";
  manifest.config = empty_config();
  manifest.layers.push_back({"t", digest_of("x"), 1, {{"id", "7"}}});
  const std::string text = print_manifest(manifest);
  EXPECT_TRUE(text.starts_with(
      R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"application/x","config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2})"))
      << text;
  EXPECT_EQ(print_manifest(parse_manifest(text).value()), text);
  EXPECT_EQ(parse_manifest(R"({"manifests":[]})").error().code(), Code::Invalid);
  EXPECT_EQ(parse_manifest("{}").error().code(), Code::Invalid);
}

// Debian's docker-registry on a free port; tests are skipped where it is not installed.
class RegistryTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!sys::path_exists("/usr/bin/docker-registry")) GTEST_SKIP() << "needs docker-registry";
  }

  void start(const std::string& more = "") {
    const std::string config =
        cat("version: 0.1\nlog: {level: info}\nstorage:\n  filesystem: {rootdirectory: ",
            temp_.path(),
            "/data}\n  delete: {enabled: true}\nhttp: {addr: '127.0.0.1:0'}\n",
            more);
    ASSERT_TRUE(sys::write_file(temp_.file("config.yml"), config).ok());
    peer_ =
        sys::Child::start({.args = {"/usr/bin/docker-registry", "serve", temp_.file("config.yml")}},
                          {sys::Stream::Null, sys::Stream::Null, sys::Stream::Pipe})
            .value();
    std::string said;
    const std::string mark = "listening on 127.0.0.1:";
    while (!contains(said, mark) ||
           said.find_first_not_of("0123456789", said.find(mark) + mark.size()) ==
               std::string::npos) {
      ASSERT_TRUE(sys::wait_fd(ctx(), peer_->errors.get(), sys::Ready::Read).ok()) << said;
      char buffer[4096];
      const ssize_t n = ::read(peer_->errors.get(), buffer, sizeof buffer);
      ASSERT_GT(n, 0) << said;
      said.append(buffer, static_cast<size_t>(n));
    }
    const size_t at = said.find(mark) + mark.size();
    port_ = said.substr(at, said.find_first_not_of("0123456789", at) - at);
  }

  Reference at(const std::string& rest) const {
    return Reference::parse(cat("127.0.0.1:", port_, "/", rest)).value();
  }

  sys::TempFolder temp_ = sys::TempFolder::make().value();
  std::optional<sys::Child> peer_;
  std::string port_;
};

TEST_F(RegistryTest, PushesListsPullsAndRemoves) {
  start();
  auto registry = Registry::make({.plain_http = true}).value();
  const Reference tagged = at("group/app:1.0.0");
  const std::string blob(3 << 20, 'b');
  Manifest manifest;
  manifest.config = empty_config();
  manifest.layers.push_back({"application/x", digest_of(blob), blob.size(), {{"id", "7"}}});
  ASSERT_EQ(why(registry->push_blob(ctx(), tagged, "{}")), "ok");
  ASSERT_EQ(why(registry->push_blob(ctx(), tagged, blob)), "ok");
  ASSERT_EQ(why(registry->push_blob(ctx(), tagged, blob)), "ok");  // it has it
  const auto digest = registry->push_manifest(ctx(), tagged, manifest);
  ASSERT_EQ(why(digest), "ok");
  ASSERT_EQ(why(registry->push_manifest(ctx(), at("group/app:1.1.0"), manifest)), "ok");
  auto tags = registry->tags(ctx(), at("group/app")).value();
  std::sort(tags.begin(), tags.end());
  EXPECT_EQ(tags, (std::vector<std::string>{"1.0.0", "1.1.0"}));
  const Pulled pulled = registry->manifest(ctx(), tagged).value();
  EXPECT_EQ(pulled.digest, *digest);
  EXPECT_EQ(print_manifest(pulled.manifest), print_manifest(manifest));
  EXPECT_EQ(why(registry->manifest(ctx(), at("group/app@" + *digest))), "ok");
  EXPECT_TRUE(registry->blob(ctx(), tagged, pulled.manifest.layers[0]).value() == blob);
  EXPECT_EQ(registry->blob(ctx(), tagged, pulled.manifest.layers[0], 10).error().code(),
            Code::RequestEntityTooLarge);
  EXPECT_EQ(registry->manifest(ctx(), at("group/app:2")).error().code(), Code::NotFound);
  EXPECT_EQ(registry->tags(ctx(), at("none")).error().code(), Code::NotFound);
  ASSERT_EQ(why(registry->remove(ctx(), tagged)), "ok");
  EXPECT_EQ(registry->manifest(ctx(), tagged).error().code(), Code::NotFound);
  EXPECT_EQ(registry->remove(ctx(), tagged).error().code(), Code::NotFound);
}

TEST_F(RegistryTest, LogsIn) {
  const std::string line = "me:" + crypto::bcrypt("pw", 5).value() + "\n";
  ASSERT_TRUE(sys::write_file(temp_.file("htpasswd"), line).ok());
  start(cat("auth: {htpasswd: {realm: r, path: ", temp_.file("htpasswd"), "}}\n"));
  auto anonymous = Registry::make({.plain_http = true}).value();
  EXPECT_EQ(anonymous->tags(ctx(), at("a")).error().code(), Code::Unauthorized);
  auto wrong =
      Registry::make({.username = "me", .password = Secret<>("no"), .plain_http = true}).value();
  EXPECT_EQ(wrong->tags(ctx(), at("a")).error().code(), Code::Unauthorized);
  auto known =
      Registry::make({.username = "me", .password = Secret<>("pw"), .plain_http = true}).value();
  EXPECT_EQ(why(known->push_blob(ctx(), at("a"), "x")), "ok");
}

// A peer with a token service, as the large public registries have.
TEST(Registry, AsksTheTokenService) {
  std::string host;
  auto server =
      http::Server::start(
          Context::background(),
          {},
          [&](const Context&, const http::Request& r, http::Responder out) {
            if (r.path == "/token") {
              const bool known = r.headers.value("authorization") == "Basic bWU6cHc=";
              EXPECT_EQ(r.query.value("service"), "svc");
              return out.send({.body = cat(R"({"token":")",
                                           known ? "good-" : "weak-",
                                           r.query.value("scope"),
                                           R"("})")});
            }
            if (r.headers.value("authorization") != "Bearer good-repository:a:pull") {
              return out.send(
                  {401,
                   {{"www-authenticate",
                     cat("Bearer realm=\"http://", host, "/token\",service=\"svc\"")}},
                   R"({"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]})"});
            }
            if (r.query.value("last").empty()) {
              return out.send(
                  {200, {{"link", "</v2/a/tags/list?last=1>; rel=\"next\""}}, R"({"tags":["1"]})"});
            }
            out.send({.body = R"({"tags":["2"]})"});
          })
          .value();
  host = trim_prefix(server->url(), "http://");
  const Reference reference = Reference::parse(host + "/a").value();
  auto known =
      Registry::make({.username = "me", .password = Secret<>("pw"), .plain_http = true}).value();
  EXPECT_EQ(*known->tags(ctx(), reference), (std::vector<std::string>{"1", "2"}));
  auto unknown = Registry::make({.plain_http = true}).value();
  EXPECT_EQ(why(unknown->tags(ctx(), reference)),
            cat("Unauthorized ",
                reference.name(),
                ": registry answers 401 Unauthorized: authentication required"));
}

TEST(Registry, ContentMustHaveItsDigest) {
  auto server = http::Server::start(Context::background(),
                                    {},
                                    [](const Context&, const http::Request&, http::Responder out) {
                                      out.send({.body = "forged"});
                                    })
                    .value();
  auto registry = Registry::make({.plain_http = true}).value();
  const Reference reference =
      Reference::parse(std::string(trim_prefix(server->url(), "http://")) + "/a").value();
  EXPECT_EQ(registry->blob(ctx(), reference, {"t", kDigest, 6, {}}).error().code(), Code::Invalid);
}

}  // namespace
}  // namespace fleet::oci
