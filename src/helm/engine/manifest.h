// From rendered files to manifests and hooks: splitting, reading heads, sorting by kind.
//
// As Helm 4.2.3, pkg/release/v1/util. Errors: Invalid, "YAML parse error on FILE: …".
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fleet::helm {

struct Manifest {
  std::string path;  // "c/templates/a.yaml"
  std::string content;
  std::string api_version;
  std::string kind;
  std::string name;
};

struct Hook {
  std::string name;
  std::string kind;
  std::string path;
  std::string manifest;
  std::vector<std::string> events;  // "pre-install", "test", …
  int weight = 0;
  std::vector<std::string> delete_policies;
  std::vector<std::string> output_log_policies;
};

enum class KindOrder { Install, Uninstall };

struct SortedManifests {
  std::vector<Hook> hooks;
  std::vector<Manifest> manifests;
};

// Documents of one text, cut at "---" wherever a line begins with it; none is blank.
std::vector<std::string_view> split_manifests(std::string_view text);

using RenderedFiles = std::map<std::string, std::string, std::less<>>;  // path → text

// Files whose name begins with "_" and blank ones are left out; documents with an unknown hook are
// dropped. Both lists are in the order of kinds, unknown kinds last by name, else as found.
Result<SortedManifests> sort_manifests(const RenderedFiles& files, KindOrder order);

// True if `a` comes before `b` in that order.
bool kind_less(std::string_view a, std::string_view b, KindOrder order);

}  // namespace fleet::helm
