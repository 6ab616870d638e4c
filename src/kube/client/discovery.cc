// Which resources a server has, from its discovery documents.
#include <algorithm>
#include <map>

#include "base/strings.h"
#include "data/json/parse.h"
#include "kube/client/rest_mapper.h"

namespace fleet::kube {
namespace {

constexpr std::string_view kAccept =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
    "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

constexpr int kUnavailable = 503;

std::vector<std::string> texts(const data::Value& list) {
  std::vector<std::string> out;
  for (const data::Value& item : list.items())
    out.push_back(item.to_string());
  return out;
}

Result<RawAnswer> ask(const Context& ctx, Client& client, const std::string& path) {
  RawRequest request;
  request.path = path;
  request.accept = std::string(kAccept);
  return client.raw(ctx, request);
}

Result<data::Value> parsed(const RawAnswer& answer, const std::string& path) {
  TRY(answer.check().within(path));
  return json::parse(answer.body).within(path);
}

Result<data::Value> read(const Context& ctx, Client& client, const std::string& path) {
  return parsed(TRY(ask(ctx, client, path)), path);
}

// A discovery document in its older form, which must be of `kind`.
Result<data::Value> read_kind(const Context& ctx,
                              Client& client,
                              const std::string& path,
                              std::string_view kind) {
  data::Value document = TRY(parsed(TRY(client.raw(ctx, {.path = path})), path));
  if (document["kind"].as_string() == kind) return document;
  return Error(Code::ServiceUnavailable, cat(path, ": the answer is not of kind ", kind));
}

// Whether an APIGroupList has that version of that group.
bool lists(const data::Value& groups, const GroupVersionResource& gvr) {
  const std::string wanted = cat(gvr.group, "/", gvr.version);
  for (const data::Value& group : groups["groups"].items()) {
    for (const data::Value& version : group["versions"].items()) {
      if (version["groupVersion"].as_string() == wanted) return true;
    }
  }
  return false;
}

// {"items":[{"metadata":{"name":GROUP},"versions":[{"version":V,"resources":[...]}]}]}
void add_aggregated(std::vector<DiscoveredResource>& out, const data::Value& document) {
  for (const data::Value& group : document["items"].items()) {
    for (const data::Value& version : group["versions"].items()) {
      for (const data::Value& r : version["resources"].items()) {
        DiscoveredResource found;
        found.resource.gvr = {group.at({"metadata", "name"}).to_string(),
                              version["version"].to_string(),
                              r["resource"].to_string()};
        found.resource.kind = r.at({"responseKind", "kind"}).to_string();
        found.resource.namespaced = r["scope"].as_string() == "Namespaced";
        found.singular = r["singularResource"].to_string();
        found.short_names = texts(r["shortNames"]);
        found.categories = texts(r["categories"]);
        found.verbs = texts(r["verbs"]);
        for (const data::Value& sub : r["subresources"].items()) {
          found.subresources.push_back(sub["subresource"].to_string());
        }
        out.push_back(std::move(found));
      }
    }
  }
}

// An APIResourceList: subresources are entries of their own, called "pods/status".
void add_resource_list(std::vector<DiscoveredResource>& out,
                       const GroupVersion& gv,
                       const data::Value& document) {
  const size_t first = out.size();
  for (const data::Value& r : document["resources"].items()) {
    const std::string name = r["name"].to_string();
    if (const auto parts = cut(name, "/")) {
      for (size_t i = first; i < out.size(); ++i) {
        if (out[i].resource.gvr.resource == parts->before) {
          out[i].subresources.emplace_back(parts->after);
        }
      }
      continue;
    }
    DiscoveredResource found;
    found.resource.gvr = {gv.group, gv.version, name};
    found.resource.kind = r["kind"].to_string();
    found.resource.namespaced = r["namespaced"].as_bool();
    found.singular = r["singularName"].to_string();
    found.short_names = texts(r["shortNames"]);
    found.categories = texts(r["categories"]);
    found.verbs = texts(r["verbs"]);
    out.push_back(std::move(found));
  }
}

Result<> add_group_version(std::vector<DiscoveredResource>& out,
                           const Context& ctx,
                           Client& client,
                           const std::string& path,
                           const std::string& api_version) {
  const GroupVersion gv = TRY(GroupVersion::parse(api_version));
  const RawAnswer answer = TRY(ask(ctx, client, path + api_version));
  // One group that its server cannot serve now must not hide the others.
  if (answer.status == kUnavailable && !gv.group.empty()) return {};
  add_resource_list(out, gv, TRY(parsed(answer, path + api_version)));
  return {};
}

}  // namespace

bool DiscoveredResource::can(std::string_view verb) const {
  return std::find(verbs.begin(), verbs.end(), verb) != verbs.end();
}

Result<bool> lacks(const Context& ctx, Client& client, const GroupVersionResource& gvr) {
  std::string path = cat("/api/", gvr.version);
  if (!gvr.group.empty()) {
    if (!lists(TRY(read_kind(ctx, client, "/apis", "APIGroupList")), gvr)) return true;
    path = cat("/apis/", gvr.group, "/", gvr.version);
  }
  const data::Value list = TRY(read_kind(ctx, client, path, "APIResourceList"));
  for (const data::Value& resource : list["resources"].items()) {
    if (resource["name"].as_string() == gvr.resource) return false;
  }
  return true;
}

Result<std::vector<DiscoveredResource>> discover(const Context& ctx, Client& client) {
  std::vector<DiscoveredResource> all;
  const data::Value core = TRY(read(ctx, client, "/api"));
  if (core["kind"].as_string() == "APIGroupDiscoveryList") {
    add_aggregated(all, core);
  } else {
    for (const data::Value& version : core["versions"].items()) {
      TRY(add_group_version(all, ctx, client, "/api/", version.to_string()));
    }
  }
  const data::Value groups = TRY(read(ctx, client, "/apis"));
  if (groups["kind"].as_string() == "APIGroupDiscoveryList") {
    add_aggregated(all, groups);
    return all;
  }
  for (const data::Value& group : groups["groups"].items()) {
    const std::string preferred = group.at({"preferredVersion", "groupVersion"}).to_string();
    if (!preferred.empty()) TRY(add_group_version(all, ctx, client, "/apis/", preferred));
    for (const data::Value& version : group["versions"].items()) {
      const std::string api_version = version["groupVersion"].to_string();
      if (api_version != preferred) {
        TRY(add_group_version(all, ctx, client, "/apis/", api_version));
      }
    }
  }
  return all;
}

}  // namespace fleet::kube
