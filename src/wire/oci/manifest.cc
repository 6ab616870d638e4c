#include "base/strings.h"
#include "codec/digest.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "wire/oci/registry.h"

namespace fleet::oci {
namespace {

data::Value value_of(const Annotations& annotations) {
  data::Value out = data::Value::object();
  for (const auto& [name, value] : annotations)
    out.set(name, value);
  return out;
}

Annotations annotations_of(const data::Value& value) {
  Annotations out;
  for (const data::Member& member : value.members()) {
    out.emplace(member.key.view(), member.value.to_string());
  }
  return out;
}

data::Value value_of(const Descriptor& descriptor) {
  data::Value out = data::Value::object({{"mediaType", descriptor.media_type},
                                         {"digest", descriptor.digest},
                                         {"size", descriptor.size}});
  if (!descriptor.annotations.empty()) out.set("annotations", value_of(descriptor.annotations));
  return out;
}

Descriptor descriptor_of(const data::Value& value) {
  Descriptor out;
  out.media_type = value["mediaType"].to_string();
  out.digest = value["digest"].to_string();
  out.size = static_cast<size_t>(value["size"].as_uint());
  out.annotations = annotations_of(value["annotations"]);
  return out;
}

}  // namespace

std::string digest_of(std::string_view bytes) {
  return "sha256:" + codec::sha256_hex(bytes);
}

Descriptor empty_config() {
  Descriptor config;
  config.media_type = std::string(kEmptyType);
  config.digest = digest_of("{}");
  config.size = 2;
  return config;
}

Result<Manifest> parse_manifest(std::string_view text) {
  const data::Value document = TRY(json::parse(text).within("manifest"));
  if (document["manifests"].is_array()) {
    return Error{Code::Invalid, "manifest: an index of several manifests is not supported"};
  }
  if (!document["config"].is_object() || !document["layers"].is_array()) {
    return Error{Code::Invalid, "manifest: no config or no layers"};
  }
  Manifest out;
  out.media_type = document["mediaType"].to_string();
  out.artifact_type = document["artifactType"].to_string();
  out.config = descriptor_of(document["config"]);
  for (const data::Value& layer : document["layers"].items()) {
    out.layers.push_back(descriptor_of(layer));
  }
  out.annotations = annotations_of(document["annotations"]);
  return out;
}

std::string print_manifest(const Manifest& manifest) {
  data::Value document =
      data::Value::object({{"schemaVersion", 2}, {"mediaType", manifest.media_type}});
  if (!manifest.artifact_type.empty()) document.set("artifactType", manifest.artifact_type);
  document.set("config", value_of(manifest.config));
  data::Value layers = data::Value::array();
  for (const Descriptor& layer : manifest.layers)
    layers.push_back(value_of(layer));
  document.set("layers", std::move(layers));
  if (!manifest.annotations.empty()) document.set("annotations", value_of(manifest.annotations));
  return json::print(document, json::Keys::AsWritten);
}

}  // namespace fleet::oci
