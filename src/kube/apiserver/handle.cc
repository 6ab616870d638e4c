#include "kube/apiserver/handle.h"

#include <algorithm>

#include "base/strings.h"
#include "kube/apiserver/objects.h"
#include "kube/apiserver/respond.h"
#include "kube/apiserver/rest.h"

namespace fleet::kube::apiserver {

namespace {

constexpr std::string_view kUserHeader = "impersonate-user";
constexpr std::string_view kGroupHeader = "impersonate-group";
constexpr std::string_view kUidHeader = "impersonate-uid";

// What impersonation needs permission for, as a request to authorize.
RequestInfo impersonation(std::string_view group,
                          std::string_view resource,
                          std::string_view name) {
  RequestInfo info;
  info.is_resource = true;
  info.verb = "impersonate";
  info.group = std::string(group);
  info.version = "v1";
  info.resource = std::string(resource);
  info.name = std::string(name);
  return info;
}

RequestInfo user_impersonation(std::string_view name) {
  if (!name.starts_with(kServiceAccountPrefix)) return impersonation("", "users", name);
  const auto parts = split(name.substr(kServiceAccountPrefix.size()), ':');
  if (parts.size() != 2) return impersonation("", "users", name);
  RequestInfo info = impersonation("", "serviceaccounts", parts[1]);
  info.ns = std::string(parts[0]);
  return info;
}

void add_account_groups(Identity& user) {
  const auto parts = split(std::string_view(user.name).substr(kServiceAccountPrefix.size()), ':');
  if (parts.size() != 2) return;
  user.groups.emplace_back("system:serviceaccounts");
  user.groups.push_back(cat("system:serviceaccounts:", parts[0]));
}

Status unknown_resource() {
  Status status;
  status.reason = Code::NotFound;
  status.http = 404;
  status.message = "the server could not find the requested resource";
  return status;
}

Status not_allowed() {
  Status status;
  status.reason = Code::MethodNotAllowed;
  status.http = 405;
  status.message = "the server does not allow this method on the requested resource";
  return status;
}

// The size limit holds for what is decoded: patches and objects, however they were sent.
Reply<> check_size(const Request& request) {
  const size_t bytes = request.text().size();
  if (bytes <= kMaxObjectBytes) return {};
  return Status::too_large(
      cat("Request entity too large: limit is ", kMaxObjectBytes, ", the body has ", bytes));
}

Reply<Response> main_resource(Core& core, Call& call) {
  const std::string& verb = call.info.verb;
  if (verb == "get") return rest_get(core, call);
  if (verb == "list") return rest_list(core, call);
  if (verb == "watch") return rest_watch(core, call);
  if (verb == "create") return rest_create(core, call);
  if (verb == "update") return rest_update(core, call);
  if (verb == "patch") return rest_patch(core, call);
  if (verb == "delete") return rest_delete(core, call);
  if (verb == "deletecollection") return rest_delete_collection(core, call);
  return not_allowed();
}

Reply<Response> subresource(Core& core, Call& call) {
  const std::string& verb = call.info.verb;
  const std::string& name = call.info.subresource;
  if (name == "status" && call.served->has_status) {
    if (verb == "get") return rest_get(core, call);
    if (verb == "update") return rest_update(core, call);
    if (verb == "patch") return rest_patch(core, call);
    return not_allowed();
  }
  if (name == "scale" && call.served->scale) {
    if (verb == "get") return rest_get_scale(core, call);
    if (verb == "update" || verb == "patch") return rest_update_scale(core, call);
    return not_allowed();
  }
  return unknown_resource();
}

}  // namespace

bool Identity::in_group(std::string_view group) const {
  return std::find(groups.begin(), groups.end(), group) != groups.end();
}

bool Identity::is_anonymous() const {
  return name == kAnonymous;
}

Status forbidden(const Identity& user, const RequestInfo& info, std::string_view reason) {
  std::string why;
  std::string subject;
  if (!info.is_resource) {
    why = cat("User \"", user.name, "\" cannot ", info.verb, " path \"", info.path, "\"");
  } else {
    const std::string resource =
        info.subresource.empty() ? info.resource : cat(info.resource, "/", info.subresource);
    why = cat("User \"",
              user.name,
              "\" cannot ",
              info.verb,
              " resource \"",
              resource,
              "\" in API group \"",
              info.group,
              "\"",
              info.ns.empty() ? std::string(" at the cluster scope")
                              : cat(" in the namespace \"", info.ns, "\""));
    subject = info.group_resource();
  }
  if (!reason.empty()) why += cat(": ", reason);
  Status status = Status::forbidden(subject, info.name, why);
  if (!info.is_resource) {
    status.message = cat("forbidden: ", why);
    status.kind.clear();
  }
  return status;
}

Response Handler::handle(const Context& ctx, const Request& request) const {
  const Instant begin = ctx.clock().instant();
  const RequestInfo info = request_info(request.method, request.path, request.query);
  auto reply = try_handle(ctx, request, info);
  Response response = reply.ok() ? std::move(reply).value() : respond_status(reply.error());
  metrics_.record(info, response.status, ctx.clock().instant() - begin);
  return response;
}

Reply<Identity> Handler::identify(const Context& ctx, const Request& request) const {
  if (request.identity) return *request.identity;
  Identity user = TRY(authenticator_.authenticate(ctx, request));
  const std::string as_user(request.headers.value(kUserHeader));
  const auto as_groups = request.headers.all(kGroupHeader);
  if (as_user.empty()) {
    if (as_groups.empty()) return user;
    return Status::bad_request("requested impersonation without impersonating a user");
  }
  std::vector<RequestInfo> needed{user_impersonation(as_user)};
  for (const auto group : as_groups)
    needed.push_back(impersonation("", "groups", group));
  const std::string_view uid = request.headers.value(kUidHeader);
  if (!uid.empty()) needed.push_back(impersonation("authentication.k8s.io", "uids", uid));
  for (const RequestInfo& one : needed) {
    const auto decision = core_.authorizer.authorize(ctx, user, one);
    if (!decision.allowed) return forbidden(user, one, decision.reason);
  }
  Identity other;
  other.name = as_user;
  other.uid = std::string(uid);
  for (const auto group : as_groups)
    other.groups.emplace_back(group);
  if (as_user.starts_with(kServiceAccountPrefix)) add_account_groups(other);
  other.groups.emplace_back(as_user == kAnonymous ? kUnauthenticated : kAuthenticated);
  return other;
}

Reply<Response> Handler::try_handle(const Context& ctx,
                                    const Request& request,
                                    const RequestInfo& info) const {
  const Identity user = TRY(identify(ctx, request));
  if (!user.in_group(kMasters)) {
    const auto decision = core_.authorizer.authorize(ctx, user, info);
    if (!decision.allowed) {
      if (user.is_anonymous()) return Status::unauthorized();
      return forbidden(user, info, decision.reason);
    }
  }
  if (!info.is_resource) return endpoints_.answer(ctx, request, info);
  return handle_resource(ctx, request, info, user);
}

Reply<Response> Handler::handle_resource(const Context& ctx,
                                         const Request& request,
                                         const RequestInfo& info,
                                         const Identity& user) const {
  ServedPtr served = core_.registry.catalog()->find(info.group, info.version, info.resource);
  if (!served) return unknown_resource();
  // /namespaces/x names the namespace itself; no other cluster-scoped kind lies in one.
  if (!served->resource.namespaced && !info.ns.empty() && info.resource != "namespaces") {
    return unknown_resource();
  }
  TRY(check_size(request));
  // Not inside the braces: what TRY leaves behind there, half of a Call, nobody would destroy.
  const auto format = TRY(negotiate(request.headers, request.query));
  Call call{.ctx = ctx,
            .request = request,
            .info = info,
            .user = user,
            .served = served,
            .format = format,
            .now = ctx.clock().now()};
  for (const auto stage : request.query.all("dryRun")) {
    if (stage != "All") {
      return Status::bad_request(
          cat("dryRun: Unsupported value: \"", stage, "\": supported values: \"All\""));
    }
    call.dry_run = true;
  }
  auto reply = dispatch(call);
  if (reply.ok()) {
    for (const std::string& warning : call.warnings) {
      reply->headers.add("warning", cat("299 - ", quote(warning)));
    }
  }
  return reply;
}

Reply<Response> Handler::dispatch(Call& call) const {
  if (auto special = specials_.answer(call)) return std::move(*special);
  const Resource& resource = call.served->resource;
  const bool needs_ns = resource.namespaced && call.info.ns.empty();
  const std::string& verb = call.info.verb;
  if (needs_ns && verb != "list" && verb != "watch") {
    if (verb == "create" || verb == "deletecollection") return not_allowed();
    return unknown_resource();
  }
  if (call.info.name.empty() && (verb == "update" || verb == "patch")) return not_allowed();
  if (!call.info.name.empty() && verb == "create" && call.info.subresource.empty()) {
    return not_allowed();
  }
  return call.info.subresource.empty() ? main_resource(core_, call) : subresource(core_, call);
}

}  // namespace fleet::kube::apiserver
