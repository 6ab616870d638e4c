#include "fleet/imagescan/choose.h"

#include <gtest/gtest.h>

namespace fleet::imagescan {
namespace {

TEST(ChooseTag, Rules) {
  std::vector<std::string> tags = {"1.0.0", "1.10.0", "2.0.0-rc.1", "latest"};
  api::ImagePolicyChoice policy;
  EXPECT_EQ(choose_tag(policy, tags).value(), "1.10.0");
  policy.alphabetical.emplace();
  EXPECT_EQ(choose_tag(policy, tags).value(), "latest");
  policy.alphabetical->order = "ASC";
  EXPECT_EQ(choose_tag(policy, tags).value(), "1.0.0");
  policy.semver.emplace().range = "^3";
  auto none = choose_tag(policy, tags);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().message(), "no available version matching ^3");
  EXPECT_EQ(choose_tag(policy, {}).error().message(), "no tag found");
}

}  // namespace
}  // namespace fleet::imagescan
