#include "helm/action/objects.h"

#include <utility>

#include "base/strings.h"
#include "data/yaml/yaml.h"

namespace fleet::helm {
namespace {

using data::Value;

constexpr std::string_view kManagedBy = "app.kubernetes.io/managed-by";
constexpr std::string_view kReleaseName = "meta.helm.sh/release-name";
constexpr std::string_view kReleaseNamespace = "meta.helm.sh/release-namespace";

void flatten(const Value& document, std::vector<Value>& out) {
  const bool is_list =
      document["kind"].as_string().ends_with("List") && document["items"].is_array();
  if (!is_list) {
    out.push_back(document);
    return;
  }
  for (const Value& item : document["items"].items())
    flatten(item, out);
}

Result<kube::Resource> resource_of(const Context& ctx,
                                   kube::RestMapper& mapper,
                                   const kube::Object& object) {
  const kube::GroupVersionKind gvk = object.gvk();
  Result<kube::Resource> resource = mapper.resource_for(ctx, gvk);
  if (resource.ok() || resource.error().code() != Code::NotFound) return resource;
  return Error(Code::NotFound,
               cat("resource mapping not found for name: ",
                   quote(object.name()),
                   " namespace: ",
                   quote(object.ns()),
                   " from \"\": no matches for kind ",
                   quote(gvk.kind),
                   " in version ",
                   quote(gvk.api_version()),
                   "\nensure CRDs are installed first"));
}

std::string requirement(const kube::Object& object,
                        bool label,
                        std::string_view key,
                        std::string_view want) {
  const bool there = label ? object.has_label(key) : object.has_annotation(key);
  const std::string_view have = label ? object.label(key) : object.annotation(key);
  const std::string_view what = label ? "label" : "annotation";
  if (there && have == want) return {};
  if (!there) {
    return cat(
        what, " validation error: missing key ", quote(key), ": must be set to ", quote(want));
  }
  return cat(what,
             " validation error: key ",
             quote(key),
             " must equal ",
             quote(want),
             ": current value is ",
             quote(have));
}

}  // namespace

std::string Target::describe() const {
  return cat(object.kind(), " ", quote(object.name()), " in namespace ", quote(object.ns()));
}

bool is_same_object(const Target& a, const Target& b) {
  return a.resource.gvr.group == b.resource.gvr.group && a.resource.kind == b.resource.kind &&
         a.object.ns() == b.object.ns() && a.object.name() == b.object.name();
}

const Target* find_same(const Targets& list, const Target& target) {
  for (const Target& other : list) {
    if (is_same_object(other, target)) return &other;
  }
  return nullptr;
}

Result<Targets> build_targets(const Context& ctx,
                              kube::RestMapper& mapper,
                              std::string_view manifest,
                              std::string_view ns) {
  std::vector<Value> documents;
  for (const Value& document : TRY(yaml::parse_all(manifest))) {
    if (!document.is_object()) return Error(Code::Invalid, "a manifest document is not a map");
    flatten(document, documents);
  }
  Targets out;
  for (Value& document : documents) {
    if (document["kind"].as_string().empty())
      return Error(Code::Invalid, "Object 'Kind' is missing");
    Target target{kube::Object(std::move(document)), {}};
    target.resource = TRY(resource_of(ctx, mapper, target.object));
    if (!target.resource.namespaced) {
      target.object.set_ns("");
    } else if (target.object.ns().empty()) {
      target.object.set_ns(ns);
    }
    out.push_back(std::move(target));
  }
  return out;
}

void set_owner(kube::Object& object, const Owner& owner) {
  object.set_label(kManagedBy, "Helm");
  object.set_annotation(kReleaseName, owner.release);
  object.set_annotation(kReleaseNamespace, owner.ns);
}

Result<> check_owner(const kube::Object& object, const Owner& owner) {
  std::vector<std::string> wrong;
  for (std::string text : {requirement(object, true, kManagedBy, "Helm"),
                           requirement(object, false, kReleaseName, owner.release),
                           requirement(object, false, kReleaseNamespace, owner.ns)}) {
    if (!text.empty()) wrong.push_back(std::move(text));
  }
  if (wrong.empty()) return {};
  return Error(Code::Invalid, cat("invalid ownership metadata; ", join(wrong, "; ")));
}

Result<Targets> existing_targets(const Context& ctx,
                                 kube::Client& client,
                                 const Targets& targets,
                                 const Owner& owner,
                                 Adopt adopt) {
  Targets out;
  for (const Target& target : targets) {
    if (target.object.name().empty()) {
      if (!target.object.generate_name().empty()) continue;
      return Error(Code::Invalid, cat("resource name may not be empty: ", target.object.kind()));
    }
    Result<kube::Object> live = client.get(ctx, target.resource, target.key());
    if (!live.ok()) {
      if (live.error().code() == Code::NotFound) continue;
      return std::move(live).error().within(
          cat("could not get information about the resource ", target.describe()));
    }
    if (adopt == Adopt::Owned) {
      TRY(check_owner(*live, owner)
              .within(cat(target.describe(),
                          " exists and cannot be imported into the current release")));
    }
    out.push_back(target);
  }
  return out;
}

}  // namespace fleet::helm
