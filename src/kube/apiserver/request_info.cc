#include "kube/apiserver/request_info.h"

#include "base/strings.h"

namespace fleet::kube::apiserver {

namespace {

std::string verb_of(std::string_view method) {
  if (method == "POST") return "create";
  if (method == "GET" || method == "HEAD") return "get";
  if (method == "PUT") return "update";
  if (method == "PATCH") return "patch";
  if (method == "DELETE") return "delete";
  return "";
}

// A list may ask for one object by name; then authorization counts it as that name's.
std::string name_from_field_selector(const http::Query& query) {
  for (const std::string_view term : split(query.value("fieldSelector"), ',')) {
    if (!term.starts_with("metadata.name=")) continue;
    return std::string(trim_prefix(trim_prefix(term, "metadata.name="), "="));
  }
  return "";
}

}  // namespace

bool query_flag(const http::Query& query, std::string_view name) {
  const std::string* value = query.find(name);
  return value != nullptr && !value->empty() && *value != "0" && !equal_fold(*value, "false");
}

RequestInfo request_info(std::string_view method, std::string_view path, const http::Query& query) {
  RequestInfo info;
  info.path = std::string(path);
  info.verb = to_lower(method);
  std::vector<std::string_view> parts = split(trim(path, "/"), '/');
  size_t at = 0;
  auto rest = [&] { return parts.size() - at; };
  if (parts[0] == "apis") {
    if (parts.size() < 4) return info;
    info.group = std::string(parts[1]);
    info.version = std::string(parts[2]);
    at = 3;
  } else if (parts[0] == "api") {
    if (parts.size() < 3) return info;
    info.version = std::string(parts[1]);
    at = 2;
  } else {
    return info;
  }
  info.is_resource = true;
  info.verb = verb_of(method);
  if (parts[at] == "watch" && rest() > 1) {  // the old form of a watch
    info.verb = "watch";
    ++at;
  }
  if (parts[at] == "namespaces" && rest() > 1) {
    info.ns = std::string(parts[at + 1]);
    // /namespaces/x/status and /namespaces/x/finalize are the namespace's own.
    const bool own_subresource =
        rest() == 3 && (parts[at + 2] == "status" || parts[at + 2] == "finalize");
    if (rest() > 2 && !own_subresource) at += 2;
  }
  info.resource = std::string(parts[at]);
  if (rest() > 1) info.name = std::string(parts[at + 1]);
  if (rest() > 2) {
    info.subresource = std::string(parts[at + 2]);
    for (size_t i = at + 3; i < parts.size(); ++i)
      info.subresource += cat('/', parts[i]);
  }
  if (info.name.empty()) {
    if (info.verb == "get") info.verb = query_flag(query, "watch") ? "watch" : "list";
    if (info.verb == "delete") info.verb = "deletecollection";
    if (info.verb == "list" || info.verb == "watch" || info.verb == "deletecollection") {
      info.name = name_from_field_selector(query);
    }
  } else if (info.verb == "get" && query_flag(query, "watch")) {
    info.verb = "watch";
  }
  return info;
}

}  // namespace fleet::kube::apiserver
