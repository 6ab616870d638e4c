#include "data/yaml/plain_print.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

#include "data/yaml/resolve.h"
#include "data/yaml/yaml.h"

namespace fleet::yaml {
namespace {

constexpr size_t kWidth = 80;               // texts are folded behind this column
constexpr size_t kIndent = 2;               // columns a level
constexpr size_t kMaxSimpleKeyBytes = 128;  // longer keys are written behind a "?"
constexpr size_t kFewMembers = 32;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// natural_less, cheap where the first difference is between letters.
bool member_less(std::string_view a, std::string_view b) {
  const size_t shared = std::min(a.size(), b.size());
  size_t at = 0;
  while (at < shared && a[at] == b[at])
    ++at;
  if (at == shared) return a.size() < b.size();
  if (is_letter(a[at]) && is_letter(b[at])) return a[at] < b[at];
  return natural_less(a, b);
}

// How a text is written.
enum class Form : uint8_t { Plain, Single, Double, Literal, Other };

// What the characters of a text allow: Plain, Single, Literal, or Other for what is not usual.
Form form_of_characters(std::string_view text) {
  constexpr std::string_view kIndicators = "#,[]{}&*!|>'\"%@`";
  const char first = text.front();
  bool plain = first != ' ' && text.back() != ' ' && text.back() != ':' &&
               kIndicators.find(first) == std::string_view::npos && !text.starts_with("---") &&
               !text.starts_with("...");
  if ((first == '-' || first == '?') && (text.size() == 1 || text[1] == ' ')) plain = false;
  bool lines = false;
  char before = '\0';
  for (const char c : text) {
    if (c < ' ' || c > '~') {
      if (c != '\n' || before == ' ') return Form::Other;
      lines = true;
    } else if ((c == ' ' && before == ':') || (c == '#' && before == ' ')) {
      plain = false;
    }
    before = c;
  }
  if (lines) return text.back() == ' ' ? Form::Other : Form::Literal;
  return plain ? Form::Plain : Form::Single;
}

// Would it be read as something else than a text? Not if it begins with a letter that none of yes,
// no, true, false, on, off and null begins with, or with a slash.
bool misread(std::string_view text) {
  const char first = text[0];
  if (text.size() > 5 && (is_letter(first) || first == '_')) return false;
  const char low = static_cast<char>(first | 0x20);
  if (first == '/' ||
      (is_letter(first) && std::string_view("yntfo").find(low) == std::string_view::npos))
    return false;
  return resolve_v2(text) != Tag::Str || is_base60(text);
}

Form form_of(std::string_view text) {
  if (text.empty()) return Form::Double;
  const Form form = form_of_characters(text);
  if ((form == Form::Plain || form == Form::Single) && misread(text)) return Form::Double;
  return form;
}

// Every function answers whether the value is usual.
class PlainPrinter {
 public:
  explicit PlainPrinter(std::string& out)
      : out_(out) {}

  bool document(const data::Value& value) {
    if ((!value.is_object() && !value.is_array()) || value.empty()) return false;
    return value.is_object() ? mapping(value, 0, false) : sequence(value, 0, false);
  }

 private:
  // `begun`: the line has its indentation already, up to the dash of an item.
  bool mapping(const data::Value& value, size_t indent, bool begun) {
    if (++depth_ > kMaxPrintDepth) return false;
    const std::span<const data::Member> members = value.members();
    std::array<const data::Member*, kFewMembers> few{};
    std::vector<const data::Member*> many;
    if (members.size() > few.size()) many.resize(members.size());
    const std::span<const data::Member*> sorted =
        many.empty() ? std::span(few).first(members.size()) : std::span(many);
    sort(members, sorted);
    for (const data::Member* member : sorted) {
      if (!begun) out_.append(indent, ' ');
      begun = false;
      const std::string_view key = name(*member);
      if (key.size() > kMaxSimpleKeyBytes || !text(key, indent, false)) return false;
      out_ += ':';
      if (!node(member->value, indent, true)) return false;
    }
    --depth_;
    return true;
  }

  // By name, and by natural order where that decides.
  static void sort(std::span<const data::Member> members, std::span<const data::Member*> sorted) {
    for (size_t i = 0; i < members.size(); i++)
      sorted[i] = &members[i];
    auto by_name = [](const auto* a, const auto* b) { return name(*a) < name(*b); };
    auto natural = [](const auto* a, const auto* b) { return member_less(name(*a), name(*b)); };
    if (sorted.size() > kFewMembers) {
      std::ranges::stable_sort(sorted, by_name);
      std::ranges::stable_sort(sorted, natural);
      return;
    }
    insertion_sort(sorted, by_name);
    insertion_sort(sorted, natural);
  }

  template <typename Less>
  static void insertion_sort(std::span<const data::Member*> sorted, const Less& less) {
    for (size_t i = 1; i < sorted.size(); i++) {
      const data::Member* moved = sorted[i];
      size_t at = i;
      for (; at > 0 && less(moved, sorted[at - 1]); at--)
        sorted[at] = sorted[at - 1];
      sorted[at] = moved;
    }
  }

