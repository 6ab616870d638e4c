// Versions and constraints: reading ends, what was read prints as something that reads the same.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "text/semver.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  namespace text = fleet::text;
  std::string_view input(reinterpret_cast<const char*>(bytes), size);
  auto version = text::Version::parse(input.substr(0, input.find('\n')));
  if (version.ok()) {
    auto again = text::Version::parse(version->text());
    bool fits = version->text().size() <= text::kMaxVersionBytes;
    if (fits && (!again.ok() || !(*again == *version))) __builtin_trap();
    static_cast<void>(text::Version::parse_strict(version->original()).ok());
  }
  size_t line = input.find('\n');
  auto constraint =
      text::Constraints::parse(line == std::string_view::npos ? input : input.substr(line + 1));
  if (!constraint.ok()) return 0;
  if (constraint->text().empty()) __builtin_trap();
  if (version.ok() && constraint->check(*version) != constraint->validate(*version).empty()) {
    __builtin_trap();
  }
  return 0;
}
