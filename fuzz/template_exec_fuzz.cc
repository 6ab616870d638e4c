// Templates run on a document of every kind: they end, within their limits, with text or an error,
// and running them again gives the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "data/json/parse.h"
#include "gotemplate/exec.h"

namespace {

namespace gotemplate = fleet::gotemplate;

constexpr std::string_view kDocument =
    R"({"Values": {"s": "text", "e": "", "n": 3, "f": 1.5, "t": true,
  "l": [1, "b", null, {"x": "y"}, ["z"]], "m": {"a": {"b": "c"}, "n": null}, "y": "a: [1, x]"}})";

struct Outcome {
  bool ok = false;
  std::string text;
};

Outcome run(gotemplate::Execution& execution, const fleet::data::Value& document) {
  execution.reset();
  Outcome out;
  out.ok = execution.execute("t", gotemplate::wrap(execution.heap(), document), out.text);
  if (!out.ok) out.text = gotemplate::helm_execution_error(execution.failure(), "t");
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  auto set = std::make_shared<gotemplate::TemplateSet>(gotemplate::helm_functions(),
                                                       gotemplate::MissingKey::Zero);
  if (!set->parse("t", text).ok()) return 0;
  gotemplate::PureHost host;
  gotemplate::Execution execution(
      set, host, {.steps = 20'000, .output_bytes = 1 << 20, .heap_bytes = 4 << 20});
  static const fleet::data::Value document = fleet::json::parse(kDocument).value();
  Outcome first = run(execution, document);
  bool random = text.find("rand") != text.npos || text.find("shuffle") != text.npos ||
                text.find("uuid") != text.npos || text.find("AES") != text.npos;
  Outcome second = run(execution, document);
  if (!random && (first.ok != second.ok || first.text != second.text)) std::abort();
  return 0;
}
