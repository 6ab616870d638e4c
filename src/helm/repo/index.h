// index.yaml of a chart repository: which charts and versions there are, and where.
//
// As Helm 4.2.3, pkg/repo/v1. Errors: Invalid for a bad document; NotFound: "no chart name found",
// "no chart version found for NAME-VERSION". Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fleet::helm {

struct ChartVersion {
  std::string name;
  std::string version;
  std::vector<std::string> urls;
  std::string digest;
};

class RepoIndex {
 public:
  static Result<RepoIndex> parse(std::string_view text);

  // The version as written, else the newest that a constraint allows; the newest release for "".
  Result<ChartVersion> find(std::string_view chart, std::string_view version) const;

 private:
  std::map<std::string, std::vector<ChartVersion>, std::less<>> entries_;  // newest first
};

}  // namespace fleet::helm
