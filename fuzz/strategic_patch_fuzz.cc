// Strategic merge patches: a byte that picks the type, then three documents, one a line. Every
// operation ends in an answer or an error, and leaves what it was given as it was.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "data/json/parse.h"
#include "kube/merge/strategic.h"

namespace kube = fleet::kube;
using fleet::data::Value;

namespace {

kube::PatchSchemaRef schema_of(uint8_t choice) {
  static const std::array<kube::PatchSchemaRef, 4> schemas = {
      kube::patch_schema({"apps", "v1", "Deployment"}),
      kube::patch_schema({"", "v1", "Service"}),
      kube::patch_schema({"", "v1", "ServiceAccount"}),
      kube::patch_schema({"", "v1", "Node"}),
  };
  return schemas[choice % schemas.size()];
}

std::string_view take_line(std::string_view& text) {
  const size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text = end == text.npos ? std::string_view() : text.substr(end + 1);
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size < 2) return 0;
  std::string_view text(reinterpret_cast<const char*>(bytes + 1), size - 1);
  const auto live = fleet::json::parse(take_line(text));
  const auto patch = fleet::json::parse(take_line(text));
  if (!live.ok() || !patch.ok()) return 0;
  const Value live_before = *live;
  const Value patch_before = *patch;
  const kube::PatchSchemaRef schema = schema_of(bytes[0]);
  const auto patched = kube::apply_strategic(*live, *patch, *schema);
  if (patched.ok()) {
    const auto made = kube::diff_strategic(*live, *patched, *schema);
    if (made.ok()) static_cast<void>(kube::apply_strategic(*live, *made, *schema).ok());
  }
  static_cast<void>(kube::diff_strategic(*live, *patch, *schema).ok());
  const auto third = fleet::json::parse(take_line(text));
  const Value& current = third.ok() ? *third : *live;
  for (const auto overwrite : {kube::Overwrite::Yes, kube::Overwrite::No}) {
    static_cast<void>(kube::three_way_strategic(*live, *patch, current, *schema, overwrite).ok());
  }
  if (!(*live == live_before) || !(*patch == patch_before)) std::abort();
  return 0;
}
