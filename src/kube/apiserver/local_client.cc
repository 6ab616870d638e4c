#include "kube/apiserver/local_client.h"

#include <deque>

#include "base/strings.h"
#include "kube/apiserver/table.h"
#include "kube/apiserver/watch.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

constexpr size_t kTakeAtOnce = 500;  // events
constexpr Duration kBookmarkEvery = std::chrono::minutes(1);
constexpr std::string_view kInitialEventsEnd = "k8s.io/initial-events-end";

WatchEvent::Type event_type(SourceEvent::Type type) {
  switch (type) {
    case SourceEvent::Type::Added:
      return WatchEvent::Type::Added;
    case SourceEvent::Type::Modified:
      return WatchEvent::Type::Modified;
    case SourceEvent::Type::Deleted:
      return WatchEvent::Type::Deleted;
    default:
      return WatchEvent::Type::Bookmark;
  }
}

class LocalWatch final : public Watch {
 public:
  LocalWatch(std::shared_ptr<EventSource> source, const Context& ctx)
      : source_(std::move(source)),
        ctx_(ctx),
        started_(ctx.clock().instant()) {
    source_->on_ready([ready = ready_] {
      ready->with([](bool& is_ready) { is_ready = true; });
      ready->notify_all();
    });
  }
  ~LocalWatch() override { source_->on_ready({}); }

  Result<std::optional<WatchEvent>> next(const Context& ctx) override {
    while (true) {
      if (!waiting_.empty()) {
        SourceEvent event = std::move(waiting_.front());
        waiting_.pop_front();
        return hand_out(event);
      }
      if (source_->ended()) return std::optional<WatchEvent>();
      for (SourceEvent& event : source_->take(kTakeAtOnce))
        waiting_.push_back(std::move(event));
      if (!waiting_.empty() || source_->ended()) continue;
      TRY(ctx_.check());
      const Instant now = ctx.clock().instant();
      const Instant end =
          source_->settings().timeout ? started_ + *source_->settings().timeout : Instant::max();
      if (now >= end) return std::optional<WatchEvent>();
      const Instant until = std::min(end, now + kBookmarkEvery);
      if (TRY(wait(ctx, until)) || !source_->settings().bookmarks) continue;
      SourceEvent mark;
      mark.type = SourceEvent::Type::Bookmark;
      mark.revision = source_->progress();
      if (ctx.clock().instant() < end) waiting_.push_back(std::move(mark));
    }
  }

 private:
  // True when there may be events. The watch's own context can end it as well.
  Result<bool> wait(const Context& ctx, Instant until) {
    const std::stop_callback wake(ctx_.stop(), [this] { ready_->notify_all(); });
    auto ready = ready_->wait_until(
        ctx, until, [&](const bool& is_ready) { return is_ready || ctx_.stop().stop_requested(); });
    ready_->with([](bool& is_ready) { is_ready = false; });
    return ready;
  }

  Result<std::optional<WatchEvent>> hand_out(const SourceEvent& event) const {
    if (event.type == SourceEvent::Type::Error) return event.status.to_error();
    const auto& settings = source_->settings();
    WatchEvent out;
    out.type = event_type(event.type);
    if (event.type == SourceEvent::Type::Bookmark) {
      out.object = Object(bookmark(*settings.served, event.revision, event.initial_end));
    } else {
      const DocumentPtr document = source_->document(event);
      const bool partial = settings.format.shape == Format::Shape::Partial;
      out.object = Object(partial ? partial_metadata(*document, settings.format) : *document);
    }
    return std::optional<WatchEvent>(std::move(out));
  }

  std::shared_ptr<EventSource> source_;
  Context ctx_;
  Instant started_;
  std::deque<SourceEvent> waiting_;
  std::shared_ptr<Guarded<bool>> ready_ = std::make_shared<Guarded<bool>>();
};

