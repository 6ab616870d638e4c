// Patches: a document and a patch, one a line; every kind of patch is tried, nothing crashes.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "data/json/parse.h"
#include "data/patch/json_patch.h"
#include "data/patch/merge_patch.h"
#include "kube/merge/strategic.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const size_t line = text.find('\n');
  if (line == std::string_view::npos) return 0;
  std::string_view document = text.substr(0, line);
  std::string_view patch = text.substr(line + 1);
  (void)fleet::patch::apply_json_patch_text(document, patch).ok();
  (void)fleet::patch::apply_merge_patch_text(document, patch).ok();
  (void)fleet::patch::create_merge_patch_text(document, patch).ok();
  auto object = fleet::json::parse(document);
  auto change = fleet::json::parse(patch);
  if (!object.ok() || !change.ok()) return 0;
  static const auto kSchema = fleet::kube::patch_schema({"apps", "v1", "Deployment"});
  (void)fleet::kube::apply_strategic(*object, *change, *kSchema).ok();
  (void)fleet::kube::diff_strategic(*object, *change, *kSchema).ok();
  (void)fleet::kube::three_way_strategic(*object, *change, *object, *kSchema).ok();
  return 0;
}
