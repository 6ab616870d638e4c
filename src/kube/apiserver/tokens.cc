#include "kube/apiserver/tokens.h"

#include <algorithm>

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "kube/apiserver/objects.h"
#include "wire/crypto/token.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

constexpr size_t kMaxChecked = 4096;  // tokens
constexpr std::string_view kPrefix = "kubernetes.io/serviceaccount/";

int64_t unix_seconds(TimePoint time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

// Whether the object is there, has that uid (if one is given) and is not being deleted.
bool is_alive(const Context& ctx,
              Core& core,
              std::string_view plural,
              const Key& key,
              std::string_view uid,
              DocumentPtr* document = nullptr) {
  ServedPtr served = core.registry.catalog()->find("", "v1", plural);
  if (!served) return false;
  auto found = read_object(ctx, core, served, key);
  if (!found.ok()) return false;
  const Value& metadata = (*found->document)["metadata"];
  if (!uid.empty() && metadata["uid"].as_string() != uid) return false;
  if (document != nullptr) *document = found->document;
  return metadata["deletionTimestamp"].is_null();
}

std::vector<std::string> texts(const Value& list) {
  std::vector<std::string> out;
  if (list.is_string()) out.push_back(list.to_string());
  for (const Value& item : list.items())
    out.push_back(item.to_string());
  return out;
}

Status refused(std::string_view why) {
  Status status = Status::unauthorized();
  status.message = std::string(why);
  return status;
}

// As Kubernetes' private claims of a bound token.
struct Claims {
  std::string ns;
  std::string name;
  std::string uid;
  std::string bound_kind;
  std::string bound_name;
  std::string bound_uid;
};

Claims bound_claims(const Value& claims) {
  const Value& own = claims["kubernetes.io"];
  Claims out{.ns = own["namespace"].to_string(),
             .name = own.at({"serviceaccount", "name"}).to_string(),
             .uid = own.at({"serviceaccount", "uid"}).to_string(),
             .bound_kind = {},
             .bound_name = {},
             .bound_uid = {}};
  for (const char* kind : {"pod", "secret", "node"}) {
    if (!own.contains(kind)) continue;
    out.bound_kind = kind;
    out.bound_name = own.at({kind, "name"}).to_string();
    out.bound_uid = own.at({kind, "uid"}).to_string();
  }
  return out;
}

Reply<> check_bound(const Context& ctx, Core& core, const Claims& claims) {
  if (claims.bound_kind.empty()) return {};
  const bool in_namespace = claims.bound_kind != "node";
  const Key key{in_namespace ? claims.ns : std::string(), claims.bound_name};
  if (is_alive(ctx, core, claims.bound_kind + "s", key, claims.bound_uid)) return {};
  return refused(cat("the ", claims.bound_kind, " that this token is bound to is gone"));
}

}  // namespace

Identity account_identity(std::string_view ns, std::string_view name, std::string_view uid) {
  Identity user;
  user.name = cat(kServiceAccountPrefix, ns, ":", name);
  user.uid = std::string(uid);
  user.groups = {
      "system:serviceaccounts", cat("system:serviceaccounts:", ns), std::string(kAuthenticated)};
  return user;
}

Result<std::string> TokenService::issue(const AccountToken& token,
                                        std::string id,
                                        TimePoint now) const {
  Value audiences = Value::array();
  for (const std::string& audience : token.audiences)
    audiences.push_back(audience);
  if (audiences.empty()) audiences.push_back(kIssuer);
  Value own = Value::object({{"namespace", token.ns}});
  if (!token.bound_kind.empty()) {
    own.set(to_lower(token.bound_kind),
            Value::object({{"name", token.bound_name}, {"uid", token.bound_uid}}));
  }
  own.set("serviceaccount", Value::object({{"name", token.name}, {"uid", token.uid}}));
  const Value claims =
      Value::object({{"aud", std::move(audiences)},
                     {"exp", unix_seconds(token.expires)},
                     {"iat", unix_seconds(now)},
                     {"iss", kIssuer},
                     {"jti", id},
                     {"kubernetes.io", std::move(own)},
                     {"nbf", unix_seconds(now)},
                     {"sub", cat(kServiceAccountPrefix, token.ns, ":", token.name)}});
  return crypto::sign_token(key_, json::print(claims, json::Keys::AsWritten));
}

