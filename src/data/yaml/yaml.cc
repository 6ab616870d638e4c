#include "data/yaml/yaml.h"

#include <utility>

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/yaml/composer.h"
#include "data/yaml/decode.h"
#include "data/yaml/plain.h"

namespace fleet::yaml {
namespace {

constexpr std::string_view kSeparator = "---";

std::string_view json_kind(const data::Value& value) {
  if (value.is_array()) return "array";
  if (value.is_string()) return "string";
  if (value.is_bool()) return "bool";
  return "number";
}

// A short JSON text of an object for messages: sorted keys, no blanks, Go's escapes.
void append_json(std::string& out, const data::Value& value) {
  if (value.is_object()) {
    data::Value sorted = value.sorted();
    out += '{';
    bool first = true;
    for (const data::Member& member : sorted.members()) {
      if (!std::exchange(first, false)) out += ',';
      append_json(out, data::Value(name(member)));
      out += ':';
      append_json(out, member.value);
    }
    out += '}';
  } else if (value.is_array()) {
    out += '[';
    bool first = true;
    for (const data::Value& item : value.items()) {
      if (!std::exchange(first, false)) out += ',';
      append_json(out, item);
    }
    out += ']';
  } else if (value.is_string()) {
    out += '"';
    for (char c : value.as_string()) {
      if (c == '"' || c == '\\') out += '\\';
      if (c == '\n') {
        out += "\\n";
      } else if (c == '<' || c == '>' || c == '&') {
        out += c == '<' ? "\\u003c" : c == '>' ? "\\u003e" : "\\u0026";
      } else {
        out += c;
      }
    }
    out += '"';
  } else if (value.is_null()) {
    out += "null";
  } else if (value.is_bool()) {
    out += value.as_bool() ? "true" : "false";
  } else if (value.type() == data::Type::UInt) {
    out += std::to_string(value.as_uint());
  } else if (value.is_integer()) {
    out += std::to_string(value.as_int());
  } else {
    out += to_text(value.as_double());
  }
}

}  // namespace

Result<data::Value> parse(std::string_view text, Duplicates duplicates) {
  if (auto plain = read_plain(text, duplicates)) return std::move(*plain);
  Composer composer(text, Dialect::V2);
  Node document = TRY(composer.next_document());
  return decode_v2(document, duplicates, NonFinite::Refused);
}

Result<data::Value> parse_for_fields(std::string_view text,
                                     std::span<const std::string_view> members) {
  if (auto plain = read_plain(text, Duplicates::LastWins, members)) return std::move(*plain);
  Composer composer(text, Dialect::V2);
  Node document = TRY(composer.next_document());
  return decode_v2(document, Duplicates::LastWins, NonFinite::Kept);
}

Result<std::vector<std::string_view>> split_documents(std::string_view text) {
  std::vector<std::string_view> documents;
  size_t begin = 0;
  bool empty = true;
  size_t at = 0;
  while (at < text.size()) {
    size_t end = text.find('\n', at);
    end = end == std::string_view::npos ? text.size() : end + 1;
    std::string_view line = text.substr(at, end - at);
    if (line.starts_with(kSeparator)) {
      std::string_view rest = trim(line.substr(kSeparator.size()));
      if (!rest.empty() && rest[0] != '#') {
        return Error(Code::Invalid, cat("invalid Yaml document separator: ", rest));
      }
      if (!empty) {
        documents.push_back(text.substr(begin, at - begin));
        begin = end;
        empty = true;
        at = end;
        continue;
      }
    }
    empty = false;
    at = end;
  }
  if (!empty) documents.push_back(text.substr(begin));
  return documents;
}

Result<std::vector<data::Value>> parse_all(std::string_view text) {
  std::vector<data::Value> values;
  for (std::string_view document : TRY(split_documents(text))) {
    // The original reads by lines and gives the last one its newline.
    auto value = document.ends_with('\n') ? TRY(parse(document)) : TRY(parse(cat(document, "\n")));
    if (!value.is_null()) values.push_back(std::move(value));
  }
  return values;
}

namespace {

// A document that begins with a brace is JSON, whatever else it could be.
bool is_json(std::string_view document) {
  return trim(document).starts_with('{');
}

Result<data::Value> parse_manifest(std::string_view document) {
  if (is_json(document)) return json::parse(document);
  return parse(document.ends_with('\n') ? document : cat(document, "\n"));
}

Error not_an_object(std::string_view found, std::string_view place, std::string_view wanted) {
  return Error(Code::Invalid,
               cat("json: cannot unmarshal ", found, " into Go ", place, " of type ", wanted));
}

// A text member, or "" for anything else.
std::string_view text_member(const data::Value& object, std::string_view name) {
  const data::Value& member = object[name];
  return member.is_string() ? member.as_string() : std::string_view();
}

// Objects of a list; what says neither kind nor version has those of the list ("PodList": Pod).
Result<> append_items(const data::Value& list, std::vector<data::Value>& objects) {
  const data::Value& items = list["items"];
  if (!items.is_array() && !items.is_null()) {
    std::string_view found = items.is_object() ? "object" : json_kind(items);
    return not_an_object(found, "struct field decodeList.items", "[]json.RawMessage");
  }
  std::string_view kind = text_member(list, "kind");
  if (kind.ends_with("List")) kind.remove_suffix(4);
  for (const data::Value& item : items.items()) {
    if (!item.is_object() && !item.is_null()) {
      return not_an_object(json_kind(item), "value", "map[string]interface {}");
    }
    data::Value object = item.is_null() ? data::Value::object() : item;
    if (text_member(object, "kind").empty() && text_member(object, "apiVersion").empty()) {
      object.set("kind", kind);
      object.set("apiVersion", text_member(list, "apiVersion"));
    }
    objects.push_back(std::move(object));
  }
  return {};
}

// JSON stands in the message as it was read, line by line; YAML as the JSON made of it.
Error missing_kind(std::string_view document, const data::Value& object) {
  std::string json;
  if (is_json(document)) {
    json = replace_all(document, "\r\n", "\n");
    if (!json.ends_with('\n')) json += '\n';
  } else {
    append_json(json, object);
  }
  return Error(Code::Invalid, cat("Object 'Kind' is missing in '", json, "'"));
}

}  // namespace

Result<std::vector<data::Value>> to_objects(std::string_view text) {
  std::vector<data::Value> objects;
  for (std::string_view document : TRY(split_documents(text))) {
    data::Value value = TRY(parse_manifest(document));
    if (value.is_null() || (value.is_object() && value.members().empty())) continue;
    if (!value.is_object()) {
      return not_an_object(json_kind(value), "value", "map[string]interface {}");
    }
    const bool is_list = value.contains("items");
    if (is_list) TRY(append_items(value, objects));
    if (text_member(value, "kind").empty()) return missing_kind(document, value);
    if (!is_list) objects.push_back(std::move(value));
  }
  return objects;
}

}  // namespace fleet::yaml
