// Key: namespace and name of one object of a known kind. A cluster-scoped one has no namespace.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fleet::kube {

struct Key {
  std::string ns;
  std::string name;

  // "ns/name", or "name" without a namespace.
  std::string str() const;
  // The inverse. Invalid when there is more than one "/".
  static Result<Key> parse(std::string_view text);

  friend auto operator<=>(const Key&, const Key&) = default;
  friend bool operator==(const Key&, const Key&) = default;
};

}  // namespace fleet::kube

template <>
struct std::hash<fleet::kube::Key> {
  size_t operator()(const fleet::kube::Key& key) const noexcept {
    return std::hash<std::string>{}(key.ns) * 31 + std::hash<std::string>{}(key.name);
  }
};
