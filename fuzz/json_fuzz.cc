// JSON: what is read and printed reads back equal, and nothing crashes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "data/json/parse.h"
#include "data/json/print.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  auto value = fleet::json::parse(text);
  if (!value.ok()) {
    fleet::json::error_position(text);
    return 0;
  }
  auto again = fleet::json::parse(fleet::json::print(*value, fleet::json::Keys::AsWritten));
  if (!again.ok() || !(*again == *value)) std::abort();
  return 0;
}
