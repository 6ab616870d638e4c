#include "wire/git/pkt_line.h"

#include <charconv>

#include "base/strings.h"

namespace fleet::git {

std::string packet(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const size_t size = text.size() + 4;
  std::string out;
  for (const int shift : {12, 8, 4, 0})
    out += kDigits[size >> shift & 15];
  return out.append(text);
}

Result<std::vector<Packet>> read_packets(std::string_view bytes) {
  std::vector<Packet> packets;
  while (!bytes.empty()) {
    size_t size = 0;
    const std::string_view digits = bytes.substr(0, 4);
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
    if (digits.size() < 4 || end.ptr != digits.data() + 4 || size == 3 || size > bytes.size()) {
      return Error{Code::Invalid, "not an answer of git"};
    }
    if (size < 4) {
      constexpr Packet::Kind kKinds[] = {
          Packet::Kind::Flush, Packet::Kind::Delimiter, Packet::Kind::ResponseEnd};
      packets.push_back({kKinds[size], {}});
      bytes.remove_prefix(4);
      continue;
    }
    packets.push_back({Packet::Kind::Data, trim_suffix(bytes.substr(4, size - 4), "\n")});
    bytes.remove_prefix(size);
  }
  return packets;
}

}  // namespace fleet::git