Result<std::string> TokenService::issue_legacy(const Key& account,
                                               std::string_view uid,
                                               std::string_view secret) const {
  const Value claims =
      Value::object({{"iss", kLegacyIssuer},
                     {cat(kPrefix, "namespace"), account.ns},
                     {cat(kPrefix, "secret.name"), secret},
                     {cat(kPrefix, "service-account.name"), account.name},
                     {cat(kPrefix, "service-account.uid"), uid},
                     {"sub", cat(kServiceAccountPrefix, account.ns, ":", account.name)}});
  return crypto::sign_token(key_, json::print(claims, json::Keys::AsWritten));
}

Result<Value> TokenService::claims_of(std::string_view token) const {
  auto known = checked_.with([&](const auto& checked) {
    auto found = checked.find(token);
    return found == checked.end() ? Value() : found->second;
  });
  if (!known.is_null()) return known;
  const crypto::TokenParts parts = TRY(crypto::split_token(token));
  const Value header = TRY(json::parse(parts.header_json));
  if (!crypto::token_signed_by(parts, header["alg"].to_string(), public_key_)) {
    return Error(Code::Unauthorized, "the token was not signed by this server");
  }
  Value claims = TRY(json::parse(parts.claims_json));
  checked_.with([&](auto& checked) {
    if (checked.size() >= kMaxChecked) checked.clear();
    checked.emplace(std::string(token), claims);
  });
  return claims;
}

Reply<std::optional<TokenService::Verified>> TokenService::verify(
    const Context& ctx,
    Core& core,
    std::string_view token,
    const std::vector<std::string>& audiences) const {
  auto read = claims_of(token);
  if (!read.ok()) return std::optional<Verified>();
  const Value& claims = *read;
  const bool legacy = claims["iss"].as_string() == kLegacyIssuer;
  Claims who;
  std::vector<std::string> matching;
  const std::vector<std::string> wanted =
      audiences.empty() ? std::vector<std::string>{std::string(kIssuer)} : audiences;
  if (legacy) {
    who.ns = claims[cat(kPrefix, "namespace")].to_string();
    who.name = claims[cat(kPrefix, "service-account.name")].to_string();
    who.uid = claims[cat(kPrefix, "service-account.uid")].to_string();
    const Key secret{who.ns, claims[cat(kPrefix, "secret.name")].to_string()};
    if (!is_alive(ctx, core, "secrets", secret, "")) {
      return refused("the secret of this token is gone");
    }
    matching = wanted;
  } else {
    who = bound_claims(claims);
    const int64_t now = unix_seconds(ctx.clock().now());
    if (now >= claims["exp"].as_int()) return refused("the token has expired");
    if (now < claims["nbf"].as_int()) return refused("the token is not valid yet");
    for (const std::string& audience : texts(claims["aud"])) {
      if (std::find(wanted.begin(), wanted.end(), audience) != wanted.end()) {
        matching.push_back(audience);
      }
    }
    if (matching.empty()) return refused("the token is for another audience");
    TRY(check_bound(ctx, core, who));
  }
  if (!is_alive(ctx, core, "serviceaccounts", {who.ns, who.name}, who.uid)) {
    return refused("the service account of this token is gone");
  }
  Verified verified{account_identity(who.ns, who.name, who.uid), std::move(matching)};
  if (!legacy) {
    verified.user.extra["authentication.kubernetes.io/credential-id"] = {
        cat("JTI=", claims["jti"].to_string())};
    if (who.bound_kind == "pod") {
      verified.user.extra["authentication.kubernetes.io/pod-name"] = {who.bound_name};
      verified.user.extra["authentication.kubernetes.io/pod-uid"] = {who.bound_uid};
    }
  }
  return std::optional<Verified>(std::move(verified));
}

}  // namespace fleet::kube::apiserver
