#include "kube/client/http_client.h"

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "kube/client/http_watch.h"
#include "kube/client/rest_mapper.h"
#include "kube/meta/status.h"
#include "wire/http/client.h"

namespace fleet::kube {
namespace {

constexpr int kMaxAttempts = 10;
constexpr size_t kMaxAnswerBytes = size_t{2} << 30;  // a list of everything
constexpr std::string_view kJson = "application/json";

std::string accept(bool metadata_only, bool list) {
  if (!metadata_only) return std::string(kJson);
  return cat("application/json;as=PartialObjectMetadata",
             list ? "List" : "",
             ";g=meta.k8s.io;v=v1,application/json");
}

void add_selectors(http::Query& query, const LabelSelector& labels, const FieldSelector& fields) {
  if (!labels.is_everything()) query.add("labelSelector", labels.str());
  if (!fields.empty()) query.add("fieldSelector", fields.str());
}

http::Query list_query(const ListOptions& options) {
  http::Query query;
  add_selectors(query, options.labels, options.fields);
  if (options.limit > 0) query.add("limit", std::to_string(options.limit));
  if (!options.continue_token.empty()) query.add("continue", options.continue_token);
  if (!options.resource_version.empty()) query.add("resourceVersion", options.resource_version);
  if (!options.resource_version_match.empty()) {
    query.add("resourceVersionMatch", options.resource_version_match);
  }
  return query;
}

http::Query watch_query(const WatchOptions& options) {
  http::Query query = {{"watch", "true"}};
  add_selectors(query, options.labels, options.fields);
  if (!options.resource_version.empty()) query.add("resourceVersion", options.resource_version);
  if (options.bookmarks) query.add("allowWatchBookmarks", "true");
  if (options.send_initial_events) {
    query.add("sendInitialEvents", "true");
    query.add("resourceVersionMatch", "NotOlderThan");
  }
  if (options.timeout) query.add("timeoutSeconds", std::to_string(options.timeout->count()));
  return query;
}

http::Query write_query(const WriteOptions& options, bool apply) {
  http::Query query;
  if (!options.field_manager.empty()) query.add("fieldManager", options.field_manager);
  if (!options.field_validation.empty()) query.add("fieldValidation", options.field_validation);
  if (options.dry_run) query.add("dryRun", "All");
  if (apply && options.force) query.add("force", "true");
  return query;
}

data::Value delete_body(const DeleteOptions& options) {
  data::Value body = data::Value::object({{"kind", "DeleteOptions"}, {"apiVersion", "v1"}});
  switch (options.propagation) {
    case Propagation::Default:
      break;
    case Propagation::Background:
      body.set("propagationPolicy", "Background");
      break;
    case Propagation::Foreground:
      body.set("propagationPolicy", "Foreground");
      break;
    case Propagation::Orphan:
      body.set("propagationPolicy", "Orphan");
      break;
  }
  if (!options.uid.empty()) body.set({"preconditions", "uid"}, options.uid);
  if (!options.resource_version.empty()) {
    body.set({"preconditions", "resourceVersion"}, options.resource_version);
  }
  if (options.grace_period_seconds) body.set("gracePeriodSeconds", *options.grace_period_seconds);
  if (options.dry_run) body.set("dryRun", data::Value::array({"All"}));
  return body;
}

std::string with_query(std::string path, const http::Query& query) {
  return query.empty() ? path : cat(path, "?", query.text());
}

std::string object_path(const Resource& resource, const Key& key, const std::string& subresource) {
  std::string path = resource.path(key.ns, http::escape_path_segment(key.name));
  return subresource.empty() ? path : cat(path, "/", subresource);
}

class HttpClient final : public Client {
 public:
  HttpClient(std::string base, http::ClientOptions options, const Access& access, Duration timeout)
      : base_(std::move(base)),
        http_(std::move(options)),
        timeout_(timeout) {
    if (access.as_user.empty()) return;
    identity_.add("impersonate-user", access.as_user);
    for (const std::string& group : access.as_groups)
      identity_.add("impersonate-group", group);
  }

  Result<Object> get(const Context& ctx,
                     const Resource& resource,
                     const Key& key,
                     const GetOptions& options) override {
    http::Query query;
    if (!options.resource_version.empty()) query.add("resourceVersion", options.resource_version);
    return object_of(resource,
                     call(ctx, resource, "GET", with_query(object_path(resource, key, ""), query)));
  }

