#include <algorithm>

#include "base/strings.h"
#include "kube/meta/selector.h"

namespace fleet::kube {
namespace {

constexpr std::string_view kBad = "invalid field selector: ";

// Parts between commas that no backslash escapes.
std::vector<std::string_view> split_terms(std::string_view text) {
  std::vector<std::string_view> out;
  size_t start = 0;
  bool escaped = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (escaped) {
      escaped = false;
    } else if (text[i] == '\\') {
      escaped = true;
    } else if (text[i] == ',') {
      out.push_back(text.substr(start, i - start));
      start = i + 1;
    }
  }
  out.push_back(text.substr(start));
  return out;
}

Result<std::string> unescape(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\\') {
      std::string_view next = text.substr(i + 1);
      if (next.empty() || (next[0] != '\\' && next[0] != ',' && next[0] != '=')) {
        size_t size = next.empty() ? 0 : decode_rune(next).size;
        return Error(Code::BadRequest,
                     cat(kBad, "invalid escape sequence: ", text.substr(i, 1 + size)));
      }
      c = text[++i];
    } else if (c == ',' || c == '=') {
      return Error(Code::BadRequest, cat(kBad, "unescaped character in value: ", int{c}));
    }
    out += c;
  }
  return out;
}

std::string escape(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\\' || c == ',' || c == '=') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

Result<FieldSelector> FieldSelector::parse(std::string_view text) {
  FieldSelector out;
  auto parts = split_terms(text);
  std::sort(parts.begin(), parts.end());
  for (std::string_view part : parts) {
    if (part.empty()) continue;
    size_t at = 0;
    std::string_view op;
    for (; at < part.size() && op.empty(); ++at) {
      for (std::string_view one : {"!=", "==", "="}) {
        if (op.empty() && part.substr(at).starts_with(one)) op = one;
      }
      if (!op.empty()) break;
    }
    if (op.empty()) {
      return Error(Code::BadRequest,
                   cat("invalid selector: '", text, "'; can't understand '", part, "'"));
    }
    std::string value = TRY(unescape(part.substr(at + op.size())));
    std::string field(part.substr(0, at));
    if (field.empty() && value.empty()) continue;
    out.terms_.push_back({std::move(field), op != "!=", std::move(value)});
  }
  return out;
}

const std::string* FieldSelector::exact(std::string_view field) const {
  for (const Term& term : terms_) {
    if (term.equal && term.field == field) return &term.value;
  }
  return nullptr;
}

std::string FieldSelector::str() const {
  std::vector<std::string> parts;
  for (const Term& term : terms_) {
    parts.push_back(cat(term.field, term.equal ? "=" : "!=", escape(term.value)));
  }
  return join(parts, ",");
}

}  // namespace fleet::kube
