#include "data/yaml/decode.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "codec/base64.h"
#include "data/yaml/aliases.h"
#include "data/yaml/limits.h"
#include "data/yaml/resolve.h"

namespace fleet::yaml {
namespace {

Tag written_tag(const Node& node) {
  return (node.style() & kTagged) != 0 ? node.tag() : Tag::None;
}

// An unquoted "<<", or anything that reads so and is tagged as a merge.
bool is_merge(const Node& key) {
  if (!key.is_scalar() || key.text() != "<<") return false;
  return key.tag() == Tag::Merge;
}

Result<Resolved> resolve_scalar(const Node& node) {
  const Tag written = written_tag(node);
  if (written == Tag::None && node.tag() == Tag::Str) {
    return Resolved{.tag = Tag::Str, .value = node.text_value(), .special = 0, .is_special = false};
  }
  Resolved resolved = TRY(resolve(Dialect::V2, written, node.text()));
  if (resolved.tag == Tag::Binary) {
    auto bytes = codec::base64_decode(node.text());
    if (!bytes.ok())
      return Error(Code::Invalid, "yaml: !!binary value contains invalid base64 data");
    resolved.value = data::Value(std::move(bytes).value());
  }
  if (resolved.tag == Tag::Str || resolved.tag == Tag::Timestamp)
    resolved.value = node.text_value();
  return resolved;
}

class Decoder {
 public:
  Decoder(const Node& document, Duplicates duplicates, NonFinite numbers)
      : targets_(document),
        strict_(duplicates == Duplicates::Refused),
        keeps_non_finite_(numbers == NonFinite::Kept) {}

  Result<data::Value> run(const Node& document) {
    auto value = TRY(decode(document.children().front()));
    if (problems_.empty()) {
      if (deferred_) return *deferred_;
      return value;
    }
    return Error(Code::Invalid, cat("yaml: unmarshal errors:\n  ", join(problems_, "\n  ")));
  }

 private:
  Result<data::Value> decode(const Node& node) {
    TRY(guard_.step());
    switch (node.kind()) {
      case Kind::Alias: {
        const Node* target = targets_.of(node);
        if (target == nullptr) return data::Value();
        TRY(guard_.enter(node));
        auto value = TRY(decode(*target));
        guard_.leave(node);
        return value;
      }
      case Kind::Mapping: {
        data::Value out = data::Value::object();
        TRY(decode_mapping(node, out));
        return out;
      }
      case Kind::Sequence: {
        data::Value out = data::Value::array();
        out.reserve(node.size());
        for (const Node& item : node.children())
          out.push_back(TRY(decode(item)));
        return out;
      }
      default:
        break;
    }
    Resolved resolved = TRY(resolve_scalar(node));
    if (resolved.is_special && keeps_non_finite_) return data::Value(resolved.special);
    if (resolved.is_special && !deferred_) {
      const char* name = std::isnan(resolved.special) ? "NaN"
                         : resolved.special > 0       ? "+Inf"
                                                      : "-Inf";
      deferred_ = Error(Code::Invalid, cat("json: unsupported value: ", name));
    }
    return resolved.value;
  }

  Result<> decode_mapping(const Node& node, data::Value& out) {
    for (size_t i = 0; i < node.pairs(); i++) {
      const Node& key = node.key(i);
      const Node& value = node.value(i);
      if (is_merge(key)) {
        TRY(merge(value, out));
        continue;
      }
      TRY(guard_.step());
      std::string name = TRY(key_text(key, value));
      auto decoded = TRY(decode(value));
      if (strict_ && out.contains(name)) {
        problems_.push_back(
            cat("line ", value.line(), ": key ", go_text(key), " already set in map"));
        continue;
      }
      out.set(name, std::move(decoded));
    }
    return {};
  }

  Result<> merge(const Node& from, data::Value& out) {
    if (from.is_sequence()) {
      // Backwards, since earlier ones win and later writes overwrite.
      for (size_t i = from.size(); i-- > 0;) {
        const Node& part = from.children()[i];
        if (part.is_sequence()) return want_map();
        TRY(merge(part, out));
      }
      return {};
    }
    TRY(guard_.step());
    if (from.is_mapping()) return decode_mapping(from, out);
    if (!from.is_alias()) return want_map();
    const Node* target = targets_.of(from);
    if (target == nullptr || !target->is_mapping()) return want_map();
    TRY(guard_.step());
    TRY(guard_.enter(from));
    TRY(decode_mapping(*target, out));
    guard_.leave(from);
    return {};
  }

