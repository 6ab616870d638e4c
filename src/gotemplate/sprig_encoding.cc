#include "base/strings.h"
#include "codec/base64.h"
#include "codec/digest.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "gotemplate/json_text.h"
#include "gotemplate/sprig.h"
#include "gotemplate/url.h"

namespace fleet::gotemplate {

namespace {

Result<Value> from_json_must(Execution& run, Args a) {
  TRY(work(run, text_of(a[0]).size() / kParsedPerStep));
  return adopt(run.heap(), TRY(json::parse(text_of(a[0]), {json::Numbers::Double})));
}

Result<Value> from_json(Execution& run, Args a) {
  TRY(work(run, text_of(a[0]).size() / kParsedPerStep));
  auto value = json::parse(text_of(a[0]), {json::Numbers::Double});
  return value.ok() ? adopt(run.heap(), std::move(value).value()) : Value::nil();
}

Result<Value> to_json_must(Execution& run, Args a) {
  return kept(run, TRY(json_text(a[0], HtmlEscape::Yes)));
}

Result<Value> to_json(Execution& run, Args a) {
  auto text = json_text(a[0], HtmlEscape::Yes);
  if (!text.ok() && is_limit(text.error())) return std::move(text).error();
  return kept(run, text.ok() ? *text : std::string());
}

Result<std::string> pretty(const Value& value) {
  return json::print_indented(TRY(document(value)), json::Keys::Sorted, {"", "  "});
}

Result<Value> to_pretty_json_must(Execution& run, Args a) {
  return kept(run, TRY(pretty(a[0])));
}

Result<Value> to_pretty_json(Execution& run, Args a) {
  auto text = pretty(a[0]);
  if (!text.ok() && is_limit(text.error())) return std::move(text).error();
  return kept(run, text.ok() ? *text : std::string());
}

Result<Value> to_raw_json(Execution& run, Args a) {
  return kept(run, TRY(json_text(a[0], HtmlEscape::No)));
}

Result<Value> b64enc(Execution& run, Args a) {
  return kept(run, codec::base64_encode(text_of(a[0])));
}
Result<Value> b32enc(Execution& run, Args a) {
  return kept(run, codec::base32_encode(text_of(a[0])));
}
// What cannot be decoded gives the error's text as the result.
Result<Value> b64dec(Execution& run, Args a) {
  auto bytes = codec::base64_decode(text_of(a[0]));
  return kept(run, bytes.ok() ? *bytes : bytes.error().message());
}
Result<Value> b32dec(Execution& run, Args a) {
  auto bytes = codec::base32_decode(text_of(a[0]));
  return kept(run, bytes.ok() ? *bytes : bytes.error().message());
}

constexpr size_t kDigestedPerStep = 16;  // bytes

Result<Value> sha1sum(Execution& run, Args a) {
  TRY(work(run, text_of(a[0]).size() / kDigestedPerStep));
  return kept(run, codec::hex_digest(codec::Hash::Sha1, text_of(a[0])));
}
Result<Value> sha256sum(Execution& run, Args a) {
  TRY(work(run, text_of(a[0]).size() / kDigestedPerStep));
  return kept(run, codec::hex_digest(codec::Hash::Sha256, text_of(a[0])));
}
Result<Value> sha512sum(Execution& run, Args a) {
  TRY(work(run, text_of(a[0]).size() / kDigestedPerStep));
  return kept(run, codec::hex_digest(codec::Hash::Sha512, text_of(a[0])));
}
Result<Value> adler32sum(Execution& run, Args a) {
  return kept(run, std::to_string(codec::adler32(text_of(a[0]))));
}

Result<Value> url_parse(Execution& run, Args a) {
  auto parsed = parse_url(text_of(a[0]));
  if (!parsed.ok()) return failure(cat("unable to parse url: ", parsed.error().message()));
  const GoUrl& url = *parsed;
  MapNode* map = new_map(run.heap(), types::kAnyMap, 8);
  auto set = [&](std::string_view key, std::string_view text) {
    map_set(run.heap(), map, key, kept(run, text));
  };
  set("scheme", url.scheme);
  set("host", url.host);
  set("hostname", url.host_name());
  set("path", url.path);
  set("query", url.query);
  set("opaque", url.opaque);
  set("fragment", url.fragment);
  set("userinfo", url.user ? url.user->text() : std::string());
  return Value::map(map);
}

Result<std::string> url_part(Execution& run, const Value& map, std::string_view key) {
  Value found = map_find(run.heap(), map, key);
  if (!found.valid()) return std::string();
  if (found.is_nil()) {
    return failure("runtime error: invalid memory address or nil pointer dereference");
  }
  if (found.kind() != Kind::String) {
    return failure(cat(
        "unable to parse ", key, " key, must be of type string, but ", kind_name(found), " found"));
  }
  return std::string(text_of(found));
}

Result<Value> url_join(Execution& run, Args a) {
  GoUrl url;
  url.scheme = TRY(url_part(run, a[0], "scheme"));
  url.host = TRY(url_part(run, a[0], "host"));
  url.path = TRY(url_part(run, a[0], "path"));
  url.query = TRY(url_part(run, a[0], "query"));
  url.opaque = TRY(url_part(run, a[0], "opaque"));
  url.fragment = TRY(url_part(run, a[0], "fragment"));
  std::string user = TRY(url_part(run, a[0], "userinfo"));
  if (!user.empty()) {
    auto parsed = parse_url(cat("proto://", user, "@host"));
    if (!parsed.ok()) {
      return failure(cat("unable to parse userinfo in dict: ", parsed.error().message()));
    }
    url.user = parsed->user;
  }
  return kept(run, url.text());
}

constexpr Function kFunctions[] = {
    {"fromJson", "s", &from_json},
    {"mustFromJson", "s", &from_json_must},
    {"toJson", "a", &to_json},
    {"mustToJson", "a", &to_json_must},
    {"toPrettyJson", "a", &to_pretty_json},
    {"mustToPrettyJson", "a", &to_pretty_json_must},
    {"toRawJson", "a", &to_raw_json},
    {"mustToRawJson", "a", &to_raw_json},
    {"b64enc", "s", &b64enc},
    {"b64dec", "s", &b64dec},
    {"b32enc", "s", &b32enc},
    {"b32dec", "s", &b32dec},
    {"sha1sum", "s", &sha1sum},
    {"sha256sum", "s", &sha256sum},
    {"sha512sum", "s", &sha512sum},
    {"adler32sum", "s", &adler32sum},
    {"urlParse", "s", &url_parse},
    {"urlJoin", "m", &url_join},
};

}  // namespace

std::span<const Function> sprig_encoding_functions() {
  return kFunctions;
}

}  // namespace fleet::gotemplate
