#include "base/strings.h"
#include "kube/apiserver/filter.h"
#include "kube/apiserver/remove.h"
#include "kube/apiserver/respond.h"
#include "kube/apiserver/rest.h"
#include "kube/meta/object.h"

namespace fleet::kube::apiserver {

namespace {

Status deleted_status(const Served& served, const data::Value& object) {
  Status status = Status::ok();
  status.name = object.at({"metadata", "name"}).to_string();
  status.group = served.resource.gvr.group;
  status.kind = served.resource.gvr.resource;
  status.uid = object.at({"metadata", "uid"}).to_string();
  return status;
}

// Pods and services answer with the object they were; other kinds with a Status.
bool returns_object(const Served& served) {
  const auto& gvr = served.resource.gvr;
  return gvr.group.empty() &&
         (gvr.resource == "pods" || gvr.resource == "services" ||
          gvr.resource == "persistentvolumes" || gvr.resource == "persistentvolumeclaims" ||
          gvr.resource == "serviceaccounts" || gvr.resource == "resourcequotas" ||
          gvr.resource == "podtemplates");
}

}  // namespace

Reply<Response> rest_delete(Core& core, Call& call) {
  const RemoveOptions options = TRY(RemoveOptions::of(call));
  Removed removed = TRY(remove_object(core, call, {call.info.ns, call.info.name}, options));
  if (removed.gone && !returns_object(*call.served)) {
    return respond_status(deleted_status(*call.served, removed.object), call.format);
  }
  const int status = !removed.gone && options.orphan_dependents_set_false ? 202 : 200;
  return respond_object(call, std::move(removed.object), status);
}

Reply<Response> rest_delete_collection(Core& core, Call& call) {
  const RemoveOptions options = TRY(RemoveOptions::of(call));
  const Filter filter = TRY(Filter::of(call));
  store::Range range;
  range.prefix = call.served->prefix(call.info.ns);
  const store::Page page = TRY(core.store.list(call.ctx, range));
  data::Value items = data::Value::array();
  for (const store::EntryPtr& entry : page.entries) {
    const DocumentPtr document = core.decoded.get(*call.served, entry);
    if (!filter.matches(*document)) continue;
    const Object object(*document);
    auto removed = remove_object(core, call, object.key(), options);
    if (removed.ok()) {
      items.push_back(std::move(removed->object));
    } else if (removed.error().reason != Code::NotFound) {
      return std::move(removed).error();
    }
  }
  ListMeta meta;
  meta.revision = page.revision;
  return respond_document(
      data::Value::object({{"kind", call.served->list_kind},
                           {"apiVersion", call.served->resource.gvr.api_version()},
                           {"metadata", meta.to_value()},
                           {"items", std::move(items)}}),
      call.format);
}

}  // namespace fleet::kube::apiserver
