#include "kube/apiserver/specials.h"

#include <algorithm>

#include "base/strings.h"
#include "kube/apiserver/metadata.h"
#include "kube/apiserver/objects.h"
#include "kube/apiserver/remove.h"
#include "kube/apiserver/respond.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

constexpr int64_t kDefaultTokenSeconds = 3600;
constexpr int64_t kMinTokenSeconds = 600;
constexpr int64_t kMaxTokenSeconds = int64_t{1} << 32;

// Parts of a pod that a kubelet would answer; kubectl's logs, exec, attach and port-forward ask
// them.
bool needs_running_pod(std::string_view part) {
  constexpr std::string_view kParts[] = {"log", "exec", "attach", "portforward", "proxy"};
  const std::string_view first = part.substr(0, part.find('/'));
  return std::find(std::begin(kParts), std::end(kParts), first) != std::end(kParts);
}

Reply<> check_binding(Core& core, const Call& call, const AccountToken& token) {
  const std::string plural = to_lower(token.bound_kind) + "s";
  ServedPtr served = core.registry.catalog()->find("", "v1", plural);
  if (!served || (plural != "pods" && plural != "secrets" && plural != "nodes")) {
    return Status::bad_request(cat("cannot bind token to object of type ", token.bound_kind));
  }
  const Key key{served->resource.namespaced ? token.ns : std::string(), token.bound_name};
  const Current bound = TRY(read_object(call.ctx, core, served, key));
  const std::string uid = bound.document->at({"metadata", "uid"}).to_string();
  if (!token.bound_uid.empty() && token.bound_uid != uid) {
    return Status::conflict(served->group_resource(),
                            token.bound_name,
                            cat("the UID in the bound object reference (",
                                token.bound_uid,
                                ") does not match the UID in record. The object might have been "
                                "deleted and then recreated"));
  }
  return {};
}

}  // namespace

std::optional<Reply<Response>> StandardSpecials::answer(Call& call) const {
  if (call.served->is_virtual) return review(call);
  if (!call.served->resource.gvr.group.empty() || call.info.subresource.empty()) {
    return std::nullopt;
  }
  const std::string& plural = call.served->resource.gvr.resource;
  const std::string& part = call.info.subresource;
  if (plural == "serviceaccounts" && part == "token") return token_request(call);
  if (plural == "pods" && part == "eviction") return evict(call);
  if (plural == "namespaces" && part == "finalize") return finalize(call);
  if (plural == "pods" && needs_running_pod(part)) return refuse_running(call);
  return std::nullopt;
}

Reply<Response> StandardSpecials::token_request(Call& call) const {
  if (call.info.verb != "create") {
    return Status::method_not_allowed(call.served->group_resource(), call.info.verb);
  }
  Value request = TRY(read_body(call.request));
  const Current account = TRY(read_object(call, core_, {call.info.ns, call.info.name}));
  AccountToken token;
  token.ns = call.info.ns;
  token.name = call.info.name;
  token.uid = account.document->at({"metadata", "uid"}).to_string();
  for (const Value& audience : request.at({"spec", "audiences"}).items()) {
    token.audiences.push_back(audience.to_string());
  }
  const int64_t seconds = request.at({"spec", "expirationSeconds"}).as_int(kDefaultTokenSeconds);
  if (seconds < kMinTokenSeconds || seconds > kMaxTokenSeconds) {
    return Status::invalid(
        "authentication.k8s.io",
        "TokenRequest",
        "",
        {FieldError::invalid("spec.expirationSeconds",
                             seconds,
                             seconds < kMinTokenSeconds ? "may not specify a duration less than 10 "
                                                          "minutes"
                                                        : "may not specify a duration larger than "
                                                          "2^32 seconds")});
  }
  token.expires = call.now + std::chrono::seconds(seconds);
  const Value& bound = request.at({"spec", "boundObjectRef"});
  if (bound.is_object()) {
    token.bound_kind = bound["kind"].to_string();
    token.bound_name = bound["name"].to_string();
    token.bound_uid = bound["uid"].to_string();
    TRY(check_binding(core_, call, token));
  }
  const std::string text = TRY(tokens_.issue(token, core_.random.uuid(), call.now));
  Value audiences = Value::array();
  for (const std::string& audience : token.audiences)
    audiences.push_back(audience);
  if (audiences.empty()) audiences.push_back(kIssuer);
  Value answer = Value::object(
      {{"kind", "TokenRequest"},
       {"apiVersion", "authentication.k8s.io/v1"},
       {"metadata",
        Value::object({{"name", token.name},
                       {"namespace", token.ns},
                       {"creationTimestamp", format_rfc3339(call.now)}})},
       {"spec",
        Value::object({{"audiences", std::move(audiences)},
                       {"expirationSeconds", seconds},
                       {"boundObjectRef", bound}})},
       {"status",
        Value::object({{"token", text}, {"expirationTimestamp", format_rfc3339(token.expires)}})}});
  return respond_object(call, std::move(answer), 201);
}

// Pods here have no disruption budgets to wait for: an eviction is a deletion.
Reply<Response> StandardSpecials::evict(Call& call) const {
  if (call.info.verb != "create") {
    return Status::method_not_allowed(call.served->group_resource(), call.info.verb);
  }
  const Value eviction = TRY(read_body(call.request));
  RemoveOptions options;
  const Value& asked = eviction["deleteOptions"];
  if (asked["gracePeriodSeconds"].is_integer()) {
    options.grace_seconds = asked["gracePeriodSeconds"].as_int();
  }
  options.uid = asked.at({"preconditions", "uid"}).to_string();
  options.resource_version = asked.at({"preconditions", "resourceVersion"}).to_string();
  TRY(remove_object(core_, call, {call.info.ns, call.info.name}, options));
  return respond_status(Status::ok());
}

// Nodes here are simulated: pods have a status, but no processes. As kube-apiserver, a pod that is
// not there is NotFound.
Reply<Response> StandardSpecials::refuse_running(const Call& call) const {
  TRY(read_object(call, core_, {call.info.ns, call.info.name}));
  Status status = Status::method_not_allowed(call.served->group_resource(), call.info.verb);
  status.name = call.info.name;
  status.message = cat("pod ",
                       quote(call.info.name),
                       ": nothing runs on simulated nodes, so there are no logs, no processes and "
                       "no ports to connect to");
  return status;
}

// Replaces spec.finalizers of a namespace; one that is being deleted and has none left goes.
Reply<Response> StandardSpecials::finalize(Call& call) const {
  if (call.info.verb != "update") {
    return Status::method_not_allowed(call.served->group_resource(), call.info.verb);
  }
  const Value sent = TRY(read_body(call.request));
  for (int tries = 1;; ++tries) {
    const Current old = TRY(read_object(call, core_, {"", call.info.name}));
    Value next = *old.document;
    const Value& finalizers = sent.at({"spec", "finalizers"});
    next.set({"spec", "finalizers"}, finalizers.is_array() ? finalizers : Value::array());
    const bool goes =
        !next.at({"metadata", "deletionTimestamp"}).is_null() && may_go(*call.served, next);
    auto written = goes ? store_delete(core_, call, next, old.entry->modified)
                        : store_update(core_, call, next, old.entry->modified);
    if (written.ok()) return respond_object(call, std::move(written).value());
    if (written.error().reason != Code::Conflict || tries == kMaxConflictTries) {
      return std::move(written).error();
    }
  }
}

}  // namespace fleet::kube::apiserver
