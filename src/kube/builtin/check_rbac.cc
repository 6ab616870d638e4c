#include "kube/builtin/check.h"

namespace fleet::kube::builtin {

void check_role(const At& role, bool cluster) {
  At rules = role["rules"];
  for (size_t i = 0; i < rules.value.size(); ++i) {
    At rule = rules.item(i);
    if (rule["verbs"].value.empty()) {
      rule["verbs"].required("verbs must contain at least one value");
    }
    At paths = rule["nonResourceURLs"];
    bool has_resources = !rule["apiGroups"].value.empty() || !rule["resources"].value.empty() ||
                         !rule["resourceNames"].value.empty();
    if (!paths.value.empty()) {
      if (!cluster) {
        paths.invalid("namespaced rules cannot apply to non-resource URLs");
      }
      if (has_resources) {
        paths.invalid("rules cannot apply to both regular resources and non-resource URLs");
      }
      continue;
    }
    if (rule["apiGroups"].value.empty()) {
      rule["apiGroups"].required("resource rules must supply at least one api group");
    }
    if (rule["resources"].value.empty()) {
      rule["resources"].required("resource rules must supply at least one resource");
    }
  }
  if (!cluster || role["aggregationRule"].value.is_null()) return;
  At selectors = role["aggregationRule"]["clusterRoleSelectors"];
  if (selectors.value.empty()) {
    selectors.required("at least one clusterRoleSelector required if aggregationRule is non-nil");
  }
  for (size_t i = 0; i < selectors.value.size(); ++i)
    check_label_selector(selectors.item(i));
}

void check_binding(const At& binding, const data::Value* old, bool cluster) {
  At role = binding["roleRef"];
  role["apiGroup"].one_of({"rbac.authorization.k8s.io"});
  if (cluster) {
    if (role["kind"].text() != "ClusterRole") {
      role.errors.push_back(
          FieldError::not_supported(role["kind"].path, role["kind"].value, {"ClusterRole"}));
    }
  } else if (role["kind"].text() != "Role" && role["kind"].text() != "ClusterRole") {
    role.errors.push_back(
        FieldError::not_supported(role["kind"].path, role["kind"].value, {"Role", "ClusterRole"}));
  }
  if (role["name"].must_exist()) role["name"].obeys(check_path_segment(role["name"].text()));
  At subjects = binding["subjects"];
  for (size_t i = 0; i < subjects.value.size(); ++i) {
    At subject = subjects.item(i);
    subject["name"].must_exist();
    std::string_view kind = subject["kind"].text();
    if (kind == "ServiceAccount") {
      if (!subject["name"].absent()) {
        subject["name"].obeys(check_dns1123_subdomain(subject["name"].text()));
      }
      if (!subject["apiGroup"].absent()) {
        subject.errors.push_back(
            FieldError::not_supported(subject["apiGroup"].path, subject["apiGroup"].value, {""}));
      }
      if (cluster) subject["namespace"].must_exist();
    } else if (kind == "User" || kind == "Group") {
      subject["apiGroup"].one_of({"rbac.authorization.k8s.io"});
    } else {
      subject.errors.push_back(FieldError::not_supported(
          subject["kind"].path, subject["kind"].value, {"ServiceAccount", "User", "Group"}));
    }
  }
  if (old != nullptr) {
    const data::Value& before = (*old)["roleRef"];
    if (!(role.value == before)) role.invalid("cannot change roleRef");
  }
}

}  // namespace fleet::kube::builtin
