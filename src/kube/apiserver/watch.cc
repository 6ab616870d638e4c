#include "kube/apiserver/watch.h"

#include "base/strings.h"
#include "kube/apiserver/objects.h"
#include "kube/apiserver/rest.h"
#include "kube/apiserver/table.h"

namespace fleet::kube::apiserver {

std::string_view to_string(SourceEvent::Type type) {
  switch (type) {
    case SourceEvent::Type::Added:
      return "ADDED";
    case SourceEvent::Type::Modified:
      return "MODIFIED";
    case SourceEvent::Type::Deleted:
      return "DELETED";
    case SourceEvent::Type::Bookmark:
      return "BOOKMARK";
    case SourceEvent::Type::Error:
      return "ERROR";
  }
  return "ERROR";
}

namespace {

// The narrowest prefix of keys that the watch can be about.
std::string watched_prefix(const Call& call, const Filter& filter) {
  const std::string* name = filter.exact_name();
  const Resource& resource = call.served->resource;
  if (name != nullptr && (!resource.namespaced || !call.info.ns.empty())) {
    return call.served->key(call.info.ns, *name);
  }
  return call.served->prefix(call.info.ns);
}

Reply<bool> wants_initial(const Call& call, store::Revision from) {
  const std::string_view asked = call.query().value("sendInitialEvents");
  const std::string_view match = call.query().value("resourceVersionMatch");
  if (asked.empty()) {
    if (!match.empty()) {
      return Status::bad_request(
          "resourceVersionMatch is forbidden for watch unless "
          "sendInitialEvents is provided");
    }
    return from == 0;  // the old way: the state first, without an end mark
  }
  const bool wanted = query_flag(call.query(), "sendInitialEvents");
  if (match != "NotOlderThan") {
    return Status::bad_request(
        "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
  }
  if (wanted && !query_flag(call.query(), "allowWatchBookmarks")) {
    return Status::bad_request("sendInitialEvents requires allowWatchBookmarks");
  }
  return wanted || from == 0;
}

SourceEvent error_event(const Error& error) {
  SourceEvent event;
  event.type = SourceEvent::Type::Error;
  event.status = Status::from_error(error);
  return event;
}

}  // namespace

EventSource::EventSource(Core& core, Settings settings)
    : core_(core),
      settings_(std::move(settings)),
      bell_(std::make_shared<Guarded<Bell>>()) {}

Reply<std::shared_ptr<EventSource>> EventSource::open(Core& core, const Call& call) {
  Settings settings;
  settings.served = call.served;
  settings.filter = TRY(Filter::of(call));
  settings.format = call.format;
  settings.format.pretty = false;
  if (call.format.shape == Format::Shape::Table) {
    settings.include = TRY(include_object(call.query()));
  }
  settings.bookmarks = query_flag(call.query(), "allowWatchBookmarks");
  if (call.query().has("timeoutSeconds")) {
    const auto seconds = parse_int(call.query().value("timeoutSeconds"));
    if (!seconds || *seconds < 0) return Status::bad_request("invalid timeoutSeconds");
    if (*seconds > 0) settings.timeout = std::chrono::seconds(*seconds);
  }
  std::shared_ptr<EventSource> source(new EventSource(core, std::move(settings)));
  TRY(source->start(call));
  return source;
}

Reply<> EventSource::start(const Call& call) {
  const store::Revision asked = TRY(parse_revision(call.query().value("resourceVersion")));
  const bool initial = TRY(wants_initial(call, asked));
  const store::Revision now = TRY(core_.store.revision(call.ctx));
  if (asked > now) return too_large_revision(asked, now);
  store::Revision from = asked;
  if (initial) {
    store::Range range;
    range.prefix = watched_prefix(call, settings_.filter);
    store::Page page = TRY(core_.store.list(call.ctx, range));
    from = page.revision;
    add_initial(std::move(page.entries));
    if (query_flag(call.query(), "sendInitialEvents")) {
      SourceEvent end;
      end.type = SourceEvent::Type::Bookmark;
      end.revision = from;
      end.initial_end = true;
      initial_.push_back(std::move(end));
    }
  }
  progress_ = from;
  // A store that was never written to has revision 0, which would mean "from now on" as well.
  subscription_ =
      TRY(core_.store.watch(call.ctx, watched_prefix(call, settings_.filter), from, [bell = bell_] {
        std::function<void()> ring = bell->with([](Bell& b) {
          b.rung = true;
          return b.ring;
        });
        if (ring) ring();
      }));
  return {};
}

void EventSource::add_initial(std::vector<store::EntryPtr> entries) {
  for (store::EntryPtr& entry : entries) {
    if (!matches(entry)) continue;
    SourceEvent event;
    event.revision = entry->modified;
    event.entry = std::move(entry);
    initial_.push_back(std::move(event));
  }
}

void EventSource::on_ready(std::function<void()> ready) {
  const bool rung = bell_->with([&](Bell& bell) {
    bell.ring = ready;
    return std::exchange(bell.rung, false);
  });
  if (rung && ready) ready();
}

bool EventSource::matches(const store::EntryPtr& entry) const {
  if (settings_.filter.is_everything()) return true;
  return settings_.filter.matches(*core_.decoded.get(*settings_.served, entry));
}

void EventSource::translate(const store::Event& event, std::vector<SourceEvent>& out) const {
  // A key that merely begins with the watched one ("a/b" and "a/bc").
  const bool before = event.before && matches(event.before);
  const bool after = event.after && matches(event.after);
  if (!before && !after) return;
  SourceEvent next;
  next.revision = event.revision;
  next.entry = after ? event.after : event.before;
  next.type = !after    ? SourceEvent::Type::Deleted
              : !before ? SourceEvent::Type::Added
                        : SourceEvent::Type::Modified;
  out.push_back(std::move(next));
}

std::vector<SourceEvent> EventSource::take(size_t limit) {
  std::vector<SourceEvent> out;
  while (!initial_.empty() && out.size() < limit) {
    out.push_back(std::move(initial_.front()));
    initial_.pop_front();
  }
  if (ended_ || !initial_.empty() || out.size() >= limit) return out;
  while (true) {
    const size_t asked = limit - out.size();
    auto batch = subscription_->take(asked);
    if (!batch.ok()) {
      ended_ = true;
      if (batch.error().code() == Code::Expired) out.push_back(error_event(batch.error()));
      return out;
    }
    for (const store::EventPtr& event : batch->events)
      translate(*event, out);
    progress_ = batch->up_to;
    if (!out.empty() || batch->events.size() < asked) return out;
  }
}

DocumentPtr EventSource::document(const SourceEvent& event) const {
  DocumentPtr document = core_.decoded.get(*settings_.served, event.entry);
  if (event.type != SourceEvent::Type::Deleted) return document;
  return std::make_shared<const data::Value>(with_revision(*document, event.revision));
}

Reply<Response> rest_watch(Core& core, Call& call) {
  if (call.format.syntax != Format::Syntax::Json) {
    Status status;
    status.reason = Code::NotAcceptable;
    status.http = 406;
    status.message = "only the following media types are accepted: application/json;stream=watch";
    return status;
  }
  Response response;
  response.watch = TRY(EventSource::open(core, call));
  return response;
}

}  // namespace fleet::kube::apiserver
