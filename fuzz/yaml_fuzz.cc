// YAML: what is read and printed reads back equal, trees print without a crash.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "data/yaml/node.h"
#include "data/yaml/yaml.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  auto value = fleet::yaml::parse(text);
  if (value.ok()) {
    auto again = fleet::yaml::parse(fleet::yaml::print(*value));
    if (!again.ok()) std::abort();
  }
  auto documents = fleet::yaml::parse_nodes(text);
  if (documents.ok()) {
    for (const fleet::yaml::Node& document : *documents)
      (void)fleet::yaml::emit(document, {});
  }
  return 0;
}
