// Names of generated objects end in a hash of what they hold.
#include <utility>

#include "base/strings.h"
#include "codec/digest.h"
#include "data/json/print.h"
#include "kustomize/transform.h"

namespace fleet::kustomize {
namespace {

constexpr size_t kHashCharacters = 10;

// What is hashed: always the same members, with blanks for what is not there.
Result<data::Value> hashed(const Resource& resource) {
  auto object = TRY(yaml::to_value(resource.node));
  data::Value out = data::Value::object();
  auto copy_map = [&](std::string_view field) {
    if (object[field].is_object()) out.set(field, object[field]);
  };
  const std::string_view kind = resource.kind();
  if (kind != "ConfigMap" && kind != "Secret") return object;
  out.set("kind", kind);
  out.set("name", "");
  const data::Value* content = object.find("data");
  out.set("data", content == nullptr ? data::Value("") : *content);
  if (kind == "ConfigMap") {
    copy_map("binaryData");
  } else {
    copy_map("stringData");
    out.set("type", object["type"].is_string() ? object["type"] : data::Value(""));
  }
  return out;
}

std::string hash_of(const data::Value& value) {
  std::string hex =
      codec::sha256_hex(json::print(value, json::Keys::Sorted)).substr(0, kHashCharacters);
  for (char& c : hex) {
    switch (c) {
      case '0':
        c = 'g';
        break;
      case '1':
        c = 'h';
        break;
      case '3':
        c = 'k';
        break;
      case 'a':
        c = 'm';
        break;
      case 'e':
        c = 't';
        break;
      default:
        break;
    }
  }
  return hex;
}

}  // namespace

Result<> add_hashes(ResMap& resources) {
  for (Resource& resource : resources.all()) {
    if (resource.is_empty()) continue;
    const bool asked =
        resource.annotation("internal.config.kubernetes.io/needsHashSuffix") == "enabled";
    if (!resource.needs_hash && !asked) continue;
    const std::string hash = hash_of(TRY(hashed(resource)));
    resource.record();
    resource.set_name(cat(resource.name(), "-", hash));
  }
  resources.forget_index();
  return {};
}

}  // namespace fleet::kustomize