  Result<ObjectList> list(const Context& ctx,
                          const Resource& resource,
                          const ListOptions& options) override {
    RawRequest request;
    request.path = with_query(resource.path(options.ns), list_query(options));
    request.accept = accept(options.metadata_only, true);
    const RawAnswer answer = TRY(checked(ctx, resource, request));
    const data::Value document = TRY(json::parse(answer.body).within("answer of the server"));
    ObjectList list;
    const data::Value& meta = document["metadata"];
    list.resource_version = meta["resourceVersion"].to_string();
    list.continue_token = meta["continue"].to_string();
    if (meta["remainingItemCount"].is_number())
      list.remaining = meta["remainingItemCount"].as_int();
    list.items.reserve(document["items"].size());
    for (const data::Value& item : document["items"].items()) {
      list.items.emplace_back(item);
      list.items.back().set_gvk(resource.gvk());
    }
    return list;
  }

  Result<std::unique_ptr<Watch>> watch(const Context& ctx,
                                       const Resource& resource,
                                       const WatchOptions& options) override {
    RawRequest request;
    request.path = with_query(resource.path(options.ns), watch_query(options));
    request.accept = accept(options.metadata_only, false);
    const Context start = ctx.with_timeout(timeout_);
    for (int attempt = 1;; ++attempt) {
      http::BodyReader reader = TRY(http_.open(start, http_call(request)));
      if (reader.status() == 200) {
        return make_http_watch(
            std::move(reader),
            options.metadata_only ? std::optional(resource.gvk()) : std::nullopt);
      }
      RawAnswer answer;
      answer.status = reader.status();
      const auto pause = retry_after(answer.status, reader.headers());
      if (pause && attempt < kMaxAttempts) {
        TRY(start.sleep(*pause));
        continue;
      }
      answer.body = TRY(reader.read_all(start, size_t{1} << 20));
      TRY(check(start, resource, answer));
      return Error{Code::InternalError, cat("watch is answered with status ", answer.status)};
    }
  }

  Result<Object> create(const Context& ctx,
                        const Resource& resource,
                        const Object& object,
                        const WriteOptions& options) override {
    std::string path = options.subresource.empty()
                           ? resource.path(object.ns())
                           : object_path(resource, object.key(), options.subresource);
    path = with_query(std::move(path), write_query(options, false));
    return object_of(resource, call(ctx, resource, "POST", std::move(path), object.value()));
  }

  Result<Object> update(const Context& ctx,
                        const Resource& resource,
                        const Object& object,
                        const WriteOptions& options) override {
    std::string path = object_path(resource, object.key(), options.subresource);
    path = with_query(std::move(path), write_query(options, false));
    return object_of(resource, call(ctx, resource, "PUT", std::move(path), object.value()));
  }

  Result<Object> patch(const Context& ctx,
                       const Resource& resource,
                       const Key& key,
                       const Patch& patch,
                       const WriteOptions& options) override {
    RawRequest request;
    request.method = "PATCH";
    request.path = with_query(object_path(resource, key, options.subresource),
                              write_query(options, patch.type == PatchType::Apply));
    request.content_type = std::string(content_type(patch.type));
    request.body = json::print(patch.body, json::Keys::AsWritten);
    return object_of(resource, document(ctx, resource, request));
  }

  Result<std::optional<Object>> remove(const Context& ctx,
                                       const Resource& resource,
                                       const Key& key,
                                       const DeleteOptions& options) override {
    const data::Value answer =
        TRY(call(ctx, resource, "DELETE", object_path(resource, key, ""), delete_body(options)));
    if (answer["kind"].as_string() == "Status") return std::optional<Object>();
    return std::optional<Object>(Object(answer));
  }

  Result<> remove_collection(const Context& ctx,
                             const Resource& resource,
                             const ListOptions& which,
                             const DeleteOptions& options) override {
    const std::string path = with_query(resource.path(which.ns), list_query(which));
    TRY(call(ctx, resource, "DELETE", path, delete_body(options)));
    return {};
  }

