// Names of generated objects end in a hash of what they hold.
#include <utility>

#include "base/strings.h"
#include "codec/digest.h"
#include "data/json/print.h"
#include "kustomize/transform.h"

namespace fleet::kustomize {
namespace {

constexpr size_t kHashCharacters = 10;

// A map as data, its keys as they are written.
Result<data::Value> written_map(const yaml::Node& map) {
  if (!map.is_mapping()) return yaml::to_value(map);
  data::Value out = data::Value::object();
  for (size_t i = 0; i < map.pairs(); i++)
    out.set(map.key(i).text(), TRY(yaml::to_value(map.value(i))));
  return out;
}

// What is hashed: always the same members, with blanks for what is not there.
Result<data::Value> hashed(const Resource& resource) {
  const std::string_view kind = resource.kind();
  if (kind != "ConfigMap" && kind != "Secret") return yaml::to_value(resource.node);
  data::Value out = data::Value::object();
  auto copy_map = [&](std::string_view field) -> Result<> {
    const yaml::Node* map = resource.node.find(field);
    if (map != nullptr && map->is_mapping()) out.set(field, TRY(written_map(*map)));
    return {};
  };
  out.set("kind", kind);
  out.set("name", "");
  const yaml::Node* content = resource.node.find("data");
  out.set("data", content == nullptr ? data::Value("") : TRY(written_map(*content)));
  if (kind == "ConfigMap") {
    TRY(copy_map("binaryData"));
  } else {
    TRY(copy_map("stringData"));
    const yaml::Node* type = resource.node.find("type");
    const bool is_text = type != nullptr && type->is_string();
    out.set("type", is_text ? type->text_value() : data::Value(""));
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
