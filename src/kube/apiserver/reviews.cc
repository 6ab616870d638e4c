// Token and access reviews: who is this, and what may they do?
#include "base/strings.h"
#include "kube/apiserver/respond.h"
#include "kube/apiserver/specials.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

Value strings(const std::vector<std::string>& texts) {
  Value list = Value::array();
  for (const std::string& text : texts)
    list.push_back(text);
  return list;
}

std::vector<std::string> texts(const Value& list) {
  std::vector<std::string> out;
  for (const Value& item : list.items())
    out.push_back(item.to_string());
  return out;
}

Value user_info(const Identity& user) {
  Value info = Value::object({{"username", user.name}});
  if (!user.uid.empty()) info.set("uid", user.uid);
  info.set("groups", strings(user.groups));
  if (!user.extra.empty()) {
    Value extra = Value::object();
    for (const auto& [key, values] : user.extra)
      extra.set(key, strings(values));
    info.set("extra", std::move(extra));
  }
  return info;
}

// What a review asks about, as a request to authorize.
RequestInfo asked(const Value& spec) {
  RequestInfo info;
  const Value& resource = spec["resourceAttributes"];
  if (resource.is_object()) {
    info.is_resource = true;
    info.verb = resource["verb"].to_string();
    info.group = resource["group"].to_string();
    info.version = resource["version"].to_string();
    info.resource = resource["resource"].to_string();
    info.subresource = resource["subresource"].to_string();
    info.ns = resource["namespace"].to_string();
    info.name = resource["name"].to_string();
  } else {
    info.verb = spec.at({"nonResourceAttributes", "verb"}).to_string();
    info.path = spec.at({"nonResourceAttributes", "path"}).to_string();
  }
  return info;
}

Status bad_review(const Call& call, std::string_view field, std::string_view why) {
  const Resource& resource = call.served->resource;
  return Status::invalid(resource.gvr.group,
                         resource.kind,
                         "",
                         {FieldError::invalid(std::string(field), Value(), std::string(why))});
}

Value rule_value(const rbac::Rule& rule) {
  Value value = Value::object({{"verbs", strings(rule.verbs)}});
  if (!rule.paths.empty()) {
    value.set("nonResourceURLs", strings(rule.paths));
    return value;
  }
  value.set("apiGroups", strings(rule.groups));
  value.set("resources", strings(rule.resources));
  if (!rule.names.empty()) value.set("resourceNames", strings(rule.names));
  return value;
}

}  // namespace

Reply<Value> StandardSpecials::token_review(Call& call, Value review) const {
  const std::string token = review.at({"spec", "token"}).to_string();
  if (token.empty()) {
    return Status::bad_request("token is required for TokenReview in authentication");
  }
  auto checked =
      authenticator_.check_token(call.ctx, token, texts(review.at({"spec", "audiences"})));
  Value status = Value::object();
  if (checked.ok()) {
    status.set("authenticated", true);
    status.set("user", user_info(checked->user));
    if (!checked->audiences.empty()) status.set("audiences", strings(checked->audiences));
  } else {
    status.set("user", Value::object());
    status.set("error", checked.error().message);
  }
  review.set("status", std::move(status));
  return review;
}

Reply<Value> StandardSpecials::access_review(Call& call, Value review, const Identity& user) const {
  const Value& spec = review["spec"];
  const bool resource = spec["resourceAttributes"].is_object();
  const bool path = spec["nonResourceAttributes"].is_object();
  if (resource == path) {
    return bad_review(call,
                      "spec.resourceAttributes",
                      resource ? "cannot be specified in combination with nonResourceAttributes"
                               : "exactly one of nonResourceAttributes or resourceAttributes must "
                                 "be specified");
  }
  const auto decision = core_.authorizer.authorize(call.ctx, user, asked(spec));
  Value status = Value::object({{"allowed", decision.allowed}});
  if (!decision.reason.empty()) status.set("reason", decision.reason);
  review.set("status", std::move(status));
  return review;
}

Reply<Value> StandardSpecials::subject_access_review(Call& call, Value review) const {
  const Value& spec = review["spec"];
  Identity user;
  user.name = spec["user"].to_string();
  user.groups = texts(spec["groups"]);
  user.uid = spec["uid"].to_string();
  if (user.name.empty() && user.groups.empty()) {
    return bad_review(call, "spec.user", "at least one of user or group must be specified");
  }
  if (call.served->resource.gvr.resource == "localsubjectaccessreviews") {
    if (spec.at({"resourceAttributes", "namespace"}).as_string() != call.info.ns) {
      return bad_review(call, "spec.resourceAttributes.namespace", "must match metadata.namespace");
    }
  }
  return access_review(call, std::move(review), user);
}

Reply<Value> StandardSpecials::rules_review(Call& call, Value review) const {
  const std::string ns = review.at({"spec", "namespace"}).to_string();
  if (ns.empty()) return Status::bad_request("no namespace on request");
  Value resource_rules = Value::array();
  Value path_rules = Value::array();
  auto rules = rbac_.book()->rules_of(rbac_user(call.user), ns);
  if (call.user.in_group(kMasters)) {
    rules.rules.push_back({{"*"}, {"*"}, {"*"}, {}, {}});
    rules.rules.push_back({{"*"}, {}, {}, {}, {"*"}});
  }
  for (const rbac::Rule& rule : rules.rules) {
    (rule.paths.empty() ? resource_rules : path_rules).push_back(rule_value(rule));
  }
  Value status = Value::object({{"resourceRules", std::move(resource_rules)},
                                {"nonResourceRules", std::move(path_rules)},
                                {"incomplete", !rules.errors.empty()}});
  if (!rules.errors.empty()) status.set("evaluationError", join(rules.errors, ", "));
  review.set("status", std::move(status));
  return review;
}

Reply<Response> StandardSpecials::review(Call& call) const {
  if (call.info.verb != "create") {
    return Status::method_not_allowed(call.served->group_resource(), call.info.verb);
  }
  Value review = TRY(read_body(call.request));
  if (!review.is_object()) return Status::bad_request("the body of a review must be an object");
  review.set("kind", call.served->resource.kind);
  review.set("apiVersion", call.served->resource.gvr.api_version());
  if (!review["metadata"].is_object()) review.set("metadata", Value::object());
  const std::string& plural = call.served->resource.gvr.resource;
  Reply<Value> answered = Status::bad_request("unknown review");
  if (plural == "tokenreviews") answered = token_review(call, std::move(review));
  if (plural == "selfsubjectaccessreviews") {
    answered = access_review(call, std::move(review), call.user);
  }
  if (plural == "subjectaccessreviews" || plural == "localsubjectaccessreviews") {
    answered = subject_access_review(call, std::move(review));
  }
  if (plural == "selfsubjectrulesreviews") answered = rules_review(call, std::move(review));
  if (plural == "selfsubjectreviews") {
    review.set({"status", "userInfo"}, user_info(call.user));
    answered = std::move(review);
  }
  return respond_object(call, TRY(std::move(answered)), 201);
}

}  // namespace fleet::kube::apiserver
