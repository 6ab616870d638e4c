#include "helm/release/release.h"

#include <gtest/gtest.h>

namespace fleet::helm {
namespace {

constexpr std::string_view kJson =
    R"({"name":"rel","info":{"first_deployed":"2024-02-03T04:05:06.789Z","status":"deployed"},)"
    R"("chart":{"metadata":{"name":"c","version":"1.0.0","apiVersion":"v2"},"lock":null,)"
    R"("templates":[{"name":"templates/e","data":null}],"values":{"a":1},"schema":null,)"
    R"("schemamodtime":"0001-01-01T00:00:00Z","files":null},"config":{"x":{"y":1.5}},)"
    R"("manifest":"---\nk: 1\n","hooks":[{"name":"h","events":["pre-install"],)"
    R"("last_run":{"phase":""},"weight":-5}],"version":1,"namespace":"ns","apply_method":"ssa"})";

TEST(Release, JsonIsReadAndWrittenUnchanged) {
  Release release = decode_release(kJson).value();
  EXPECT_EQ(release.status(), "deployed");
  EXPECT_TRUE(release.hooks[0].has_event("pre-install"));
  EXPECT_EQ(encode_release(release), kJson);
}

TEST(Release, PacksAndUnpacks) {
  Release release = decode_release(kJson).value();
  EXPECT_EQ(encode_release(unpack_release(pack_release(release)).value()), kJson);
  EXPECT_FALSE(unpack_release("***").ok());
}

TEST(Release, AnEmptyConfigIsLeftOut) {
  Release release;
  release.name = "r";
  release.config = data::Value::object();
  EXPECT_EQ(encode_release(release), R"({"name":"r"})");
}

TEST(Release, SecretNames) {
  EXPECT_EQ(secret_name("web", 3), "sh.helm.release.v1.web.v3");
}

}  // namespace
}  // namespace fleet::helm
