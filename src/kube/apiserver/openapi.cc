#include "kube/apiserver/openapi.h"

#include "base/strings.h"
#include "codec/digest.h"
#include "data/json/print.h"
#include "kube/apiserver/negotiate.h"
#include "kube/apiserver/respond.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

constexpr std::string_view kV3Root = "/openapi/v3";
constexpr std::string_view kCachedForEver = "public, immutable";

std::string document_path(const std::string& group, const std::string& version) {
  return group.empty() ? cat("api/", version) : cat("apis/", group, "/", version);
}

// Of all that the document is made from: this program's own kinds never change while it runs.
std::string hash_of(const Catalog& catalog, const std::string& group, const std::string& version) {
  std::string what = cat("1 ", group, " ", version);
  for (const ServedPtr& served : catalog.resources(group, version)) {
    what += cat("\n", served->resource.gvr.resource, " ", served->schema_tag);
  }
  return to_upper(codec::hex_digest(codec::Hash::Sha512, what));
}

// The first is no valid media type, so the answer always names the second.
constexpr std::string_view kOldProtobuf =
    "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
constexpr std::string_view kProtobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

bool wants_protobuf(const http::Headers& headers) {
  for (const std::string_view accepted : split(headers.value("accept"), ',')) {
    const std::string_view media = media_type(accepted);
    if (media == kOldProtobuf || media == kProtobuf) return true;
  }
  return false;
}

}  // namespace

std::shared_ptr<const std::string> OpenApi::text(const std::string& path,
                                                 uint64_t generation,
                                                 const std::function<std::string()>& make) const {
  auto known = documents_.with([&](const Documents& documents) {
    auto found = documents.texts.find(path);
    const bool fresh = documents.generation == generation && found != documents.texts.end();
    return fresh ? found->second : nullptr;
  });
  if (known) return known;
  auto made = std::make_shared<const std::string>(make());
  documents_.with([&](Documents& documents) {
    if (documents.generation > generation) return;
    if (documents.generation < generation) documents.texts.clear();
    documents.generation = generation;
    documents.texts[path] = made;
  });
  return made;
}

std::optional<Response> OpenApi::v3(const Request& request) const {
  const auto catalog = registry_.catalog();
  const std::string_view wanted = trim(std::string_view(request.path).substr(kV3Root.size()), "/");
  Value addresses = Value::object();
  for (const ServedGroup& group : catalog->groups()) {
    for (const std::string& version : group.versions) {
      const std::string path = document_path(group.name, version);
      if (!wanted.empty() && wanted != path) continue;
      const std::string hash = hash_of(*catalog, group.name, version);
      if (wanted.empty()) {
        addresses.set(
            path, Value::object({{"serverRelativeURL", cat(kV3Root, "/", path, "?hash=", hash)}}));
        continue;
      }
      const bool known = contains(request.headers.value("if-none-match"), hash);
      Response response = known ? respond_text("", "application/json", 304)
                                : respond_document(openapi_v3(*catalog, group.name, version), {});
      response.headers.set("etag", quote(hash));
      response.headers.set("vary", "Accept");
      if (request.query.value("hash") == hash) {
        response.headers.set("cache-control", kCachedForEver);
      }
      return response;
    }
  }
  if (!wanted.empty()) return std::nullopt;
  return respond_document(Value::object({{"paths", std::move(addresses)}}), {});
}

Response OpenApi::v2(const Request& request) const {
  const uint64_t generation = registry_.generation();
  const auto catalog = registry_.catalog();
  if (wants_protobuf(request.headers)) {
    const auto bytes = text("v2.pb", generation, [&] { return gnostic_v2(openapi_v2(*catalog)); });
    return respond_text(*bytes, kProtobuf);
  }
  const auto document = text("v2.json", generation, [&] {
    return json::print(openapi_v2(*catalog), json::Keys::AsWritten);
  });
  return respond_text(*document, "application/json");
}

std::optional<Response> OpenApi::answer(const Request& request) const {
  const std::string_view path = request.path;
  if (path == "/openapi/v2") return v2(request);
  if (path == kV3Root || path.starts_with(cat(kV3Root, "/"))) return v3(request);
  return std::nullopt;
}

}  // namespace fleet::kube::apiserver
