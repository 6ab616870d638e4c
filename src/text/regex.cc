#include "text/regex.h"

#include <re2/re2.h>

#include "base/strings.h"

namespace fleet::text {

struct Regex::Program {
  explicit Program(const std::string& pattern, const RE2::Options& options)
      : machine(pattern, options) {}
  RE2 machine;
  std::vector<std::string> names;
};

namespace {

Error parse_error(std::string_view what, std::string_view part) {
  return Error(Code::Invalid, cat("error parsing regexp: ", what, ": `", part, "`"));
}

// Go's words for what RE2 refuses.
std::string_view describe(RE2::ErrorCode code) {
  switch (code) {
    case RE2::ErrorBadEscape:
      return "invalid escape sequence";
    case RE2::ErrorBadCharClass:
      return "invalid character class";
    case RE2::ErrorBadCharRange:
      return "invalid character class range";
    case RE2::ErrorMissingBracket:
      return "missing closing ]";
    case RE2::ErrorMissingParen:
      return "missing closing )";
    case RE2::ErrorUnexpectedParen:
      return "unexpected )";
    case RE2::ErrorTrailingBackslash:
      return "trailing backslash at end of expression";
    case RE2::ErrorRepeatArgument:
      return "missing argument to repetition operator";
    case RE2::ErrorRepeatSize:
      return "invalid repeat count";
    case RE2::ErrorRepeatOp:
      return "invalid nested repetition operator";
    case RE2::ErrorBadPerlOp:
      return "invalid or unsupported Perl syntax";
    case RE2::ErrorBadUTF8:
      return "invalid UTF-8";
    case RE2::ErrorBadNamedCapture:
      return "invalid named capture";
    case RE2::ErrorPatternTooLarge:
      return "expression too large";
    default:
      return "regexp/syntax: internal error";
  }
}

// The length of a class at `from`, which is its "[": up to and with its "]".
size_t class_length(std::string_view pattern, size_t from) {
  size_t at = from + 1;
  if (at < pattern.size() && pattern[at] == '^') ++at;
  bool first = true;
  for (; at < pattern.size(); ++at) {
    if (pattern[at] == ']' && !first) return at + 1 - from;
    first = false;
    if (pattern[at] == '\\') {
      ++at;
    } else if (pattern.substr(at).starts_with("[:")) {
      size_t end = pattern.find(":]", at + 2);
      if (end != std::string_view::npos) at = end + 1;
    }
  }
  return pattern.size() - from;
}

// Go's spelling as RE2 reads it.
Result<std::string> to_re2(std::string_view pattern) {
  std::string out;
  for (size_t at = 0; at < pattern.size();) {
    size_t length = 1;
    std::string_view rest = pattern.substr(at);
    if (rest.starts_with("\\Q")) {
      size_t end = rest.find("\\E", 2);
      length = end == std::string_view::npos ? rest.size() : end + 2;
    } else if (rest.starts_with("\\C")) {
      return parse_error("invalid escape sequence", "\\C");
    } else if (rest[0] == '\\') {
      length = std::min<size_t>(2, rest.size());
    } else if (rest[0] == '[') {
      length = class_length(pattern, at);
    } else if (rest.starts_with("(?<") && rest.size() > 3 && rest[3] != '=' && rest[3] != '!') {
      out += "(?P<";
      at += 3;
      continue;
    }
    out += rest.substr(0, length);
    at += length;
  }
  return out;
}

re2::StringPiece piece(std::string_view text) {
  return re2::StringPiece(text.data(), text.size());
}

bool is_name_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// The name behind a "$", with or without braces; empty and `rest` unchanged if there is none.
std::string_view take_name(std::string_view& rest) {
  bool braces = rest.starts_with('{');
  std::string_view body = rest.substr(braces ? 1 : 0);
  size_t length = 0;
  while (length < body.size() && is_name_character(body[length]))
    ++length;
  if (length == 0) return {};
  if (braces && (length == body.size() || body[length] != '}')) return {};
  rest = body.substr(length + (braces ? 1 : 0));
  return body.substr(0, length);
}

}  // namespace

Result<Regex> Regex::compile(std::string_view pattern) {
  if (pattern.size() > kMaxRegexBytes) return parse_error("expression too large", "");
  std::string spelled = TRY(to_re2(pattern));
  RE2::Options options;
  options.set_log_errors(false);
  auto program = std::make_shared<Program>(spelled, options);
  if (!program->machine.ok()) {
    std::string part = program->machine.error_arg();
    if (spelled != pattern) part = fleet::replace_all(part, "(?P<", "(?<");
    return parse_error(describe(program->machine.error_code()), part);
  }
  program->names.resize(static_cast<size_t>(program->machine.NumberOfCapturingGroups()) + 1);
  for (const auto& [group, name] : program->machine.CapturingGroupNames()) {
    program->names[static_cast<size_t>(group)] = name;
  }
  Regex out;
  out.pattern_ = pattern;
  out.program_ = std::move(program);
  return out;
}

size_t Regex::groups() const {
  return program_->names.size() - 1;
}

const std::vector<std::string>& Regex::names() const {
  return program_->names;
}

bool Regex::matches(std::string_view text) const {
  return program_->machine.Match(piece(text), 0, text.size(), RE2::UNANCHORED, nullptr, 0);
}

std::optional<Regex::Match> Regex::find(std::string_view text, size_t from) const {
  std::vector<re2::StringPiece> found(program_->names.size());
  re2::StringPiece whole = piece(text);
  if (from > text.size() || !program_->machine.Match(whole,
                                                     from,
                                                     text.size(),
                                                     RE2::UNANCHORED,
                                                     found.data(),
                                                     static_cast<int>(found.size()))) {
    return std::nullopt;
  }
  Match out(found.size());
  for (size_t i = 0; i < found.size(); ++i) {
    if (found[i].data() == nullptr) continue;
    auto begin = static_cast<size_t>(found[i].data() - whole.data());
    out[i] = Span{begin, begin + found[i].size(), true};
  }
  return out;
}

std::vector<Regex::Match> Regex::find_all(std::string_view text, int limit) const {
  std::vector<Match> out;
  std::optional<size_t> last_end;
  for (size_t at = 0; at <= text.size();) {
    if (limit >= 0 && out.size() >= static_cast<size_t>(limit)) break;
    auto match = find(text, at);
    if (!match) break;
    Span whole = (*match)[0];
    bool empty = whole.begin == whole.end;
    bool wanted = !empty || whole.begin != last_end;
    if (empty) {
      at = whole.end < text.size() ? whole.end + decode_rune(text.substr(whole.end)).size
                                   : text.size() + 1;
    } else {
      at = whole.end;
    }
    last_end = whole.end;
    if (wanted) out.push_back(std::move(*match));
  }
  return out;
}

std::string Regex::expand(std::string_view replacement,
                          std::string_view text,
                          const Match& match) const {
  std::string out;
  while (!replacement.empty()) {
    size_t dollar = replacement.find('$');
    out += replacement.substr(0, dollar);
    if (dollar == std::string_view::npos) break;
    replacement.remove_prefix(dollar + 1);
    if (replacement.starts_with('$')) {
      out += '$';
      replacement.remove_prefix(1);
      continue;
    }
    std::string_view name = take_name(replacement);
    if (name.empty()) {
      out += '$';
      continue;
    }
    if (auto index = parse_uint(name)) {
      if (*index < match.size()) out += match[*index].in(text);
      continue;
    }
    for (size_t i = 0; i < match.size(); ++i) {
      if (names()[i] == name && match[i].matched) {
        out += match[i].in(text);
        break;
      }
    }
  }
  return out;
}

std::string Regex::replace_all(std::string_view text, std::string_view replacement) const {
  std::string out;
  size_t done = 0;
  for (const Match& match : find_all(text)) {
    out += text.substr(done, match[0].begin - done);
    out += expand(replacement, text, match);
    done = match[0].end;
  }
  return out.append(text.substr(done));
}

std::string Regex::replace_all_literal(std::string_view text, std::string_view replacement) const {
  std::string out;
  size_t done = 0;
  for (const Match& match : find_all(text)) {
    out += text.substr(done, match[0].begin - done);
    out += replacement;
    done = match[0].end;
  }
  return out.append(text.substr(done));
}

std::vector<std::string> Regex::split(std::string_view text, int limit) const {
  std::vector<std::string> out;
  if (limit == 0) return out;
  if (!pattern_.empty() && text.empty()) return {""};
  size_t begin = 0;
  size_t end = 0;
  for (const Match& match : find_all(text, limit)) {
    if (limit > 0 && out.size() + 1 == static_cast<size_t>(limit)) break;
    end = match[0].begin;
    if (match[0].end != 0) out.emplace_back(text.substr(begin, end - begin));
    begin = match[0].end;
  }
  if (end != text.size()) out.emplace_back(text.substr(begin));
  return out;
}

std::string regex_quote(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (std::string_view("\\.+*?()|[]{}^$").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

}  // namespace fleet::text
