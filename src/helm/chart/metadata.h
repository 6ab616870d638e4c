// Chart.yaml and Chart.lock as Helm reads, checks and stores them.
//
// The tables are in the order of Helm's structs: that order is the wire's in a release record.
// As Helm 4.2.3, pkg/chart/v2.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/fields/fields.h"
#include "data/value/value.h"
#include "text/go_time.h"

namespace fleet::helm {

struct Maintainer {
  std::string name;
  std::string email;
  std::string url;

  static constexpr const char* kGoType = "v2.Maintainer";
  static data::Fields fields();
};

struct Dependency {
  std::string name;
  std::string version;  // a range
  std::string repository;
  std::string condition;  // "a.enabled,b.enabled": the first that is a bool decides
  std::vector<std::string> tags;
  bool enabled = false;
  std::vector<data::Value> import_values;  // strings, or {child, parent}
  std::string alias;

  static constexpr const char* kGoType = "v2.Dependency";
  static data::Fields fields();
};

struct Metadata {
  std::string name;
  std::string home;
  std::vector<std::string> sources;
  std::string version;
  std::string description;
  std::vector<std::string> keywords;
  std::vector<std::optional<Maintainer>> maintainers;
  std::string icon;
  std::string api_version;  // "v1" or "v2"
  std::string condition;
  std::string tags;
  std::string app_version;
  bool deprecated = false;
  std::map<std::string, std::string> annotations;
  std::string kube_version;  // a range
  std::vector<std::optional<Dependency>> dependencies;
  std::string type;  // "", "application" or "library"

  bool is_library() const;

  static constexpr const char* kGoType = "v2.Metadata";
  static data::Fields fields();
};

// Chart.lock, kept for the release record.
struct Lock {
  // A time as Go reads and prints it; the year 1 when absent.
  struct Generated {
    text::GoTime time{.unix_seconds = -62'135'596'800};
    static const data::TypeInfo& data_type();
  };
  Generated generated;
  std::string digest;
  std::vector<std::optional<Dependency>> dependencies;

  static constexpr const char* kGoType = "v2.Lock";
  static data::Fields fields();
};

// Reads YAML over `into`, as sigs.k8s.io/yaml's Unmarshal does: what the text does not name stays.
// Errors: Invalid: "error converting YAML to JSON: …", "error unmarshaling JSON: while decoding
// JSON: json: cannot unmarshal …".
Result<> read_yaml(std::string_view text, Metadata& into);
Result<> read_yaml(std::string_view text, Lock& into);

// Cleans the strings (white space to blanks, unprintable characters dropped) and checks the rules.
// Errors: Invalid: "validation: chart.metadata.name is required", …
Result<> validate(Metadata& metadata);

// A release name: "no name provided", "invalid release name, must match regex …".
Result<> validate_release_name(std::string_view name);

}  // namespace fleet::helm
