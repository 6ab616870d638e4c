#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "base/strings.h"
#include "data/toml/toml.h"

namespace fleet::toml {
namespace {

using data::Value;

bool is_bare(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        if (static_cast<unsigned char>(c) < ' ' || c == 0x7F) {
          char code[8];
          std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
          out += code;
        } else {
          out += c;
        }
    }
  }
  return out + "\"";
}

std::string key_text(std::string_view key) {
  return is_bare(key) ? std::string(key) : quoted(key);
}

// Shortest digits, with an exponent where %g would have one.
std::string double_text(double number) {
  if (std::isnan(number)) return std::signbit(number) ? "-nan" : "nan";
  if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
  std::string text = to_text(number);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

enum class Shape { Nothing, Plain, Table, Tables };

Error nil_element() {
  return Error(Code::Invalid, "toml: cannot encode array with nil element");
}

class Printer {
 public:
  Result<std::string> print(const Value& value) {
    std::vector<std::string> key;
    TRY(encode(key, value, 0));
    return std::move(out_);
  }

 private:
  // What a value is in TOML; arrays are looked into at every level, as nulls in them are refused.
  Result<Shape> shape(const Value& value) {
    if (value.is_null()) return Shape::Nothing;
    if (value.is_object()) return Shape::Table;
    if (!value.is_array() || value.empty()) return Shape::Plain;
    bool tables = true;
    for (const Value& item : value.items()) {
      Shape one = TRY(shape(item));
      if (one == Shape::Nothing) return nil_element();
      tables = tables && one == Shape::Table;
    }
    return tables ? Shape::Tables : Shape::Plain;
  }

  void newline() {
    if (!out_.empty()) out_ += '\n';
  }

  static std::string joined(const std::vector<std::string>& key) {
    std::string out;
    for (const std::string& part : key) {
      if (!out.empty()) out += '.';
      out += key_text(part);
    }
    return out;
  }

  std::string indent(const std::vector<std::string>& key) const {
    return key.empty() ? std::string() : std::string((key.size() - 1) * 2, ' ');
  }

  Result<> encode(std::vector<std::string>& key, const Value& value, int depth) {
    if (depth > kMaxDepth) return Error(Code::Invalid, "toml: value is nested too deeply");
    switch (TRY(shape(value))) {
      case Shape::Nothing:
        return {};
      case Shape::Table:
        if (key.size() == 1) newline();
        if (!key.empty()) out_ += cat(indent(key), "[", joined(key), "]\n");
        return members(key, value, depth);
      case Shape::Tables:
        if (key.empty()) {
          return Error(Code::Invalid, "toml: top-level values must be Go maps or structs");
        }
        for (const Value& item : value.items()) {
          newline();
          out_ += cat(indent(key), "[[", joined(key), "]]\n");
          TRY(members(key, item, depth));
        }
        return {};
      case Shape::Plain:
        break;
    }
    if (key.empty()) return element(value, depth);
    out_ += cat(indent(key), key_text(key.back()), " = ");
    TRY(element(value, depth));
    out_ += '\n';
    return {};
  }

  // Plain members first, then tables, each in byte order of keys.
  Result<std::vector<const data::Member*>> ordered(const Value& table, size_t& plain) {
    std::vector<const data::Member*> direct;
    std::vector<const data::Member*> below;
    for (const auto& member : table.members()) {
      Shape one = TRY(shape(member.value));
      bool is_table = one == Shape::Table || one == Shape::Tables;
      (is_table ? below : direct).push_back(&member);
    }
    auto less = [](const data::Member* a, const data::Member* b) {
      return a->key.view() < b->key.view();
    };
    std::sort(direct.begin(), direct.end(), less);
    std::sort(below.begin(), below.end(), less);
    plain = direct.size();
    direct.insert(direct.end(), below.begin(), below.end());
    return direct;
  }

  Result<> members(std::vector<std::string>& key, const Value& table, int depth) {
    size_t plain = 0;
    for (const data::Member* member : TRY(ordered(table, plain))) {
      key.emplace_back(member->key.view());
      TRY(encode(key, member->value, depth + 1));
      key.pop_back();
    }
    return {};
  }

  Result<> inline_table(const Value& table, int depth) {
    size_t plain = 0;
    auto all = TRY(ordered(table, plain));
    out_ += '{';
    for (size_t i = 0; i < all.size(); ++i) {
      if (all[i]->value.is_null()) continue;
      out_ += cat(key_text(all[i]->key.view()), " = ");
      TRY(element(all[i]->value, depth + 1));
      bool last = i < plain ? plain == all.size() && i + 1 == plain : i + 1 == all.size();
      if (!last) out_ += ", ";
    }
    out_ += '}';
    return {};
  }

  Result<> element(const Value& value, int depth) {
    if (depth > kMaxDepth) return Error(Code::Invalid, "toml: value is nested too deeply");
    switch (value.type()) {
      case data::Type::Bool:
        out_ += value.as_bool() ? "true" : "false";
        return {};
      case data::Type::Int:
        out_ += std::to_string(value.as_int());
        return {};
      case data::Type::UInt:
        out_ += std::to_string(value.as_uint());
        return {};
      case data::Type::Double:
        out_ += double_text(value.as_double());
        return {};
      case data::Type::Number:
        return number(value.as_string());
      case data::Type::String:
        out_ += quoted(value.as_string());
        return {};
      case data::Type::Object:
        return inline_table(value, depth);
      case data::Type::Array:
        break;
      case data::Type::Null:
        return nil_element();
    }
    out_ += '[';
    for (size_t i = 0; i < value.size(); ++i) {
      if (i > 0) out_ += ", ";
      TRY(element(value[i], depth + 1));
    }
    out_ += ']';
    return {};
  }

  // A number kept as written: whole if it can be.
  Result<> number(std::string_view text) {
    if (auto whole = parse_int(text)) {
      out_ += std::to_string(*whole);
      return {};
    }
    double real = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), real);
    if (error != std::errc() || end != text.data() + text.size()) {
      if (text.find_first_of("-:") == std::string_view::npos) {
        return Error(Code::Invalid, cat("unable to convert ", quote(text), " to int64 or float64"));
      }
      out_ += text;  // a date or time, see toml.h
      return {};
    }
    out_ += double_text(real);
    return {};
  }

  std::string out_;
};

}  // namespace

Result<std::string> print(const Value& value) {
  return Printer().print(value);
}

}  // namespace fleet::toml
