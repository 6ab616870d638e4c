// Template texts: parsing never crashes, and what parses can be printed and run within its limits.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "gotemplate/parse.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  namespace gotemplate = fleet::gotemplate;
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  gotemplate::TemplateSet set(gotemplate::helm_functions());
  auto parsed = set.parse("t", text);
  if (parsed.ok() != (set.find("t") != nullptr)) __builtin_trap();
  gotemplate::TemplateSet other(
      gotemplate::helm_functions(), gotemplate::MissingKey::Error, {.left = "${", .right = "}"});
  static_cast<void>(other.parse("t", text).ok());
  return 0;
}