void add_selection(http::Query& query, const LabelSelector& labels, const FieldSelector& fields) {
  if (labels.is_nothing()) {
    query.set("labelSelector", "!kubernetes.io/nothing,kubernetes.io/nothing");
  } else if (!labels.is_everything()) {
    query.set("labelSelector", labels.str());
  }
  if (!fields.empty()) query.set("fieldSelector", fields.str());
}

void set_if(http::Query& query, std::string_view name, std::string_view value) {
  if (!value.empty()) query.set(name, value);
}

void add_write_options(http::Query& query, const WriteOptions& options) {
  set_if(query, "fieldManager", options.field_manager);
  set_if(query, "fieldValidation", options.field_validation);
  if (options.dry_run) query.set("dryRun", "All");
  if (options.force) query.set("force", "true");
}

Value delete_body(const DeleteOptions& options) {
  Value body = Value::object({{"kind", "DeleteOptions"}, {"apiVersion", "v1"}});
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
  if (options.dry_run) body.set("dryRun", Value::array({"All"}));
  return body;
}

class LocalClient final : public Client {
 public:
  LocalClient(const Handler& handler, Identity identity)
      : handler_(handler),
        identity_(std::move(identity)) {}

  Result<Object> get(const Context& ctx,
                     const Resource& resource,
                     const Key& key,
                     const GetOptions& options) override {
    Request request = begin("GET", resource.path(key.ns, key.name));
    set_if(request.query, "resourceVersion", options.resource_version);
    return object(ctx, request);
  }

  Result<ObjectList> list(const Context& ctx,
                          const Resource& resource,
                          const ListOptions& options) override {
    Request request = begin("GET", resource.path(options.ns));
    add_selection(request.query, options.labels, options.fields);
    if (options.limit > 0) request.query.set("limit", std::to_string(options.limit));
    set_if(request.query, "continue", options.continue_token);
    set_if(request.query, "resourceVersion", options.resource_version);
    set_if(request.query, "resourceVersionMatch", options.resource_version_match);
    if (options.metadata_only) ask_for_metadata(request);
    Value answer = TRY(call(ctx, request));
    ObjectList list;
    list.resource_version = answer.at({"metadata", "resourceVersion"}).to_string();
    list.continue_token = answer.at({"metadata", "continue"}).to_string();
    if (answer["metadata"].contains("remainingItemCount")) {
      list.remaining = answer.at({"metadata", "remainingItemCount"}).as_int();
    }
    list.items.reserve(answer["items"].size());
    for (const Value& item : answer["items"].items())
      list.items.emplace_back(item);
    return list;
  }

  Result<std::unique_ptr<Watch>> watch(const Context& ctx,
                                       const Resource& resource,
                                       const WatchOptions& options) override {
    Request request = begin("GET", resource.path(options.ns));
    request.query.set("watch", "true");
    add_selection(request.query, options.labels, options.fields);
    set_if(request.query, "resourceVersion", options.resource_version);
    if (options.bookmarks) request.query.set("allowWatchBookmarks", "true");
    if (options.timeout) {
      request.query.set("timeoutSeconds", std::to_string(options.timeout->count()));
    }
    if (options.send_initial_events) {
      request.query.set("sendInitialEvents", "true");
      request.query.set("resourceVersionMatch", "NotOlderThan");
    }
    if (options.metadata_only) ask_for_metadata(request);
    Response response = handler_.handle(ctx, request);
    if (!response.ok()) return Status::from_value(response.take_document()).to_error();
    CHECK(response.watch != nullptr);
    return std::unique_ptr<Watch>(std::make_unique<LocalWatch>(std::move(response.watch), ctx));
  }

  Result<Object> create(const Context& ctx,
                        const Resource& resource,
                        const Object& created,
                        const WriteOptions& options) override {
    const std::string name = options.subresource.empty() ? "" : std::string(created.name());
    Request request = begin("POST", resource.path(created.ns(), name), options.subresource);
    add_write_options(request.query, options);
    request.body = created.value();
    return object(ctx, request);
  }

