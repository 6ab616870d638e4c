#include "kube/apiserver/discovery.h"

#include "base/strings.h"
#include "kube/apiserver/negotiate.h"
#include "kube/apiserver/respond.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

Value strings(const std::vector<std::string>& texts) {
  Value list = Value::array();
  for (const std::string& text : texts)
    list.push_back(text);
  return list;
}

Value addresses(std::string_view server_address) {
  return Value::array(
      {Value::object({{"clientCIDR", "0.0.0.0/0"}, {"serverAddress", server_address}})});
}

// One resource and its subresources in the older form.
void add_resource(Value& list, const Served& served) {
  const Resource& resource = served.resource;
  Value entry = Value::object({{"name", resource.gvr.resource},
                               {"singularName", served.singular},
                               {"namespaced", resource.namespaced},
                               {"kind", resource.kind},
                               {"verbs", strings(served.verbs)}});
  if (!served.short_names.empty()) entry.set("shortNames", strings(served.short_names));
  if (!served.categories.empty()) entry.set("categories", strings(served.categories));
  list.push_back(std::move(entry));
  for (const Subresource& part : served.subresources()) {
    Value sub = Value::object({{"name", cat(resource.gvr.resource, "/", part.name)},
                               {"singularName", ""},
                               {"namespaced", resource.namespaced}});
    if (part.kind.group != resource.gvr.group || part.kind.version != resource.gvr.version) {
      sub.set("group", part.kind.group);
      sub.set("version", part.kind.version);
    }
    sub.set("kind", part.kind.kind);
    sub.set("verbs", strings(part.verbs));
    list.push_back(std::move(sub));
  }
}

Value resource_list(const Catalog& catalog, std::string_view group, std::string_view version) {
  Value resources = Value::array();
  for (const ServedPtr& served : catalog.resources(group, version)) {
    add_resource(resources, *served);
  }
  Value list = Value::object({{"kind", "APIResourceList"}});
  if (!group.empty()) list.set("apiVersion", "v1");
  list.set("groupVersion", group.empty() ? std::string(version) : cat(group, "/", version));
  list.set("resources", std::move(resources));
  return list;
}

Value group_document(const ServedGroup& group) {
  Value versions = Value::array();
  for (const std::string& version : group.versions) {
    versions.push_back(
        Value::object({{"groupVersion", cat(group.name, "/", version)}, {"version", version}}));
  }
  return Value::object(
      {{"name", group.name}, {"versions", versions}, {"preferredVersion", versions[0]}});
}

Value gvk_document(const GroupVersionKind& gvk) {
  return Value::object({{"group", gvk.group}, {"version", gvk.version}, {"kind", gvk.kind}});
}

Value aggregated_resource(const Served& served) {
  const Resource& resource = served.resource;
  Value entry = Value::object({{"resource", resource.gvr.resource},
                               {"responseKind", gvk_document(resource.gvk())},
                               {"scope", resource.namespaced ? "Namespaced" : "Cluster"},
                               {"singularResource", served.singular},
                               {"verbs", strings(served.verbs)}});
  if (!served.short_names.empty()) entry.set("shortNames", strings(served.short_names));
  if (!served.categories.empty()) entry.set("categories", strings(served.categories));
  Value parts = Value::array();
  for (const Subresource& part : served.subresources()) {
    parts.push_back(Value::object({{"subresource", part.name},
                                   {"responseKind", gvk_document(part.kind)},
                                   {"verbs", strings(part.verbs)}}));
  }
  if (!parts.empty()) entry.set("subresources", std::move(parts));
  return entry;
}

Value aggregated(const Catalog& catalog, bool core, std::string_view version) {
  Value items = Value::array();
  for (const ServedGroup& group : catalog.groups()) {
    if (group.name.empty() != core) continue;
    Value versions = Value::array();
    for (const std::string& served_version : group.versions) {
      Value resources = Value::array();
      for (const ServedPtr& served : catalog.resources(group.name, served_version)) {
        resources.push_back(aggregated_resource(*served));
      }
      versions.push_back(Value::object({{"version", served_version},
                                        {"resources", std::move(resources)},
                                        {"freshness", "Current"}}));
    }
    Value metadata = Value::object({{"creationTimestamp", Value()}});
    if (!core) metadata.set("name", group.name);
    items.push_back(
        Value::object({{"metadata", std::move(metadata)}, {"versions", std::move(versions)}}));
  }
  return Value::object({{"kind", "APIGroupDiscoveryList"},
                        {"apiVersion", cat("apidiscovery.k8s.io/", version)},
                        {"metadata", Value::object()},
                        {"items", std::move(items)}});
}

// The version of the aggregated form that is asked for, if it comes before plain JSON.
std::string_view aggregated_version(const http::Headers& headers) {
  for (const std::string_view accepted : split(headers.value("accept"), ',')) {
    if (media_type(accepted) != "application/json") continue;
    if (media_parameter(accepted, "as") != "APIGroupDiscoveryList") return {};
    const std::string_view version = media_parameter(accepted, "v");
    if (version == "v2" || version == "v2beta1") return version;
  }
  return {};
}

std::optional<Response> aggregated_answer(const Catalog& catalog,
                                          bool core,
                                          const http::Headers& headers) {
  const std::string_view version = aggregated_version(headers);
  if (version.empty()) return std::nullopt;
  Response response = respond_document(aggregated(catalog, core, version), {});
  response.content_type =
      cat("application/json;g=apidiscovery.k8s.io;v=", version, ";as=APIGroupDiscoveryList");
  response.headers.set("vary", "Accept");
  return response;
}

Value group_list(const Catalog& catalog) {
  Value groups = Value::array();
  for (const ServedGroup& group : catalog.groups()) {
    if (!group.name.empty()) groups.push_back(group_document(group));
  }
  return Value::object(
      {{"kind", "APIGroupList"}, {"apiVersion", "v1"}, {"groups", std::move(groups)}});
}

std::optional<Response> one_group(const Catalog& catalog, std::string_view name) {
  for (const ServedGroup& group : catalog.groups()) {
    if (group.name != name || name.empty()) continue;
    Value document = Value::object({{"kind", "APIGroup"}, {"apiVersion", "v1"}});
    const Value members = group_document(group);
    for (const data::Member& member : members.members())
      document.set(member.key, member.value);
    return respond_document(std::move(document), {});
  }
  return std::nullopt;
}

}  // namespace

std::optional<Response> discovery(const Catalog& catalog,
                                  std::string_view path,
                                  const http::Headers& headers,
                                  std::string_view server_address) {
  const auto parts = split(trim(path, "/"), '/');
  if (parts[0] == "api") {
    if (parts.size() == 1) {
      if (auto all = aggregated_answer(catalog, true, headers)) return all;
      return respond_document(
          Value::object({{"kind", "APIVersions"},
                         {"versions", Value::array({"v1"})},
                         {"serverAddressByClientCIDRs", addresses(server_address)}}),
          {});
    }
    if (parts.size() == 2 && catalog.has_group_version("", parts[1])) {
      return respond_document(resource_list(catalog, "", parts[1]), {});
    }
    return std::nullopt;
  }
  if (parts[0] != "apis") return std::nullopt;
  if (parts.size() == 1) {
    if (auto all = aggregated_answer(catalog, false, headers)) return all;
    return respond_document(group_list(catalog), {});
  }
  if (parts.size() == 2) return one_group(catalog, parts[1]);
  if (parts.size() == 3 && catalog.has_group_version(parts[1], parts[2])) {
    return respond_document(resource_list(catalog, parts[1], parts[2]), {});
  }
  return std::nullopt;
}

}  // namespace fleet::kube::apiserver
