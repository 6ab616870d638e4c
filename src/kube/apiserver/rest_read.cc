#include "base/strings.h"
#include "codec/base64.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "kube/apiserver/filter.h"
#include "kube/apiserver/objects.h"
#include "kube/apiserver/respond.h"
#include "kube/apiserver/rest.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

// How a list goes on: after which key, as of which revision.
struct Position {
  store::Revision revision = 0;  // 0: now (an inconsistent continuation)
  std::string start;             // the part of the key after the prefix
};

std::string encode_position(const Position& position) {
  const Value token = Value::object(
      {{"v", "meta.k8s.io/v1"}, {"rv", position.revision}, {"start", position.start}});
  return codec::base64_encode(json::print(token, json::Keys::AsWritten), codec::Base64::RawUrl);
}

Reply<Position> decode_position(std::string_view token) {
  auto text = codec::base64_decode(token, codec::Base64::RawUrl);
  if (text.ok()) {
    auto parsed = json::parse(*text);
    if (parsed.ok() && (*parsed)["v"].as_string() == "meta.k8s.io/v1") {
      return Position{(*parsed)["rv"].as_uint(), (*parsed)["start"].to_string()};
    }
  }
  return Status::bad_request("continue key is not valid: the continue token is malformed");
}

// The answer carries a token for the rest as it is now.
Response expired_continue(const std::string& start) {
  const Status status = Status::expired(
      "The provided continue parameter is too old to display a consistent list result. You can "
      "start a new list without the continue parameter, or use the continue token in this "
      "response to retrieve the remainder of the results. Continuing with the provided token "
      "results in an inconsistent list - objects that were created, modified, or deleted between "
      "the time the first chunk was returned and now may show up in the list.");
  Value document = status.to_value();
  document.set({"metadata", "continue"}, encode_position({0, start}));
  return respond_document(std::move(document), {}, 410);
}

// The revision at which to read, by resourceVersion and resourceVersionMatch.
Reply<store::Revision> asked_revision(Core& core, const Call& call) {
  const std::string_view match = call.query().value("resourceVersionMatch");
  const store::Revision asked = TRY(parse_revision(call.query().value("resourceVersion")));
  if (!match.empty() && match != "Exact" && match != "NotOlderThan") {
    return Status::bad_request(cat("resourceVersionMatch: Unsupported value: \"",
                                   match,
                                   "\": supported values: \"Exact\", \"NotOlderThan\""));
  }
  if (!match.empty() && !call.query().has("resourceVersion")) {
    return Status::bad_request(
        "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless "
        "resourceVersion is provided");
  }
  const store::Revision now = TRY(core.store.revision(call.ctx));
  if (asked > now) return too_large_revision(asked, now);
  return match == "Exact" ? asked : store::Revision{0};
}

// Pages of the store until `limit` objects match.
struct Collected {
  std::vector<store::EntryPtr> entries;
  store::Page last;
};

Reply<Collected> collect(Core& core, const Call& call, const Filter& filter, store::Range range) {
  Collected collected;
  const size_t limit = range.limit;
  if (!filter.is_everything()) range.limit = limit == 0 ? 0 : std::max<size_t>(limit, 500);
  while (true) {
    collected.last = TRY(core.store.list(call.ctx, range));
    if (filter.is_everything()) {
      collected.entries = std::move(collected.last.entries);
      return collected;
    }
    auto& page = collected.last;
    for (size_t i = 0; i < page.entries.size(); ++i) {
      store::EntryPtr& entry = page.entries[i];
      if (!filter.matches(*core.decoded.get(*call.served, entry))) continue;
      collected.entries.push_back(std::move(entry));
      if (limit == 0 || collected.entries.size() < limit) continue;
      page.more = page.more || i + 1 < page.entries.size();
      return collected;
    }
    if (!page.more) return collected;
    range.start = page.entries.back() ? page.entries.back()->key : collected.entries.back()->key;
    range.start += '\0';
    range.revision = page.revision;
  }
}

}  // namespace

Status too_large_revision(store::Revision asked, store::Revision now) {
  Status status;
  status.reason = Code::Timeout;
  status.http = 504;
  status.message = cat("Too large resource version: ", asked, ", current: ", now);
  status.causes.push_back({"ResourceVersionTooLarge", "Too large resource version", ""});
  status.retry_after_seconds = 1;
  return status;
}

Reply<Response> rest_get(Core& core, Call& call) {
  const std::string key = call.served->key(call.info.ns, call.info.name);
  store::EntryPtr entry = TRY(core.store.get(call.ctx, key));
  const store::Revision asked = TRY(parse_revision(call.query().value("resourceVersion")));
  if (asked != 0) {
    const store::Revision now = TRY(core.store.revision(call.ctx));
    if (asked > now) return too_large_revision(asked, now);
  }
  if (!entry) return object_not_found(*call.served, call.info.name);
  return respond_entry(core, call, entry);
}

Reply<Response> rest_list(Core& core, Call& call) {
  const Filter filter = TRY(Filter::of(call));
  store::Range range;
  range.prefix = call.served->prefix(call.info.ns);
  const std::string_view limit = call.query().value("limit");
  const auto count = limit.empty() ? std::optional<int64_t>(0) : parse_int(limit);
  if (!count || *count < 0) return Status::bad_request(cat("invalid limit \"", limit, "\""));
  range.limit = static_cast<size_t>(*count);
  const std::string_view token = call.query().value("continue");
  if (!token.empty()) {
    if (TRY(parse_revision(call.query().value("resourceVersion"))) != 0) {
      return Status::bad_request("specifying resource version is not allowed when using continue");
    }
    const Position position = TRY(decode_position(token));
    range.revision = position.revision;
    range.start = range.prefix + position.start;
  } else {
    range.revision = TRY(asked_revision(core, call));
  }
  auto collected = collect(core, call, filter, range);
  if (!collected.ok()) {
    const bool expired = collected.error().reason == Code::Expired;
    if (expired && !token.empty()) return expired_continue(range.start.substr(range.prefix.size()));
    return std::move(collected).error();
  }
  ListMeta meta;
  meta.revision = collected->last.revision;
  if (collected->last.more && !collected->entries.empty()) {
    Position next;
    next.revision = meta.revision;
    next.start = collected->entries.back()->key.substr(range.prefix.size()) + '\0';
    meta.continue_token = encode_position(next);
    meta.has_remaining = filter.is_everything();
    meta.remaining = collected->last.remaining;
  }
  return respond_list(core, call, std::move(collected->entries), meta);
}

}  // namespace fleet::kube::apiserver
