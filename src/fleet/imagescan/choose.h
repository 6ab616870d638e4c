// Which of an image's tags to use.
//
// As Fleet 0.16: with `semver` the highest version that the range allows, else with `alphabetical`
// the greatest text for "" and DESC (in any case) and the smallest for every other word, else the
// highest version of all. The tag is kept as it is written.
// Errors: NotFound: "no tag found", "no available version matching ^1"; Invalid for a bad range.
// Pure.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "fleet/api/imagescan.h"

namespace fleet::imagescan {

Result<std::string> choose_tag(const api::ImagePolicyChoice& policy,
                               std::span<const std::string> tags);

}  // namespace fleet::imagescan