  bool sequence(const data::Value& value, size_t indent, bool begun) {
    if (++depth_ > kMaxPrintDepth) return false;
    for (const data::Value& item : value.items()) {
      if (!begun) out_.append(indent, ' ');
      begun = false;
      out_ += '-';
      if (!node(item, indent, false)) return false;
    }
    --depth_;
    return true;
  }

  // What stands behind a key's colon or an item's dash, with the end of its line.
  bool node(const data::Value& value, size_t indent, bool of_member) {
    switch (value.type()) {
      case data::Type::Null:
        out_ += " null\n";
        return true;
      case data::Type::Bool:
        out_ += value.as_bool() ? " true\n" : " false\n";
        return true;
      case data::Type::Int:
        return number(value.as_int());
      case data::Type::UInt:
        return number(value.as_uint());
      case data::Type::Double:
        return real(value.as_double());
      case data::Type::String:
        out_ += ' ';
        if (!text(value.as_string(), indent, true)) return false;
        if (out_.back() != '\n') out_ += '\n';
        return true;
      case data::Type::Array:
        if (value.empty()) {
          out_ += " []\n";
          return true;
        }
        out_ += of_member ? '\n' : ' ';
        // Below a key the dashes stand on the key's column.
        return sequence(value, of_member ? indent : indent + kIndent, !of_member);
      case data::Type::Object:
        if (value.empty()) {
          out_ += " {}\n";
          return true;
        }
        out_ += of_member ? '\n' : ' ';
        return mapping(value, indent + kIndent, !of_member);
      default:
        return false;
    }
  }

  // A whole number that a double holds exactly is written as one.
  bool real(double value) {
    constexpr double kExact = 9007199254740992.0;
    if (!(std::abs(value) < kExact) || value != std::floor(value)) return false;
    return number(static_cast<int64_t>(value));
  }

  template <typename Number>
  bool number(Number value) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out_ += ' ';
    out_.append(digits.data(), end);
    out_ += '\n';
    return true;
  }

  // `folds`: a value, whose long lines may be broken.
  bool text(std::string_view text, size_t indent, bool folds) {
    switch (form_of(text)) {
      case Form::Plain:
        line(text, indent, folds, '\0');
        return true;
      case Form::Single:
        line(text, indent, folds, '\'');
        return true;
      case Form::Double:
        line(text, indent, folds, '"');
        return true;
      case Form::Literal:
        if (!folds) return false;
        literal(text, indent + kIndent);
        return true;
      case Form::Other:
        break;
    }
    return false;
  }

  size_t column() const {
    const size_t line = out_.rfind('\n');
    return out_.size() - (line == std::string::npos ? 0 : line + 1);
  }

  void line(std::string_view text, size_t indent, bool folds, char quote) {
    if (quote != '\0') out_ += quote;
    // Twice its length is all that it can take up with its escapes.
    size_t column = folds && text.size() > 12 ? this->column() : 0;
    if (!folds || column + 2 * text.size() <= kWidth) {
      if (quote == '\0') {
        out_ += text;
      } else {
        for (const char c : text)
          character(c, quote);
      }
    } else {
      fold(text, indent + kIndent, column, quote);
    }
    if (quote != '\0') out_ += quote;
  }

  // Answers how many characters were written.
  size_t character(char c, char quote) {
    if ((quote == '\'' && c == '\'') || (quote == '"' && (c == '"' || c == '\\'))) {
      out_ += quote == '\'' ? '\'' : '\\';
      out_ += c;
      return 2;
    }
    out_ += c;
    return 1;
  }

  // Breaks the line at blanks that stand behind the last column.
  void fold(std::string_view text, size_t indent, size_t column, char quote) {
    bool blank = false;
    for (size_t i = 0; i < text.size(); i++) {
      if (text[i] != ' ') {
        column += character(text[i], quote);
        blank = false;
        continue;
      }
      const bool inner = quote == '\0' || (i > 0 && i + 1 < text.size());
      const bool more = i + 1 < text.size() && text[i + 1] == ' ';
      if (!blank && column > kWidth && inner && (quote == '"' || !more)) {
        out_ += '\n';
        out_.append(indent, ' ');
        column = indent;
        if (quote == '"' && more) {
          out_ += '\\';
          column++;
        }
      } else {
        out_ += ' ';
        column++;
      }
      blank = true;
    }
  }

  void literal(std::string_view text, size_t indent) {
    out_ += '|';
    if (text.front() == ' ' || text.front() == '\n') out_ += static_cast<char>('0' + kIndent);
    if (text.back() != '\n') {
      out_ += '-';
    } else if (text.size() == 1 || text[text.size() - 2] == '\n') {
      out_ += '+';
    }
    out_ += '\n';
    bool fresh = true;
    for (const char c : text) {
      if (c != '\n' && fresh) out_.append(indent, ' ');
      out_ += c;
      fresh = c == '\n';
    }
  }

  std::string& out_;
  int depth_ = 0;
};

}  // namespace

bool print_plain(const data::Value& value, std::string& out) {
  return PlainPrinter(out).document(value);
}

}  // namespace fleet::yaml
