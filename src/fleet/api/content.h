// Content: the files of a bundle, named by their hash, shared by all deployments of it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fleet/api/kinds.h"

namespace fleet::api {

struct ContentStatus {
  int reference_count = 0;

  static constexpr const char* kGoType = "v1alpha1.ContentStatus";
  static data::Fields fields();
  bool operator==(const ContentStatus&) const = default;
};

struct Content {
  static constexpr Kind kKind = {"Content", "contents", false};
  ObjectMeta metadata;
  Bytes content;
  std::string sha256_sum;
  ContentStatus status;

  static constexpr const char* kGoType = "v1alpha1.Content";
  static data::Fields fields();
  bool operator==(const Content&) const = default;
};

}  // namespace fleet::api