  Result<RawAnswer> raw(const Context& ctx, const RawRequest& request) override {
    const Context bounded = ctx.with_timeout(timeout_);
    for (int attempt = 1;; ++attempt) {
      http::Answer answer = TRY(http_.request(bounded, http_call(request)));
      const auto pause = retry_after(answer.status, answer.headers);
      if (!pause || attempt >= kMaxAttempts || *pause > bounded.remaining(Duration::max())) {
        return RawAnswer{answer.status,
                         std::string(answer.headers.value("content-type")),
                         std::move(answer.body)};
      }
      TRY(bounded.sleep(*pause));
    }
  }

 private:
  http::Call http_call(const RawRequest& request) const {
    http::Call call;
    call.method = request.method;
    call.url = base_ + request.path;
    call.headers = identity_;
    call.headers.add("accept", request.accept);
    if (!request.body.empty()) call.headers.add("content-type", request.content_type);
    call.body = request.body;
    call.max_answer_bytes = kMaxAnswerBytes;
    return call;
  }

  // How long to wait before asking again; nothing when the answer is final.
  static std::optional<Duration> retry_after(int status, const http::Headers& headers) {
    if (status != 429 && status != 503) return {};
    const auto seconds = parse_uint(headers.value("retry-after"));
    if (!seconds || *seconds > 600) return {};
    return std::chrono::seconds{*seconds};
  }

  // kube-apiserver speaks of a kind that it does not have as any proxy would of a page; its
  // discovery tells the two apart.
  Result<> check(const Context& ctx, const Resource& resource, const RawAnswer& answer) {
    Result<> fine = answer.check();
    if (!answer.is_foreign_not_found()) return fine;
    const Result<bool> absent = lacks(ctx, *this, resource.gvr);
    if (!absent.ok() || !*absent) return fine;
    return Error{Code::NotFound, "the server could not find the requested resource"};
  }

  Result<RawAnswer> checked(const Context& ctx,
                            const Resource& resource,
                            const RawRequest& request) {
    RawAnswer answer = TRY(raw(ctx, request));
    TRY(check(ctx, resource, answer));
    return answer;
  }

  Result<data::Value> document(const Context& ctx,
                               const Resource& resource,
                               const RawRequest& request) {
    const RawAnswer answer = TRY(checked(ctx, resource, request));
    return json::parse(answer.body).within("answer of the server");
  }

  Result<data::Value> call(const Context& ctx,
                           const Resource& resource,
                           std::string method,
                           std::string path,
                           const data::Value& body = {}) {
    RawRequest request;
    request.method = std::move(method);
    request.path = std::move(path);
    if (!body.is_null()) request.body = json::print(body, json::Keys::AsWritten);
    return document(ctx, resource, request);
  }

  static Result<Object> object_of(const Resource& resource, Result<data::Value> answer) {
    Object object(TRY(std::move(answer)));
    if (object.kind().empty()) object.set_gvk(resource.gvk());
    return object;
  }

  const std::string base_;
  http::Headers identity_;
  http::Client http_;
  const Duration timeout_;
};

}  // namespace

Result<std::unique_ptr<Client>> make_http_client(const Access& access,
                                                 const HttpClientOptions& options) {
  const std::string server =
      contains(access.server, "://") ? access.server : "https://" + access.server;
  const http::Url url = TRY(http::parse_url(server).within("address of the API server"));
  http::ClientOptions http;
  http.user_agent = options.user_agent;
  http.server_name = access.tls_server_name;
  http.proxy = http::ProxySettings::from_environment();
  if (!access.proxy_url.empty()) http.proxy = {access.proxy_url, access.proxy_url, ""};
  if (url.tls()) {
    tls::ClientSettings tls;
    tls.ca = access.ca;
    tls.system_ca = access.ca.empty();
    tls.insecure_skip_verify = access.insecure_skip_verify;
    tls.certificate_chain = access.client_certificate;
    tls.key = access.client_key;
    http.tls = TRY(tls::ClientContext::make(tls).within("API server"));
  }
  if (!access.token_file.empty()) {
    http.authorization = http::bearer_from_file(access.token_file);
  } else if (!access.token.empty()) {
    http.authorization = http::bearer(access.token.reveal());
  } else if (!access.username.empty()) {
    const std::string value = http::basic_authorization(access.username, access.password.reveal());
    http.authorization = [value] { return value; };
  }
  std::string base = url.text();
  while (base.ends_with('/'))
    base.pop_back();
  return std::unique_ptr<Client>(std::make_unique<HttpClient>(
      std::move(base), std::move(http), access, options.request_timeout));
}

}  // namespace fleet::kube
