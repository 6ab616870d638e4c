#include "kube/apiserver/endpoints.h"

#include "base/strings.h"
#include "kube/apiserver/discovery.h"
#include "kube/apiserver/respond.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

constexpr std::string_view kPlainText = "text/plain; charset=utf-8";

Value version_document() {
  return Value::object({{"major", "1"},
                        {"minor", "36"},
                        {"emulationMajor", "1"},
                        {"emulationMinor", "36"},
                        {"minCompatibilityMajor", "1"},
                        {"minCompatibilityMinor", "35"},
                        {"gitVersion", "v1.36.0+fleet"},
                        {"gitCommit", ""},
                        {"gitTreeState", "clean"},
                        {"buildDate", "1970-01-01T00:00:00Z"},
                        {"goVersion", ""},
                        {"compiler", ""},
                        {"platform", "linux/amd64"}});
}

Value root_document(const Catalog& catalog) {
  Value paths = Value::array({"/api", "/api/v1", "/apis", "/apis/"});
  for (const ServedGroup& group : catalog.groups()) {
    if (group.name.empty()) continue;
    paths.push_back(cat("/apis/", group.name));
    for (const std::string& version : group.versions) {
      paths.push_back(cat("/apis/", group.name, "/", version));
    }
  }
  for (const char* path : {"/healthz",
                           "/livez",
                           "/metrics",
                           "/openapi/v2",
                           "/openapi/v3",
                           "/openid/v1/jwks",
                           "/readyz",
                           "/version"}) {
    paths.push_back(path);
  }
  return Value::object({{"paths", std::move(paths)}});
}

Value issuer_document() {
  return Value::object({{"issuer", kIssuer},
                        {"jwks_uri", cat(kIssuer, "/openid/v1/jwks")},
                        {"response_types_supported", Value::array({"id_token"})},
                        {"subject_types_supported", Value::array({"public"})},
                        {"id_token_signing_alg_values_supported", Value::array({"ES256"})}});
}

Value keys_document(const crypto::PublicKey& key) {
  return Value::object({{"keys",
                         Value::array({Value::object({{"use", "sig"},
                                                      {"kty", "EC"},
                                                      {"kid", key.id()},
                                                      {"crv", "P-256"},
                                                      {"alg", key.algorithm()},
                                                      {"x", key.jwk_member("x")},
                                                      {"y", key.jwk_member("y")}})})}});
}

Status not_found() {
  Status status;
  status.reason = Code::NotFound;
  status.http = 404;
  status.message = "the server could not find the requested resource";
  return status;
}

}  // namespace

void StandardEndpoints::set_address(std::string address) {
  address_.with([&](std::string& current) { current = std::move(address); });
}

Response StandardEndpoints::health(std::string_view kind,
                                   std::string_view check,
                                   const http::Query& query) const {
  struct Check {
    std::string_view name;
    bool good;
  };
  const bool store_answers = core_.store.revision(Context::background()).ok();
  std::vector<Check> checks{{"ping", true}, {"store", store_answers}};
  if (kind == "readyz") checks.push_back({"start", ready_});
  std::string report;
  bool good = true;
  bool found = check.empty();
  for (const Check& one : checks) {
    if (!check.empty() && check != one.name) continue;
    found = true;
    good = good && one.good;
    report += cat(one.good ? "[+]" : "[-]", one.name, one.good ? " ok\n" : " failed: not yet\n");
  }
  if (!found) return respond_text("404 page not found\n", kPlainText, 404);
  if (good && !query.has("verbose")) return respond_text("ok", kPlainText);
  report += cat(kind, good ? " check passed\n" : " check failed\n");
  return respond_text(std::move(report), kPlainText, good ? 200 : 500);
}

Reply<Response> StandardEndpoints::answer(const Context&,
                                          const Request& request,
                                          const RequestInfo& info) const {
  if (info.verb != "get" && info.verb != "head") {
    return Status::method_not_allowed(info.path, info.verb);
  }
  const auto catalog = core_.registry.catalog();
  const std::string_view path = info.path;
  const std::string address = address_.with([](const std::string& current) { return current; });
  if (auto document = discovery(*catalog, path, request.headers, address)) {
    return std::move(*document);
  }
  if (path == "/version" || path == "/version/") return respond_document(version_document(), {});
  for (const std::string_view kind : {"healthz", "livez", "readyz"}) {
    if (path == cat("/", kind)) return health(kind, "", request.query);
    const std::string below = cat("/", kind, "/");
    if (path.starts_with(below)) return health(kind, path.substr(below.size()), request.query);
  }
  if (path == "/metrics") {
    return respond_text(metrics_.text(), "text/plain; version=0.0.4; charset=utf-8");
  }
  if (path.starts_with("/openapi/")) {
    if (auto document = openapi_.answer(request)) return std::move(*document);
  }
  if (path == "/.well-known/openid-configuration") return respond_document(issuer_document(), {});
  if (path == "/openid/v1/jwks") {
    Response response = respond_document(keys_document(tokens_.public_key()), {});
    response.content_type = "application/jwk-set+json";
    return response;
  }
  if (path == "/") return respond_document(root_document(*catalog), {});
  return not_found();
}

}  // namespace fleet::kube::apiserver
