// Values → YAML text, by way of the syntax tree with the styles each original would choose.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "data/yaml/emitter.h"
#include "data/yaml/plain_print.h"
#include "data/yaml/resolve.h"
#include "data/yaml/yaml.h"

namespace fleet::yaml {
namespace {

constexpr EmitOptions kMarshal{.dialect = Dialect::V2, .indent = 2, .width = 80, .compact = false};

bool is_letter(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= 0xC0 && c != 0xD7 && c != 0xF7 && c < 0x2000) || (c >= 0x3040 && c < 0xE000) ||
         c == 0xAA || c == 0xB5 || c == 0xBA;
}
bool is_digit(char32_t c) {
  return c >= '0' && c <= '9';
}

std::vector<char32_t> runes_of(std::string_view text) {
  std::vector<char32_t> runes;
  runes.reserve(text.size());
  while (!text.empty()) {
    Rune rune = decode_rune(text);
    runes.push_back(rune.value);
    text.remove_prefix(rune.size);
  }
  return runes;
}

// At the first difference: letters by code; a letter after what is none (in v3: before it, inside
// a number); runs of digits as numbers.
bool key_less(std::string_view left, std::string_view right, Dialect dialect) {
  const std::vector<char32_t> a = runes_of(left);
  const std::vector<char32_t> b = runes_of(right);
  bool digits = false;
  for (size_t i = 0; i < a.size() && i < b.size(); i++) {
    if (a[i] == b[i]) {
      digits = is_digit(a[i]);
      continue;
    }
    const bool a_letter = is_letter(a[i]);
    const bool b_letter = is_letter(b[i]);
    if (a_letter && b_letter) return a[i] < b[i];
    if (a_letter || b_letter) return dialect == Dialect::V3 && digits ? a_letter : b_letter;
    uint64_t a_number = 0;
    uint64_t b_number = 0;
    if (a[i] == '0' || b[i] == '0') {
      for (size_t j = i; j-- > 0 && is_digit(a[j]);) {
        if (a[j] != '0') {
          a_number = b_number = 1;
          break;
        }
      }
    }
    size_t ai = i;
    size_t bi = i;
    for (; ai < a.size() && is_digit(a[ai]); ai++)
      a_number = a_number * 10 + (a[ai] - '0');
    for (; bi < b.size() && is_digit(b[bi]); bi++)
      b_number = b_number * 10 + (b[bi] - '0');
    if (a_number != b_number)
      return static_cast<int64_t>(a_number) < static_cast<int64_t>(b_number);
    if (ai != bi) return ai < bi;
    return a[i] < b[i];
  }
  return a.size() < b.size();
}

// sigs.k8s.io/yaml reads its own JSON as YAML, where a raw next-line character is a line break.
std::string fold_next_lines(std::string_view text) {
  std::string out;
  size_t i = 0;
  while (i < text.size()) {
    if (!text.substr(i).starts_with("\xC2\x85")) {
      out += text[i++];
      continue;
    }
    while (!out.empty() && (out.back() == ' ' || out.back() == '\t'))
      out.pop_back();
    size_t breaks = 0;
    while (i < text.size()) {
      if (text.substr(i).starts_with("\xC2\x85")) {
        breaks++;
        i += 2;
      } else if (text[i] == ' ') {
        i++;
      } else {
        break;
      }
    }
    if (breaks == 1) {
      out += ' ';
    } else {
      out.append(breaks - 1, '\n');
    }
  }
  return out;
}

class Builder {
 public:
  // ByJson: as Marshal, which first writes the value as JSON and reads that as YAML.
  enum class Way { ByJson, Direct };

  explicit Builder(Dialect dialect, Way way)
      : dialect_(dialect),
        way_(way) {}

  Node build(const data::Value& value) {
    switch (value.type()) {
      case data::Type::Null:
        return Node::null();
      case data::Type::Bool:
        return Node::scalar(value.as_bool() ? "true" : "false", Tag::Bool);
      case data::Type::Int:
        return Node::scalar(std::to_string(value.as_int()), Tag::Int);
      case data::Type::UInt:
        return Node::scalar(std::to_string(value.as_uint()), Tag::Int);
      case data::Type::Double:
        return real(value.as_double());
      case data::Type::Number:
        return number(value.as_string());
      case data::Type::String:
        return string(value.as_string());
      case data::Type::Array: {
        Node node = Node::sequence();
        node.reserve(value.size());
        for (const data::Value& item : value.items())
          node.push_back(build(item));
        return node;
      }
      case data::Type::Object:
        break;
    }
    return object(value);
  }

