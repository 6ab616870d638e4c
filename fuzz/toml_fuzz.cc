// TOML: nothing crashes, and what is printed reads back.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "data/toml/toml.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  auto parsed = fleet::toml::parse(text);
  if (!parsed.ok()) return 0;
  auto printed = fleet::toml::print(parsed->value);
  if (!printed.ok()) return 0;
  if (!fleet::toml::parse(*printed).ok()) std::abort();
  return 0;
}
