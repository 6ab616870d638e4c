#include "base/strings.h"
#include "data/json/parse.h"
#include "data/yaml/yaml.h"
#include "kube/apiserver/core.h"
#include "kube/apiserver/protobuf.h"

namespace fleet::kube::apiserver {

namespace {

Status unsupported_body() {
  return Status::unsupported_media_type(
      "the body of the request was in an unknown format - accepted media types include: "
      "application/json, application/yaml");
}

Status unreadable_body(const Error& error) {
  return Status::bad_request(cat("the object provided is unrecognized: ", error.message()));
}

}  // namespace

std::string_view Request::text() const {
  const std::string* bytes = std::get_if<std::string>(&body);
  return bytes == nullptr ? std::string_view() : std::string_view(*bytes);
}

Reply<data::Value> read_body(const Request& request) {
  if (const auto* document = std::get_if<data::Value>(&request.body)) return *document;
  const std::string_view text = request.text();
  const std::string_view type = media_type(request.headers.value("content-type"));
  if (type == "application/vnd.kubernetes.protobuf") {
    auto parsed = parse_protobuf(text);
    if (parsed.ok()) return std::move(parsed).value();
    const bool unknown = parsed.error().code() == Code::UnsupportedMediaType;
    return unknown ? unsupported_body() : unreadable_body(parsed.error());
  }
  const bool is_yaml = type == "application/yaml" || type == "application/apply-patch+yaml" ||
                       type == "text/yaml" || type == "application/x-yaml";
  const bool is_json = type.empty() || type == "application/json" || type == "*/*" ||
                       (type.starts_with("application/") && type.ends_with("+json"));
  if (!is_yaml && !is_json) return unsupported_body();
  auto parsed = is_yaml ? yaml::parse(text) : json::parse(text);
  if (!parsed.ok()) return unreadable_body(parsed.error());
  return std::move(parsed).value();
}

}  // namespace fleet::kube::apiserver
