// Quantities: the canonical text is the same amount; sums end.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "kube/meta/quantity.h"

using fleet::kube::Quantity;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  auto quantity = Quantity::parse(text);
  if (!quantity.ok()) return 0;
  quantity->value();
  quantity->milli_value();
  quantity->as_double();
  Quantity difference = *quantity;
  difference.subtract(*quantity);
  if (!difference.is_zero() || quantity->compare(*quantity) != 0) std::abort();
  return 0;
}
