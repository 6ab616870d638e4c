// Server-side apply: a byte that picks the type, then objects, one a line: the live one, and what
// managers apply one after another. Every apply ends in an object, a conflict or an error; the same
// apply again changes nothing.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "data/json/parse.h"
#include "kube/merge/apply.h"

namespace kube = fleet::kube;
using fleet::data::Value;

namespace {

const kube::Type& type_of(uint8_t choice) {
  static const std::array<kube::Type, 4> types = {
      kube::builtin_type({"apps", "v1", "Deployment"}).value(),
      kube::builtin_type({"", "v1", "Service"}).value(),
      kube::deduced_type(),
      kube::structural_type(
          fleet::json::parse(
              R"({"type": "object", "properties": {"spec": {"type": "object", "properties": {
                 "set": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}},
                 "map": {"type": "array", "x-kubernetes-list-type": "map",
                         "x-kubernetes-list-map-keys": ["a", "b"], "items": {"type": "object",
                         "properties": {"a": {"type": "string"}, "b": {"type": "integer", "default": 1},
                                        "c": {"type": "object", "additionalProperties": {"type": "string"}}}}},
                 "atom": {"type": "object", "x-kubernetes-map-type": "atomic",
                          "additionalProperties": {"type": "string"}},
                 "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
                 "port": {"x-kubernetes-int-or-string": true}}}}})")
              .value()),
  };
  return types[choice % types.size()];
}

bool has_null(const Value& value) {
  if (value.is_null()) return true;
  for (const Value& item : value.items()) {
    if (has_null(item)) return true;
  }
  for (const auto& member : value.members()) {
    if (has_null(member.value)) return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size < 2) return 0;
  const kube::Type& type = type_of(bytes[0]);
  const bool forced = (bytes[0] & 8) != 0;
  std::string_view text(reinterpret_cast<const char*>(bytes + 1), size - 1);
  Value live;
  for (int step = 0; step < 5 && !text.empty(); ++step) {
    const size_t end = text.find('\n');
    auto object = fleet::json::parse(text.substr(0, end));
    text = end == text.npos ? std::string_view() : text.substr(end + 1);
    if (!object.ok() || !object->is_object()) continue;
    kube::Writer writer{.manager = std::string(step % 2 == 0 ? "one" : "two"),
                        .api_version = "v1",
                        .subresource = "",
                        .now = fleet::TimePoint(std::chrono::seconds(1'700'000'000 + step)),
                        .reset_fields = {"status"}};
    if (live.is_null()) {
      live = kube::track_update(Value(), *object, writer, type);
      continue;
    }
    object->set({"apiVersion"}, "v1");
    const auto applied =
        kube::apply(live, *object, writer, forced ? kube::Force::Yes : kube::Force::No, type);
    if (!applied.ok() || !applied->conflicts.empty()) {
      live = kube::track_update(live, *object, writer, type);
      continue;
    }
    const auto again = kube::apply(applied->object, *object, writer, kube::Force::No, type);
    // A null owns a field that it empties; the next apply may still tidy up below it.
    if (!has_null(*object) && (!again.ok() || again->changed)) std::abort();
    live = applied->object;
  }
  return 0;
}
