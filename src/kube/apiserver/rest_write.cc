#include "base/strings.h"
#include "kube/apiserver/metadata.h"
#include "kube/apiserver/respond.h"
#include "kube/apiserver/rest.h"
#include "kube/apiserver/write.h"

namespace fleet::kube::apiserver {

using data::Value;

Reply<Response> rest_create(Core& core, Call& call) {
  Value object = TRY(read_body(call.request));
  TRY(check_identity(call, object, ""));
  Value created = TRY(create_object(core, call, std::move(object)));
  return respond_object(call, std::move(created), 201);
}

Reply<Response> rest_update(Core& core, Call& call) {
  Value object = TRY(read_body(call.request));
  TRY(check_identity(call, object, call.info.name));
  Value updated = TRY(
      update_object(core, call, {call.info.ns, call.info.name}, [&](const Value&) -> Reply<Value> {
        return object;
      }));
  return respond_object(call, std::move(updated));
}

}  // namespace fleet::kube::apiserver
