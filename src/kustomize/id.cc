#include "kustomize/id.h"

#include <functional>

#include "base/strings.h"
#include "kustomize/tables.h"

namespace fleet::kustomize {
namespace {

std::string or_blank(std::string_view text, std::string_view blank) {
  return std::string(text.empty() ? blank : text);
}

}  // namespace

Gvk Gvk::of(std::string_view api_version, std::string_view kind) {
  Gvk gvk;
  gvk.kind = kind;
  size_t slash = api_version.find('/');
  if (slash == std::string_view::npos) {
    gvk.version = api_version;
  } else {
    gvk.group = api_version.substr(0, slash);
    gvk.version = api_version.substr(slash + 1);
  }
  return gvk;
}

bool Gvk::is_selected(const Gvk& selector) const {
  return (selector.group.empty() || selector.group == group) &&
         (selector.version.empty() || selector.version == version) &&
         (selector.kind.empty() || selector.kind == kind);
}

std::string Gvk::text() const {
  return cat(or_blank(kind, "[noKind]"),
             ".",
             or_blank(version, "[noVer]"),
             ".",
             or_blank(group, "[noGrp]"));
}

std::string Gvk::sort_text() const {
  return cat(or_blank(group, "~G"), "_", or_blank(version, "~V"), "_", or_blank(kind, "~K"));
}

std::string Id::key() const {
  return cat(gvk.group, "\n", gvk.version, "\n", gvk.kind, "\n", name, "\n", effective_ns());
}

size_t Id::hash() const {
  size_t hash = 0;
  for (std::string_view part : {std::string_view(name),
                                effective_ns(),
                                std::string_view(gvk.kind),
                                std::string_view(gvk.group),
                                std::string_view(gvk.version)}) {
    hash = hash * 0x9E3779B97F4A7C15U + std::hash<std::string_view>()(part);
  }
  return hash ^ (hash >> 32);
}

std::string Id::text() const {
  return cat(gvk.text(), "/", or_blank(name, "[noName]"), ".", or_blank(ns, "[noNs]"));
}

std::string Id::go_text() const {
  return cat("resid.ResId{Gvk:resid.Gvk{Group:",
             quote(gvk.group),
             ", Version:",
             quote(gvk.version),
             ", Kind:",
             quote(gvk.kind),
             ", isClusterScoped:",
             cluster_scoped,
             "}, Name:",
             quote(name),
             ", Namespace:",
             quote(ns),
             "}");
}

bool is_cluster_scoped(std::string_view api_version, std::string_view kind) {
  return scope_table().has_cluster(api_version, kind);
}

bool is_known_namespaced(const Gvk& gvk) {
  return scope_table().namespaced.contains(cat(gvk.api_version(), " ", gvk.kind));
}

}  // namespace fleet::kustomize
