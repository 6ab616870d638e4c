#include "fleet/imagescan/image_name.h"

#include <gtest/gtest.h>

#include "base/strings.h"

namespace fleet::imagescan {
namespace {

const std::string kDigest = "sha256:" + std::string(64, 'a');

TEST(ImageName, Read) {
  struct Case {
    const char* rule;
    std::string text;
    std::string want;
  };
  const Case cases[] = {
      {"one word is Docker Hub's", "nginx", "index.docker.io/library/nginx:latest"},
      {"the Hub has another name", "docker.io/nginx:1", "index.docker.io/library/nginx:1"},
      {"two words have no library", "a/b", "index.docker.io/a/b:latest"},
      {"a dot makes a host", "ghcr.io/rancher/fleet:v1", "ghcr.io/rancher/fleet:v1"},
      {"a port makes a host", "reg:5000/app", "reg:5000/app:latest"},
      {"so does localhost", "localhost/app:A_b.c-d", "localhost/app:A_b.c-d"},
      {"but not alone", "localhost", "index.docker.io/library/localhost:latest"},
      {"a digest wins over a tag", "x/y:1@" + kDigest, "index.docker.io/x/y@" + kDigest},
      {"empty words are taken", "nginx//x/", "index.docker.io/nginx//x/:latest"},
      {"and a scheme is a host", "https://ghcr.io/x", "https://ghcr.io/x:latest"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.rule);
    auto name = ImageName::parse(c.text);
    ASSERT_TRUE(name.ok()) << name.error().message();
    EXPECT_EQ(name->full(), c.want);
  }
}

TEST(ImageName, Refused) {
  const std::string cases[] = {"",
                               "a",
                               "reg.io/a",
                               "Nginx",
                               "nginx:",
                               "nginx:a b",
                               "ab:1:2",
                               "ab@",
                               "ab@sha256:12",
                               "ab@@" + kDigest,
                               "ab@" + kDigest + "@" + kDigest,
                               "u@h.io/ab",
                               "h.io:x/ab",
                               "quay.io/x/y:v1+2",
                               "ab:" + std::string(kMaxTagCharacters + 1, 't'),
                               std::string(kMaxRepositoryCharacters + 1, 'a')};
  for (const std::string& text : cases) {
    SCOPED_TRACE(text);
    auto name = ImageName::parse(text);
    ASSERT_FALSE(name.ok());
    EXPECT_EQ(name.error().message(), cat("could not parse reference: ", text));
  }
  EXPECT_TRUE(ImageName::parse("ab:" + std::string(kMaxTagCharacters, 't')).ok());
  EXPECT_TRUE(ImageName::parse(std::string(kMaxRepositoryCharacters, 'a')).ok());
}

}  // namespace
}  // namespace fleet::imagescan