  Result<Object> update(const Context& ctx,
                        const Resource& resource,
                        const Object& updated,
                        const WriteOptions& options) override {
    Request request =
        begin("PUT", resource.path(updated.ns(), updated.name()), options.subresource);
    add_write_options(request.query, options);
    request.body = updated.value();
    return object(ctx, request);
  }

  Result<Object> patch(const Context& ctx,
                       const Resource& resource,
                       const Key& key,
                       const Patch& change,
                       const WriteOptions& options) override {
    Request request = begin("PATCH", resource.path(key.ns, key.name), options.subresource);
    add_write_options(request.query, options);
    request.headers.set("content-type", content_type(change.type));
    request.body = change.body;
    return object(ctx, request);
  }

  Result<std::optional<Object>> remove(const Context& ctx,
                                       const Resource& resource,
                                       const Key& key,
                                       const DeleteOptions& options) override {
    Request request = begin("DELETE", resource.path(key.ns, key.name));
    request.body = delete_body(options);
    Value answer = TRY(call(ctx, request));
    Object left(std::move(answer));
    if (!left.is_being_deleted()) return std::optional<Object>();
    return std::optional<Object>(std::move(left));
  }

  Result<> remove_collection(const Context& ctx,
                             const Resource& resource,
                             const ListOptions& which,
                             const DeleteOptions& options) override {
    Request request = begin("DELETE", resource.path(which.ns));
    add_selection(request.query, which.labels, which.fields);
    request.body = delete_body(options);
    TRY(call(ctx, request));
    return {};
  }

  Result<RawAnswer> raw(const Context& ctx, const RawRequest& raw_request) override {
    const auto parts = cut(raw_request.path, "?");
    const std::string_view path = parts ? parts->before : std::string_view(raw_request.path);
    const auto decoded = http::unescape_path(path);
    if (!decoded) return Error(Code::BadRequest, cat("bad escape in path ", raw_request.path));
    Request request = begin(raw_request.method, *decoded);
    if (parts) request.query = http::Query::parse(parts->after);
    request.headers.set("accept", raw_request.accept);
    request.headers.set("content-type", raw_request.content_type);
    if (!raw_request.body.empty()) request.body = raw_request.body;
    Response response = handler_.handle(ctx, request);
    if (response.watch) return Error(Code::BadRequest, "a watch has no single answer");
    RawAnswer answer;
    answer.status = response.status;
    answer.content_type = response.content_type;
    answer.body = response.take_text();
    return answer;
  }

 private:
  Request begin(std::string method, std::string path, std::string_view subresource = {}) const {
    Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    if (!subresource.empty()) request.path += cat('/', subresource);
    request.identity = identity_;
    return request;
  }

  static void ask_for_metadata(Request& request) {
    request.headers.set("accept",
                        "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
  }

  Result<Value> call(const Context& ctx, const Request& request) const {
    Response response = handler_.handle(ctx, request);
    Value document = response.take_document();
    if (!response.ok()) return Status::from_value(document).to_error();
    return document;
  }

  Result<Object> object(const Context& ctx, const Request& request) const {
    return Object(TRY(call(ctx, request)));
  }

  const Handler& handler_;
  Identity identity_;
};

}  // namespace

Value bookmark(const Served& served, store::Revision revision, bool initial_end) {
  Value object = Value::object({{"kind", served.resource.kind},
                                {"apiVersion", served.resource.gvr.api_version()},
                                {"metadata",
                                 Value::object({{"resourceVersion", std::to_string(revision)},
                                                {"creationTimestamp", Value()}})}});
  if (initial_end)
    object.set({"metadata", "annotations"}, Value::object({{kInitialEventsEnd, "true"}}));
  return object;
}

std::unique_ptr<Client> make_local_client(const Handler& handler, Identity identity) {
  return std::make_unique<LocalClient>(handler, std::move(identity));
}

}  // namespace fleet::kube::apiserver
