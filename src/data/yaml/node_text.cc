// Documents as nodes: reading, printing, following aliases, and the way to values and back.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "base/strings.h"
#include "codec/base64.h"
#include "data/yaml/aliases.h"
#include "data/yaml/composer.h"
#include "data/yaml/emitter.h"
#include "data/yaml/plain.h"
#include "data/yaml/resolve.h"

namespace fleet::yaml {
namespace {

// The value as Go's %#v prints it, for messages.
std::string go_syntax(const data::Value& value, bool inside = false) {
  std::vector<std::string> parts;
  switch (value.type()) {
    case data::Type::Null:
      return inside ? "interface {}(nil)" : "<nil>";
    case data::Type::Bool:
      return value.as_bool() ? "true" : "false";
    case data::Type::Int:
      return std::to_string(value.as_int());
    case data::Type::UInt: {
      char digits[32];
      auto end = std::to_chars(digits, digits + sizeof digits, value.as_uint(), 16).ptr;
      return cat("0x", std::string_view(digits, static_cast<size_t>(end - digits)));
    }
    case data::Type::Double:
      return float_text(value.as_double());
    case data::Type::Array:
      for (const data::Value& item : value.items())
        parts.push_back(go_syntax(item, true));
      return cat("[]interface {}{", join(parts, ", "), "}");
    case data::Type::Object: {
      const data::Value sorted = value.sorted();
      for (const data::Member& member : sorted.members())
        parts.push_back(cat(quote(name(member)), ":", go_syntax(member.value, true)));
      return cat("map[string]interface {}{", join(parts, ", "), "}");
    }
    default:
      return quote(value.to_string());
  }
}

class Decoder {
 public:
  explicit Decoder(const Node& root)
      : root_(root) {}

  Result<data::Value> decode(const Node& node) {
    TRY(guard_.step());
    switch (node.kind()) {
      case Kind::None:
        return data::Value();
      case Kind::Document:
        if (node.empty()) return data::Value();
        return decode(node.children().front());
      case Kind::Alias: {
        const Node* target = targets().of(node);
        if (target == nullptr) return data::Value();
        TRY(guard_.enter(node));
        auto value = TRY(decode(*target));
        guard_.leave(node);
        return value;
      }
      case Kind::Sequence: {
        data::Value out = data::Value::array();
        out.reserve(node.size());
        for (const Node& item : node.children())
          out.push_back(TRY(decode(item)));
        return out;
      }
      case Kind::Mapping: {
        data::Value out = data::Value::object();
        TRY(decode_mapping(node, out));
        return out;
      }
      case Kind::Scalar:
        break;
    }
    return scalar(node);
  }

 private:
  static Result<data::Value> scalar(const Node& node) {
    Tag tag = node.tag();
    if (tag == Tag::Str || tag == Tag::Other || tag == Tag::Merge) return node.text_value();
    if (tag == Tag::Binary) {
      auto bytes = codec::base64_decode(node.text());
      if (!bytes.ok()) {
        return Error(Code::Invalid, "yaml: !!binary value contains invalid base64 data");
      }
      return data::Value(std::move(bytes).value());
    }
    Resolved resolved = TRY(resolve(Dialect::V3, tag, node.text()));
    if (resolved.is_special) {
      const char* name = std::isnan(resolved.special) ? "NaN"
                         : resolved.special > 0       ? "+Inf"
                                                      : "-Inf";
      return Error(Code::Invalid, cat("json: unsupported value: ", name));
    }
    if (resolved.tag == Tag::Timestamp) return timestamp(node.text());
    if (resolved.tag == Tag::Str) return node.text_value();
    return resolved.value;
  }

  // RFC 3339 with as many digits of a second as it needs; a date alone is midnight UTC.
  static data::Value timestamp(std::string_view text) {
    std::string_view date = text.substr(0, text.find_first_of("Tt "));
    std::string_view time = text.substr(std::min(text.size(), date.size() + 1));
    std::string out;
    auto pad = [&](std::string_view number) {
      if (number.size() < 2) out += '0';
      out += number;
    };
    auto parts = split(date, '-');
    out += parts[0];
    out += '-';
    pad(parts[1]);
    out += '-';
    pad(parts[2]);
    out += 'T';
    if (time.empty()) return data::Value(out + "00:00:00Z");
    size_t zone_at = time.find_first_of("Z+-");
    std::string_view zone = zone_at == std::string_view::npos ? "Z" : time.substr(zone_at);
    std::string_view clock = time.substr(0, zone_at);
    std::string_view fraction;
    if (size_t point = clock.find_first_of(".,"); point != std::string_view::npos) {
      fraction = trim_right(clock.substr(point + 1).substr(0, 9), "0");
      clock = clock.substr(0, point);
    }
    auto units = split(clock, ':');
    pad(units[0]);
    out += ':';
    pad(units[1]);
    out += ':';
    pad(units[2]);
    if (!fraction.empty()) out += cat(".", fraction);
    out += zone == "+00:00" || zone == "-00:00" ? "Z" : zone;
    return data::Value(out);
  }

