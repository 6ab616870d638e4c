// JSON merge patches: a document, a newline, a second document that is also taken as the patch.
// Applying twice is applying once, and a patch made from two documents leads from one to the other.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "data/json/parse.h"
#include "data/patch/merge_patch.h"

namespace json = fleet::json;
namespace patch = fleet::patch;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const size_t line = text.find('\n');
  if (line == std::string_view::npos) return 0;
  std::string_view first = text.substr(0, line);
  std::string_view second = text.substr(line + 1);
  const auto patched = patch::apply_merge_patch_text(first, second);
  if (patched.ok() && !json::parse(*patched, {.numbers = json::Numbers::AsWritten}).ok())
    std::abort();
  const auto made = patch::create_merge_patch_text(first, second);
  if (made.ok() && !json::parse(*made, {.numbers = json::Numbers::AsWritten}).ok()) std::abort();

  const auto a = json::parse(first, {.numbers = json::Numbers::AsWritten});
  const auto b = json::parse(second, {.numbers = json::Numbers::AsWritten});
  if (!a.ok() || !b.ok()) return 0;
  const auto once = patch::apply_merge_patch(*a, *b);
  if (once.ok() && once->is_object()) {
    const auto twice = patch::apply_merge_patch(*once, *b);
    if (!twice.ok() || !(*twice == *once)) std::abort();
  }
  const auto nothing = patch::create_merge_patch(*a, *a);
  if (nothing.ok() && nothing->is_object() && !nothing->empty()) std::abort();
  static_cast<void>(patch::three_way_merge_patch(*a, *b, *a).ok());
  static_cast<void>(patch::three_way_merge_patch(*a, *a, *b).ok());
  return 0;
}
