#include "wire/oci/registry.h"

#include <algorithm>

#include "base/strings.h"
#include "codec/digest.h"
#include "data/json/parse.h"
#include "sys/guarded.h"
#include "wire/http/client.h"
#include "wire/oci/login.h"

namespace fleet::oci {
namespace {

constexpr int kMaxTagPages = 1'000;
constexpr size_t kMaxTagsBytes = size_t{16} << 20;  // of one page
constexpr int kMaxRedirects = 5;                    // blobs often lie elsewhere

// The registry's own words for a failure, if it gave any.
std::string said(std::string_view body) {
  const auto document = json::parse(body);
  if (!document.ok()) return {};
  const data::Value& first = (*document)["errors"][0];
  const std::string message = first["message"].to_string();
  return message.empty() ? first["code"].to_string() : message;
}

Error failure(const http::Answer& answer) {
  Code code = http::code_of_status(answer.status);
  if (answer.status >= 500) code = Code::ServiceUnavailable;
  const std::string words = said(answer.body);
  return Error{code,
               cat("registry answers ",
                   answer.status,
                   " ",
                   http::reason_phrase(answer.status),
                   words.empty() ? "" : ": ",
                   words)};
}

// `</v2/x/tags/list?last=b>; rel="next"`
std::string next_page(const http::Answer& answer) {
  const std::string_view link = answer.headers.value("link");
  const size_t end = link.find('>');
  if (!link.starts_with('<') || end == std::string_view::npos || !contains(link, "next")) return {};
  return std::string(link.substr(1, end - 1));
}

std::string accepted_manifests() {
  return cat(kManifestType,
             ", ",
             kIndexType,
             ", application/vnd.docker.distribution.manifest.v2+json"
             ", application/vnd.docker.distribution.manifest.list.v2+json");
}

Result<> check_digest(std::string_view bytes, const std::string& digest) {
  const bool is_sha512 = digest.starts_with("sha512:");
  const std::string actual =
      is_sha512 ? "sha512:" + codec::hex_digest(codec::Hash::Sha512, bytes) : digest_of(bytes);
  if (actual == digest) return {};
  return Error{Code::Invalid, cat("content has digest ", actual, ", not ", digest)};
}

}  // namespace

struct Registry::State {
  State(RegistryOptions wanted, http::ClientOptions http)
      : options(std::move(wanted)),
        client(std::move(http)) {}

  const RegistryOptions options;
  http::Client client;
  // By registry, repository and what may be done.
  Guarded<std::map<std::string, std::string>> authorizations;

  std::string base(const Reference& reference) const {
    // What people call docker.io is served elsewhere.
    const std::string host =
        reference.registry == "docker.io" ? "registry-1.docker.io" : reference.registry;
    return cat(options.plain_http ? "http://" : "https://", host);
  }
  std::string url(const Reference& reference, std::string_view rest) const {
    return cat(base(reference), "/v2/", reference.repository, "/", rest);
  }

  // Sends, and again with an answer to the registry's challenge.
  Result<http::Answer> send(const Context& ctx,
                            const Reference& reference,
                            http::Call call,
                            std::string_view actions) {
    const std::string scope = cat("repository:", reference.repository, ":", actions);
    const std::string key = cat(reference.registry, " ", scope);
    const std::string known = authorizations.with([&](const auto& all) {
      const auto at = all.find(key);
      return at == all.end() ? std::string() : at->second;
    });
    if (!known.empty()) call.headers.set("authorization", known);
    http::Answer answer = TRY(client.request(ctx, call));
    if (answer.status != 401) return answer;
    const auto challenge = parse_challenge(answer.headers.value("www-authenticate"));
    if (!challenge) return failure(answer);
    const std::string fresh = TRY(answer_challenge(ctx, client, *challenge, scope, options));
    if (fresh == known) return failure(answer);
    call.headers.set("authorization", fresh);
    answer = TRY(client.request(ctx, call));
    if (answer.status == 401) return failure(answer);
    authorizations.with([&](auto& all) { all[key] = fresh; });
    return answer;
  }

