#include "kube/meta/gvk.h"

#include "base/strings.h"

namespace fleet::kube {

Result<GroupVersion> GroupVersion::parse(std::string_view api_version) {
  if (api_version.empty() || api_version == "/") return GroupVersion{};
  auto parts = split(api_version, '/');
  if (parts.size() == 1) return GroupVersion{"", std::string(parts[0])};
  if (parts.size() == 2) return GroupVersion{std::string(parts[0]), std::string(parts[1])};
  return Error(Code::Invalid, cat("unexpected GroupVersion string: ", api_version));
}

std::string GroupVersionKind::str() const {
  return cat(group, "/", version, ", Kind=", kind);
}

GroupVersionKind GroupVersionKind::of(std::string_view api_version, std::string_view kind) {
  auto parsed = GroupVersion::parse(api_version);
  GroupVersion gv = parsed.ok() ? *parsed : GroupVersion{};
  return {gv.group, gv.version, std::string(kind)};
}

std::string GroupVersionResource::str() const {
  return cat(group, "/", version, ", Resource=", resource);
}

std::string Resource::path(std::string_view ns, std::string_view name) const {
  std::string out =
      gvr.group.empty() ? cat("/api/", gvr.version) : cat("/apis/", gvr.group, "/", gvr.version);
  if (namespaced && !ns.empty()) out += cat("/namespaces/", ns);
  out += cat("/", gvr.resource);
  if (!name.empty()) out += cat("/", name);
  return out;
}

}  // namespace fleet::kube
