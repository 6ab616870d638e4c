// Quantities, addresses, networks, URLs and versions in expressions. For this room.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kube/cel/value.h"

namespace fleet::kube::cel {

// Quantities and semantic versions: -1, 0, 1.
int compare_special(const Val& a, const Val& b);

struct Address {
  std::array<uint8_t, 16> bytes{};
  bool is_v4 = false;

  size_t bits() const { return is_v4 ? 32 : 128; }
  size_t first() const { return is_v4 ? 12 : 0; }  // where its bytes begin
  std::string str() const;                         // canonical
};
std::optional<Address> parse_address(std::string_view text);

struct Network {
  Address address;
  size_t prefix = 0;

  bool contains(const Address& address) const;
  Network masked() const;
  std::string str() const;
};
std::optional<Network> parse_network(std::string_view text);

}  // namespace fleet::kube::cel
