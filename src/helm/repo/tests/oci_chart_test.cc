#include "helm/repo/oci_chart.h"

#include <gtest/gtest.h>

#include "base/strings.h"
#include "wire/http/server.h"
#include "wire/oci/registry.h"

namespace fleet::helm {
namespace {

// A registry with one repository "charts/app".
class Peer {
 public:
  Peer() {
    manifest_.config = {"application/vnd.cncf.helm.config.v1+json", oci::digest_of("{}"), 2, {}};
    manifest_.layers.push_back(
        {"application/vnd.cncf.helm.chart.provenance.v1.prov", oci::digest_of("prov"), 4, {}});
    manifest_.layers.push_back(
        {"application/vnd.cncf.helm.chart.content.v1.tar+gzip", oci::digest_of("chart"), 5, {}});
    auto handler = [this](const Context&, const http::Request& r, http::Responder out) {
      answer(r, out);
    };
    server_ = http::Server::start(Context::background(), {}, handler).value();
  }

  std::string source(std::string_view rest = "") const {
    return cat("oci://", trim_prefix(server_->url(), "http://"), "/charts/app", rest);
  }

 private:
  void answer(const http::Request& r, http::Responder& out) const {
    const std::string_view rest = trim_prefix(r.path, "/v2/charts/app/");
    if (rest == "tags/list") {
      out.send({.body = R"({"tags":["latest","1.0.0","1.2.0","2.0.0-rc.1","1.10.0_b1","v9"]})"});
    } else if (rest == "manifests/1.10.0_b1" || rest == "manifests/1.2.0") {
      out.send({.body = oci::print_manifest(manifest_)});
    } else if (rest == "manifests/latest") {
      oci::Manifest image = manifest_;
      image.layers.clear();
      out.send({.body = oci::print_manifest(image)});
    } else if (rest == "blobs/" + oci::digest_of("chart")) {
      out.send({.body = "chart"});
    } else {
      out.send({404});
    }
  }

  oci::Manifest manifest_;
  std::unique_ptr<http::Server> server_;
};

Context ctx() {
  return Context::background().with_timeout(std::chrono::seconds{30});
}

RepoAuth plain() {
  RepoAuth auth;
  auth.plain_http = true;
  return auth;
}

template <typename T>
std::string why(const Result<T>& result) {
  return result.ok() ? "ok" : result.error().message();
}

TEST(OciChart, TheHighestTagThatSatisfiesIsChosen) {
  const Peer peer;
  struct Case {
    const char* constraint;
    const char* want;
  };
  constexpr Case kCases[] = {{"1.0.0", "1.0.0"},
                             {"^1", "1.10.0+b1"},
                             {"*", "1.10.0+b1"},
                             {"~1.2", "1.2.0"},
                             {">=2.0.0-0", "2.0.0-rc.1"}};
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.constraint);
    const auto version = oci_version(ctx(), peer.source(), c.constraint, plain());
    ASSERT_EQ(why(version), "ok");
    EXPECT_EQ(*version, c.want);
  }
  EXPECT_EQ(why(oci_version(ctx(), peer.source(), "^5", plain())),
            cat("could not find tag matching constraint \"^5\" in registry ",
                trim_prefix(peer.source(), "oci://"),
                ": %!w(<nil>)"));
  EXPECT_EQ(oci_version(ctx(), peer.source(), "x.y", plain()).error().code(), Code::Invalid);
}

TEST(OciChart, ItsArchiveIsPulled) {
  const Peer peer;
  const OciChart newest = pull_oci_chart(ctx(), peer.source(), "", plain()).value();
  EXPECT_EQ(newest.file_name, "app-1.10.0+b1.tgz");
  EXPECT_EQ(newest.archive, "chart");
  EXPECT_EQ(pull_oci_chart(ctx(), peer.source(), "1.2.0", plain())->file_name, "app-1.2.0.tgz");
  EXPECT_EQ(pull_oci_chart(ctx(), peer.source(":1.2.0"), "^9", plain())->file_name,
            "app-1.2.0.tgz");
  EXPECT_EQ(pull_oci_chart(ctx(), peer.source(), "3.0.0", plain()).error().code(), Code::NotFound);
  EXPECT_TRUE(contains(why(pull_oci_chart(ctx(), peer.source(":latest"), "", plain())),
                       "manifest does not contain a chart"));
}

}  // namespace
}  // namespace fleet::helm