 private:
  Node object(const data::Value& value) {
    std::vector<const data::Member*> members;
    members.reserve(value.size());
    for (const data::Member& member : value.members())
      members.push_back(&member);
    std::ranges::stable_sort(members,
                             [](const auto* a, const auto* b) { return name(*a) < name(*b); });
    std::ranges::stable_sort(members, [this](const auto* a, const auto* b) {
      return key_less(name(*a), name(*b), dialect_);
    });
    Node node = Node::mapping();
    node.reserve(members.size() * 2);
    for (const data::Member* member : members) {
      node.push_back(string(name(*member)));
      node.push_back(build(member->value));
    }
    return node;
  }

  Node string(std::string_view text) {
    std::string folded;
    if (way_ == Way::ByJson && text.find("\xC2\x85") != std::string_view::npos) {
      folded = fold_next_lines(text);
      text = folded;
    }
    Style style = 0;
    if (text.find('\n') != std::string_view::npos) {
      style = kLiteral;
    } else if (dialect_ == Dialect::V2
                   ? resolve_v2(text) != Tag::Str || is_base60(text)
                   : resolve_v3(text) != Tag::Str || is_base60(text) || is_old_bool(text)) {
      style = kDoubleQuoted;
    }
    return Node::scalar(text, Tag::Str, style);
  }

  // Numbers print as they are, whatever they would be read as.
  static Node plain(std::string_view text) { return Node::scalar(text, resolve_v3(text)); }

  Node real(double number) {
    // JSON writes a whole number below 1e21 without exponent and point.
    if (way_ == Way::ByJson && number == std::floor(number) && number > -9223372036854775808.0 &&
        number < 1.8446744073709552e19) {
      return Node::scalar(whole_text(number), Tag::Int);
    }
    if (std::isnan(number)) return Node::scalar(".nan", Tag::Float);
    if (std::isinf(number)) return Node::scalar(number > 0 ? ".inf" : "-.inf", Tag::Float);
    return plain(float_text(number));
  }

  // The shortest digits that read back as the number, filled up with zeros.
  static std::string whole_text(double number) {
    if (number == 0) return "0";
    char buffer[40];
    auto end = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::scientific);
    std::string_view text(buffer, static_cast<size_t>(end.ptr - buffer));
    size_t mark = text.find('e');
    int exponent = 0;
    std::from_chars(text.data() + mark + 2, end.ptr, exponent);
    std::string out(text.substr(0, mark));
    std::erase(out, '.');
    size_t digits = out.size() - (out.starts_with('-') ? 1 : 0);
    out.append(static_cast<size_t>(exponent) + 1 - digits, '0');
    return out;
  }

  Node number(std::string_view text) {
    auto resolved = resolve(dialect_, Tag::None, text);
    if (!resolved.ok() || !resolved->value.is_number()) return string(text);
    if (resolved->value.type() == data::Type::Double) {
      return plain(float_text(resolved->value.as_double()));
    }
    return build(resolved->value);
  }

  Dialect dialect_;
  Way way_;
};

}  // namespace

bool natural_less(std::string_view a, std::string_view b) {
  return key_less(a, b, Dialect::V2);
}

std::string print(const data::Value& value) {
  std::string out;
  if (print_plain(value, out)) return out;
  return print_by_nodes(value);
}

std::string print_by_nodes(const data::Value& value) {
  std::string out;
  Emitter(kMarshal, out).document(Builder(Dialect::V2, Builder::Way::ByJson).build(value));
  return out;
}

Result<std::string> json_to_yaml(std::string_view json) {
  auto value = TRY(parse(json));
  std::string out;
  Emitter(kMarshal, out).document(Builder(Dialect::V2, Builder::Way::Direct).build(value));
  return out;
}

std::string print_pretty(const data::Value& value) {
  std::string out;
  EmitOptions options{.dialect = Dialect::V3, .indent = 2, .width = -1, .compact = false};
  Emitter(options, out).document(Builder(Dialect::V3, Builder::Way::Direct).build(value));
  return out;
}

}  // namespace fleet::yaml