  static Error want_map() {
    return Error(Code::Invalid, "yaml: map merge requires map or sequence of maps as the value");
  }

  const Node& followed(const Node& node) const {
    const Node* at = &node;
    for (int i = 0; i < kMaxYamlDepth && at->is_alias(); i++) {
      const Node* target = targets_.of(*at);
      if (target == nullptr) break;
      at = target;
    }
    return *at;
  }

  // Only a float's digits are kept, so a large number reads as infinite.
  static std::string float_key(double number) {
    std::string text = float_text(number, Precision::Single);
    if (text == "NaN") return ".nan";
    return text == "+Inf" ? ".inf" : text == "-Inf" ? "-.inf" : text;
  }

  Result<std::string> key_text(const Node& written, const Node& value) {
    const Node& key = followed(written);
    if (!key.is_scalar()) {
      TRY(decode(key));  // what is wrong inside is said first
      return Error(Code::Invalid, cat("yaml: invalid map key: ", go_text(key)));
    }
    Resolved resolved = TRY(resolve_scalar(key));
    if (resolved.is_special) return float_key(resolved.special);
    switch (resolved.value.type()) {
      case data::Type::Bool:
        return std::string(resolved.value.as_bool() ? "true" : "false");
      case data::Type::Int:
        return std::to_string(resolved.value.as_int());
      case data::Type::Double:
        return float_key(resolved.value.as_double());
      case data::Type::String:
        return resolved.value.to_string();
      default:
        break;
    }
    if (!deferred_) {
      const bool null = resolved.value.is_null();
      deferred_ = Error(Code::Invalid,
                        cat("unsupported map key of type: ",
                            null ? "%!s(<nil>)" : "uint64",
                            ", key: ",
                            go_text(key),
                            ", value: ",
                            go_text(value)));
    }
    return std::string("<nil>");
  }

  // The value as Go's %#v prints it, for messages.
  std::string go_text(const Node& written, bool inside = false) const {
    const Node& node = followed(written);
    if (node.is_sequence()) {
      std::vector<std::string> items;
      for (const Node& item : node.children())
        items.push_back(go_text(item, true));
      return cat("[]interface {}{", join(items, ", "), "}");
    }
    if (node.is_mapping()) {
      std::vector<std::string> items;
      for (size_t i = 0; i < node.pairs(); i++) {
        items.push_back(cat(go_text(node.key(i), true), ":", go_text(node.value(i), true)));
      }
      std::ranges::sort(items);
      return cat("map[interface {}]interface {}{", join(items, ", "), "}");
    }
    auto resolved = resolve_scalar(node);
    if (!resolved.ok()) return quote(node.text());
    const data::Value& value = resolved->value;
    if (resolved->is_special) {
      return std::isnan(resolved->special) ? "NaN" : resolved->special > 0 ? "+Inf" : "-Inf";
    }
    switch (value.type()) {
      case data::Type::Null:
        return inside ? "interface {}(nil)" : "<nil>";
      case data::Type::Bool:
        return value.as_bool() ? "true" : "false";
      case data::Type::Int:
        return std::to_string(value.as_int());
      case data::Type::UInt: {
        char digits[32];
        auto [end, error] = std::to_chars(digits, digits + sizeof digits, value.as_uint(), 16);
        return cat("0x", std::string_view(digits, static_cast<size_t>(end - digits)));
      }
      case data::Type::Double:
        return float_text(value.as_double());
      default:
        return quote(value.as_string());
    }
  }

  AliasTargets targets_;
  AliasGuard guard_;
  bool strict_;
  bool keeps_non_finite_;
  std::vector<std::string> problems_;
  std::optional<Error> deferred_;  // found by the conversion to JSON, after the whole is decoded
};

}  // namespace

Result<data::Value> decode_v2(const Node& document, Duplicates duplicates, NonFinite numbers) {
  if (document.is_none() || document.empty()) return data::Value();
  return Decoder(document, duplicates, numbers).run(document);
}

}  // namespace fleet::yaml