  Result<http::Answer> get(const Context& ctx,
                           const Reference& reference,
                           std::string url,
                           std::string_view accept,
                           size_t max_bytes) {
    http::Call call;
    call.url = std::move(url);
    if (!accept.empty()) call.headers.add("accept", accept);
    // Digests are of the bytes as stored.
    call.headers.add("accept-encoding", "identity");
    call.max_redirects = kMaxRedirects;
    call.max_answer_bytes = max_bytes;
    http::Answer answer = TRY(send(ctx, reference, std::move(call), "pull"));
    if (answer.status != 200) return failure(answer);
    return answer;
  }
};

Registry::Registry(std::unique_ptr<State> state)
    : state_(std::move(state)) {}
Registry::~Registry() = default;

Result<std::unique_ptr<Registry>> Registry::make(RegistryOptions options) {
  http::ClientOptions http;
  http.proxy = http::ProxySettings::from_environment();
  if (!options.ca_bundle.empty() || options.insecure_skip_tls_verify) {
    tls::ClientSettings tls;
    tls.ca = options.ca_bundle;
    tls.insecure_skip_verify = options.insecure_skip_tls_verify;
    http.tls = TRY(tls::ClientContext::make(tls).within("CA bundle"));
  }
  auto state = std::make_unique<State>(std::move(options), std::move(http));
  return std::unique_ptr<Registry>(new Registry(std::move(state)));
}

Result<std::vector<std::string>> Registry::tags(const Context& ctx, const Reference& repository) {
  std::vector<std::string> all;
  std::string url = state_->url(repository, "tags/list");
  for (int page = 0; page < kMaxTagPages; ++page) {
    const http::Answer answer =
        TRY(state_->get(ctx, repository, url, "application/json", kMaxTagsBytes)
                .within(repository.name()));
    const data::Value document = TRY(json::parse(answer.body).within("list of tags"));
    for (const data::Value& tag : document["tags"].items())
      all.push_back(tag.to_string());
    const std::string next = next_page(answer);
    if (next.empty()) return all;
    url = TRY(http::resolve_url(TRY(http::parse_url(url)), next)).text();
    if (!url.starts_with(state_->base(repository) + "/")) {
      return Error{Code::Invalid, "list of tags: its next page is on another host"};
    }
  }
  return all;
}

Result<Pulled> Registry::manifest(const Context& ctx, const Reference& reference) {
  const std::string url = state_->url(reference, "manifests/" + reference.target());
  const http::Answer answer =
      TRY(state_->get(ctx, reference, url, accepted_manifests(), kMaxManifestBytes)
              .within(reference.text()));
  Pulled pulled;
  pulled.digest = digest_of(answer.body);
  if (!reference.digest.empty()) {
    TRY(check_digest(answer.body, reference.digest).within(reference.text()));
    pulled.digest = reference.digest;
  }
  pulled.manifest = TRY(parse_manifest(answer.body).within(reference.text()));
  return pulled;
}

Result<std::string> Registry::blob(const Context& ctx,
                                   const Reference& repository,
                                   const Descriptor& blob,
                                   size_t max_bytes) {
  const std::string doing = cat(repository.name(), "@", blob.digest);
  if (blob.size > max_bytes) {
    return Error{Code::RequestEntityTooLarge, cat(doing, ": larger than ", max_bytes, " bytes")};
  }
  http::Answer answer = TRY(
      state_->get(ctx, repository, state_->url(repository, "blobs/" + blob.digest), "", max_bytes)
          .within(doing));
  TRY(check_digest(answer.body, blob.digest).within(doing));
  return std::move(answer.body);
}

Result<> Registry::push_blob(const Context& ctx,
                             const Reference& repository,
                             std::string_view bytes) {
  const std::string digest = digest_of(bytes);
  http::Call head;
  head.method = "HEAD";
  head.url = state_->url(repository, "blobs/" + digest);
  const std::string doing = cat(repository.name(), "@", digest);
  if (TRY(state_->send(ctx, repository, head, "pull,push").within(doing)).status == 200) return {};
  http::Call start;
  start.method = "POST";
  start.url = state_->url(repository, "blobs/uploads/");
  const http::Answer started = TRY(state_->send(ctx, repository, start, "pull,push").within(doing));
  if (started.status != 202) return failure(started).within(doing);
  const http::Url place =
      TRY(http::resolve_url(TRY(http::parse_url(start.url)), started.headers.value("location"))
              .within(doing));
  http::Call put;
  put.method = "PUT";
  put.url = cat(
      place.text(), contains(place.target, "?") ? "&" : "?", "digest=", http::escape_query(digest));
  put.headers.add("content-type", "application/octet-stream");
  put.body = std::string(bytes);
  // Another host gets the bytes, but no login of ours.
  const bool at_home = put.url.starts_with(state_->base(repository) + "/");
  auto sent =
      at_home ? state_->send(ctx, repository, put, "pull,push") : state_->client.request(ctx, put);
  const http::Answer stored = TRY(std::move(sent).within(doing));
  if (stored.status != 201) return failure(stored).within(doing);
  return {};
}

Result<std::string> Registry::push_manifest(const Context& ctx,
                                            const Reference& reference,
                                            const Manifest& manifest) {
  http::Call put;
  put.method = "PUT";
  put.url = state_->url(reference, "manifests/" + reference.target());
  put.headers.add("content-type", manifest.media_type);
  put.body = print_manifest(manifest);
  const std::string digest = digest_of(put.body);
  const http::Answer stored =
      TRY(state_->send(ctx, reference, put, "pull,push").within(reference.text()));
  if (stored.status != 201) return failure(stored).within(reference.text());
  return digest;
}

Result<> Registry::remove(const Context& ctx, const Reference& reference) {
  std::string digest = reference.digest;
  if (digest.empty()) digest = TRY(manifest(ctx, reference)).digest;
  http::Call call;
  call.method = "DELETE";
  call.url = state_->url(reference, "manifests/" + digest);
  const http::Answer answer =
      TRY(state_->send(ctx, reference, call, "pull,push,delete").within(reference.text()));
  if (answer.status != 202) return failure(answer).within(reference.text());
  return {};
}

}  // namespace fleet::oci
