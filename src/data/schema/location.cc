#include "data/schema/location.h"

#include "base/strings.h"
#include "text/url.h"

namespace fleet::schema {
namespace {

Error parsing(std::string_view text, const Error& why) {
  return Error(Code::Invalid, cat("error in parsing ", quote(text), ": ", why.message()));
}

}  // namespace

Result<Reference> split_reference(std::string_view text) {
  size_t hash = text.find('#');
  if (hash == std::string_view::npos) return Reference{std::string(text), ""};
  auto fragment = text::url_unescape(text.substr(hash + 1), text::UrlPart::PathSegment);
  if (!fragment.ok()) return parsing(text, fragment.error());
  return Reference{std::string(text.substr(0, hash)), std::move(fragment).value()};
}

Result<Reference> join_reference(const std::string& base, std::string_view text) {
  auto from = text::Url::parse(base);
  if (!from.ok()) return parsing(base, from.error());
  Reference reference = TRY(split_reference(text));
  auto given = text::Url::parse(reference.url);
  if (!given.ok()) return parsing(reference.url, given.error());
  auto resolved = from->resolve(reference.url);
  if (!resolved.ok()) return parsing(reference.url, resolved.error());
  if (!given->is_absolute() && !from->opaque.empty()) resolved->opaque = from->opaque;
  reference.url = resolved->str();
  return reference;
}

std::string escape_token(std::string_view token) {
  return replace_all(replace_all(token, "~", "~0"), "/", "~1");
}

std::optional<std::string> unescape_token(std::string_view token) {
  std::string out;
  for (size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '~') {
      out += token[i];
      continue;
    }
    if (i + 1 >= token.size() || (token[i + 1] != '0' && token[i + 1] != '1')) return std::nullopt;
    out += token[++i] == '0' ? '~' : '/';
  }
  return out;
}

std::string pointer_of(const std::vector<std::string>& tokens) {
  std::string out;
  for (const std::string& token : tokens)
    out += "/" + escape_token(token);
  return out;
}

std::string show_location(std::string_view url, std::string_view pointer) {
  std::vector<std::string> parts;
  for (std::string_view part : split(pointer, '/'))
    parts.push_back(text::url_escape(part, text::UrlPart::PathSegment));
  return cat(url, "#", join(parts, "/"));
}

Result<const data::Value*> look_up(const data::Value& document,
                                   std::string_view url,
                                   std::string_view pointer) {
  const data::Value* at = &document;
  auto parts = split(pointer, '/');
  for (size_t i = 1; i < parts.size(); ++i) {
    auto token = unescape_token(parts[i]);
    if (!token) {
      return Error(Code::Invalid, cat("invalid json-pointer ", quote(show_location(url, pointer))));
    }
    const data::Value* next = at->find(*token);
    auto index = at->is_array() ? parse_uint(*token) : std::nullopt;
    if (index && *index < at->size()) next = &(*at)[*index];
    if (next == nullptr) {
      return Error(Code::NotFound,
                   cat("json-pointer in ", quote(show_location(url, pointer)), " not found"));
    }
    at = next;
  }
  return at;
}

std::string quote_single(std::string_view text) {
  std::string quoted = quote(text);
  std::string inner = quoted.substr(1, quoted.size() - 2);
  return cat("'", replace_all(replace_all(inner, "\\\"", "\""), "'", "\\'"), "'");
}

}  // namespace fleet::schema