  Result<> decode_mapping(const Node& node, data::Value& out) {
    std::map<std::string_view, uint32_t> seen;
    for (size_t i = 0; i < node.pairs(); i++) {
      const Node& key = node.key(i);
      if (!key.is_scalar()) continue;
      auto [at, fresh] = seen.emplace(key.text(), key.line());
      if (!fresh) {
        return Error(Code::Invalid,
                     cat("yaml: unmarshal errors:\n  line ",
                         key.line(),
                         ": mapping key ",
                         quote(key.text()),
                         " already defined at line ",
                         at->second));
      }
    }
    for (size_t i = 0; i < node.pairs(); i++) {
      const Node& key = node.key(i);
      if (key.is_scalar() && key.tag() == Tag::Merge) {
        TRY(merge(node.value(i), out));
        continue;
      }
      const Node* name = key.is_alias() ? targets().of(key) : &key;
      if (name == nullptr || !name->is_scalar()) {
        TRY(guard_.step());
        const data::Value written = name == nullptr ? data::Value() : TRY(decode(*name));
        return Error(Code::Invalid, cat("yaml: invalid map key: ", go_syntax(written)));
      }
      if (name->tag() != Tag::Str && name->tag() != Tag::Other) {
        return Error(Code::Invalid, "json: unsupported type: map[interface {}]interface {}");
      }
      out.set(name->text(), TRY(decode(node.value(i))));
    }
    return {};
  }

  // What is there already wins over what is merged in.
  Result<> merge(const Node& from, data::Value& out) {
    if (from.is_sequence()) {
      for (const Node& part : from.children())
        TRY(merge(part, out));
      return {};
    }
    auto merged = TRY(decode(from));
    if (!merged.is_object()) {
      return Error(Code::Invalid, "yaml: map merge requires map or sequence of maps as the value");
    }
    for (const data::Member& member : merged.members()) {
      if (!out.contains(name(member))) out.set(member.key, member.value);
    }
    return {};
  }

  // Looked for when the first alias is met: most trees have none.
  const AliasTargets& targets() {
    if (!targets_) targets_.emplace(root_);
    return *targets_;
  }

  const Node& root_;
  std::optional<AliasTargets> targets_;
  AliasGuard guard_;
};

}  // namespace

Result<Node> parse_node(std::string_view text) {
  if (auto plain = read_plain_node(text)) return std::move(*plain);
  return Composer(text, Dialect::V3).next_document();
}

Result<std::vector<Node>> parse_nodes(std::string_view text) {
  std::vector<Node> documents;
  Composer composer(text, Dialect::V3);
  while (true) {
    Node document = TRY(composer.next_document());
    if (document.is_none()) return documents;
    documents.push_back(std::move(document));
  }
}

Result<std::string> emit(const Node& node, Sequences sequences) {
  std::string out;
  EmitOptions options{
      .dialect = Dialect::V3, .indent = 2, .width = -1, .compact = sequences == Sequences::Compact};
  Emitter(options, out).document(node);
  return out;
}

Sequences sequence_style(std::string_view text) {
  const std::vector<std::string_view> lines = split(text, '\n');
  for (size_t i = 0; i < lines.size(); i++) {
    const size_t dash = lines[i].find("- ");
    if (dash == std::string_view::npos || !trim(lines[i].substr(0, dash), " ").empty()) continue;
    // The last line before that is no comment, without the comment behind it.
    std::string_view key;
    for (size_t k = i; k-- > 0;) {
      if (trim(lines[k], " ").starts_with('#')) continue;
      key = lines[k].substr(0, lines[k].find('#'));
      break;
    }
    const std::string_view word = trim(key, " ");
    if (!word.ends_with(':') || word.find(':') + 1 != word.size()) continue;
    const size_t indent = key.size() - trim_left(key, " ").size();
    if (dash == indent) return Sequences::Compact;
    if (dash == indent + 2) return Sequences::Indented;
  }
  return Sequences::Compact;
}

Result<data::Value> to_value(const Node& node) {
  return Decoder(node).decode(node);
}

Node from_value(const data::Value& value) {
  switch (value.type()) {
    case data::Type::Null:
      return Node::null();
    case data::Type::Bool:
      return Node::scalar(value.as_bool() ? "true" : "false", Tag::Bool);
    case data::Type::Int:
      return Node::scalar(std::to_string(value.as_int()), Tag::Int);
    case data::Type::UInt:
      return Node::scalar(std::to_string(value.as_uint()), Tag::Int);
    case data::Type::Double: {
      std::string text = float_text(value.as_double());
      return Node::scalar(text, resolve_v3(text));
    }
    case data::Type::Number:
      return Node::scalar(value.as_string(), resolve_v3(value.as_string()));
    case data::Type::String:
      return Node::string(value.as_string());
    case data::Type::Array: {
      Node node = Node::sequence();
      node.reserve(value.size());
      for (const data::Value& item : value.items())
        node.push_back(from_value(item));
      return node;
    }
    case data::Type::Object:
      break;
  }
  Node node = Node::mapping();
  node.reserve(value.size() * 2);
  for (const data::Member& member : value.members()) {
    node.push_back(Node::string(name(member)));
    node.push_back(from_value(member.value));
  }
  return node;
}

}  // namespace fleet::yaml
