#include "kube/apiserver/admission.h"

#include "base/strings.h"
#include "kube/apiserver/allocate.h"
#include "kube/apiserver/custom_kinds.h"
#include "kube/apiserver/objects.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

constexpr std::string_view kRbacGroup = "rbac.authorization.k8s.io";

bool is_core(const Served& served, std::string_view plural) {
  return served.resource.gvr.group.empty() && served.resource.gvr.resource == plural;
}

bool is_job(const Served& served) {
  return served.resource.gvr.group == "batch" && served.resource.gvr.resource == "jobs";
}

// A new namespace waits for its contents when it is deleted, and is known by its own label.
void fill_namespace(Value& object) {
  object.set({"metadata", "labels", "kubernetes.io/metadata.name"},
             object.at({"metadata", "name"}));
  if (!object["spec"].contains("finalizers")) {
    object.set({"spec", "finalizers"}, Value::array({"kubernetes"}));
  }
  if (object.at({"status", "phase"}).is_null()) object.set({"status", "phase"}, "Active");
}

void fill_pod(Value& object) {
  const Value& name = object.at({"spec", "serviceAccountName"});
  if (name.as_string().empty()) object.set({"spec", "serviceAccountName"}, "default");
  object.set({"spec", "serviceAccount"}, Value(object.at({"spec", "serviceAccountName"})));
}

Reply<> check_namespace_deletion(const Call& call) {
  const std::string& name = call.info.name;
  if (name != "default" && name != "kube-system" && name != "kube-public") return {};
  return Status::forbidden("namespaces", name, "this namespace may not be deleted");
}

Status terminating(const Call& call, std::string_view name) {
  Status status = Status::forbidden(call.served->group_resource(),
                                    name,
                                    cat("unable to create new content in namespace ",
                                        call.info.ns,
                                        " because it is being terminated"));
  status.causes.push_back({"NamespaceTerminating",
                           cat("namespace ", call.info.ns, " is being terminated"),
                           "metadata.namespace"});
  return status;
}

}  // namespace

Reply<> StandardAdmission::check_namespace(const Call& call) const {
  if (call.info.ns.empty() || !call.served->resource.namespaced) return {};
  store::EntryPtr entry = TRY(core_.store.get(call.ctx, cat("core/namespaces/", call.info.ns)));
  if (!entry) return Status::not_found("namespaces", call.info.ns);
  ServedPtr namespaces = core_.registry.catalog()->find("", "v1", "namespaces");
  const DocumentPtr ns = core_.decoded.get(*namespaces, entry);
  const bool ends = !ns->at({"metadata", "deletionTimestamp"}).is_null();
  if (ends) return terminating(call, call.info.name);
  return {};
}

Reply<> StandardAdmission::check_grants(const Call& call, const Value& object) const {
  if (call.user.in_group(kMasters)) return {};
  const Served& served = *call.served;
  const std::string& plural = served.resource.gvr.resource;
  const auto book = rbac_.book();
  const std::string name = object.at({"metadata", "name"}).to_string();
  std::string refusal;
  if (plural == "roles" || plural == "clusterroles") {
    rbac::Rules wanted;
    for (const Value& rule : object["rules"].items())
      wanted.push_back(rbac::Rule::from(rule));
    refusal = rbac::check_escalation(
        *book, rbac_user(call.user), call.info.ns, wanted, plural == "clusterroles", name);
  } else {
    refusal = rbac::check_bind(*book, rbac_user(call.user), call.info.ns, object["roleRef"]);
  }
  if (refusal.empty()) return {};
  return Status::forbidden(served.group_resource(), name, refusal);
}

Reply<> StandardAdmission::admit(const Call& call, Value* object, const Value* old) const {
  const Served& served = *call.served;
  if (object == nullptr) {
    return is_core(served, "namespaces") ? check_namespace_deletion(call) : Reply<>();
  }
  if (old == nullptr) {
    TRY(check_namespace(call));
    if (is_core(served, "namespaces")) fill_namespace(*object);
    if (is_core(served, "pods")) fill_pod(*object);
    if (is_core(served, "namespaces")) return {};
    if (is_job(served)) fill_job(*object);
  }
  if (is_core(served, "services") && call.info.subresource.empty()) {
    TRY(allocate_service(core_, call, *object, old));
  }
  if (is_crd_kind(served) && call.info.subresource.empty()) {
    TRY(admit_crd(call, core_.registry, *object));
  }
  if (served.resource.gvr.group == kRbacGroup) {
    const bool changes = old == nullptr || (*object)["rules"] != (*old)["rules"] ||
                         (*object)["roleRef"] != (*old)["roleRef"] ||
                         (*object)["subjects"] != (*old)["subjects"];
    if (changes) return check_grants(call, *object);
  }
  return {};
}

}  // namespace fleet::kube::apiserver
