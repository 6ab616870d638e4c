// Schemas of CRDs: any document compiles or is refused; pruning and defaults settle at once.
// Input: a CRD's schema as JSON, a newline, an object as JSON.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "data/json/parse.h"
#include "kube/crd/json_path.h"
#include "kube/crd/structural.h"

using fleet::data::Value;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  auto ignored = fleet::kube::crd::JsonPath::parse(text.substr(0, 200));
  size_t line = text.find('\n');
  if (line == std::string_view::npos || !ignored.ok()) return 0;
  auto schema = fleet::json::parse(text.substr(0, line));
  auto object = fleet::json::parse(text.substr(line + 1));
  if (!schema.ok() || !object.ok() || !object->is_object()) return 0;
  Value version = Value::object({{"name", "v1"}, {"served", true}, {"storage", true}});
  version.set({"schema", "openAPIV3Schema"}, *schema);
  Value crd;
  crd.set({"spec", "versions"}, Value::array({version}));
  auto compiled = fleet::kube::crd::Definition::compile(crd);
  const auto& rules = compiled.definition.versions[0];
  std::vector<std::string> unknown;
  Value once = *object;
  rules.prune(once, unknown);
  rules.set_defaults(once);
  Value twice = once;
  rules.set_defaults(twice);
  if (!(once == twice)) std::abort();
  rules.validate(once, &*object);
  return 0;
}
