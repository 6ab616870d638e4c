#include "kube/apiserver/negotiate.h"

#include <optional>

#include "base/strings.h"
#include "kube/apiserver/request_info.h"

namespace fleet::kube::apiserver {

namespace {

// The form that one member of an Accept list asks for, if we make it.
std::optional<Format> form_of(std::string_view accepted) {
  Format format;
  const std::string_view type = media_type(accepted);
  if (type == "application/yaml" || type == "application/x-yaml" || type == "text/yaml") {
    format.syntax = Format::Syntax::Yaml;
  } else if (type != "application/json" && type != "*/*" && type != "application/*") {
    return std::nullopt;
  }
  const std::string_view as = media_parameter(accepted, "as");
  if (as.empty()) return format;
  if (media_parameter(accepted, "g") != "meta.k8s.io") return std::nullopt;
  format.meta_version = std::string(media_parameter(accepted, "v"));
  if (format.meta_version != "v1" && format.meta_version != "v1beta1") return std::nullopt;
  if (as == "Table") {
    format.shape = Format::Shape::Table;
  } else if (as == "PartialObjectMetadata" || as == "PartialObjectMetadataList") {
    format.shape = Format::Shape::Partial;
  } else {
    return std::nullopt;
  }
  return format;
}

// Browsers and curl get indented JSON, as from kube-apiserver.
bool wants_pretty(const http::Headers& headers, const http::Query& query) {
  if (query.has("pretty")) return query_flag(query, "pretty");
  const std::string_view agent = headers.value("user-agent");
  return agent.starts_with("curl") || agent.starts_with("Wget") || agent.starts_with("Mozilla/5.0");
}

}  // namespace

std::string_view media_type(std::string_view text) {
  return trim(text.substr(0, text.find(';')));
}

std::string_view media_parameter(std::string_view text, std::string_view name) {
  for (const std::string_view part : split(text, ';')) {
    const auto pair = cut(part, "=");
    if (pair && trim(pair->before) == name) return trim(trim(pair->after), "\"");
  }
  return {};
}

Reply<Format> negotiate(const http::Headers& headers, const http::Query& query) {
  std::string_view accept = headers.value("accept");
  if (trim(accept).empty()) accept = "*/*";
  for (const std::string_view accepted : split(accept, ',')) {
    auto format = form_of(accepted);
    if (!format) continue;
    format->pretty = wants_pretty(headers, query);
    return *format;
  }
  Status status;
  status.reason = Code::NotAcceptable;
  status.http = 406;
  status.message =
      "only the following media types are accepted: application/json, application/yaml";
  return status;
}

}  // namespace fleet::kube::apiserver
