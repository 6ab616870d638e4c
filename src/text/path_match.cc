#include "base/strings.h"
#include "text/glob.h"

namespace fleet::text {
namespace {

Error bad_pattern() {
  return Error(Code::Invalid, "syntax error in pattern");
}

// The pattern cut into a leading run of stars and the text up to the next star.
struct Chunk {
  bool star = false;
  std::string_view text;
  std::string_view rest;
};

Chunk next_chunk(std::string_view pattern) {
  Chunk out;
  while (pattern.starts_with('*')) {
    pattern.remove_prefix(1);
    out.star = true;
  }
  bool in_range = false;
  size_t at = 0;
  for (; at < pattern.size(); ++at) {
    char c = pattern[at];
    if (c == '\\') {
      if (at + 1 < pattern.size()) ++at;
    } else if (c == '[') {
      in_range = true;
    } else if (c == ']') {
      in_range = false;
    } else if (c == '*' && !in_range) {
      break;
    }
  }
  out.text = pattern.substr(0, at);
  out.rest = pattern.substr(at);
  return out;
}

// One possibly escaped character of a class.
Result<char32_t> class_rune(std::string_view& chunk) {
  if (chunk.empty() || chunk[0] == '-' || chunk[0] == ']') return bad_pattern();
  if (chunk[0] == '\\') {
    chunk.remove_prefix(1);
    if (chunk.empty()) return bad_pattern();
  }
  Rune rune = decode_rune(chunk);
  if (!rune.valid && rune.size == 1) return bad_pattern();
  chunk.remove_prefix(rune.size);
  if (chunk.empty()) return bad_pattern();
  return rune.value;
}

// Behind the "[": is `rune` in the class? Takes the class off the chunk.
Result<bool> in_class(std::string_view& chunk, char32_t rune) {
  bool negated = chunk.starts_with('^');
  if (negated) chunk.remove_prefix(1);
  bool found = false;
  for (bool first = true;; first = false) {
    if (!first && chunk.starts_with(']')) break;
    char32_t low = TRY(class_rune(chunk));
    char32_t high = low;
    if (chunk[0] == '-') {
      chunk.remove_prefix(1);
      high = TRY(class_rune(chunk));
    }
    found = found || (low <= rune && rune <= high);
  }
  chunk.remove_prefix(1);
  return found != negated;
}

// The rest of the name behind the chunk, or nothing. Goes on through the chunk after a failure, so
// that bad syntax is reported.
Result<std::optional<std::string_view>> match_chunk(std::string_view chunk, std::string_view s) {
  bool failed = false;
  while (!chunk.empty()) {
    failed = failed || s.empty();
    char c = chunk[0];
    if (c == '[') {
      Rune rune = s.empty() ? Rune{0, 0, true} : decode_rune(s);
      if (!failed) s.remove_prefix(rune.size);
      chunk.remove_prefix(1);
      bool found = TRY(in_class(chunk, failed ? 0 : rune.value));
      failed = failed || !found;
      continue;
    }
    if (c == '?') {
      if (!failed) {
        failed = s[0] == '/';
        s.remove_prefix(decode_rune(s).size);
      }
      chunk.remove_prefix(1);
      continue;
    }
    if (c == '\\') {
      chunk.remove_prefix(1);
      if (chunk.empty()) return bad_pattern();
    }
    if (!failed) {
      failed = chunk[0] != s[0];
      s.remove_prefix(1);
    }
    chunk.remove_prefix(1);
  }
  if (failed) return std::optional<std::string_view>();
  return std::optional<std::string_view>(s);
}

}  // namespace

Result<bool> path_match(std::string_view pattern, std::string_view name) {
  while (!pattern.empty()) {
    Chunk chunk = next_chunk(pattern);
    pattern = chunk.rest;
    if (chunk.star && chunk.text.empty()) return name.find('/') == std::string_view::npos;
    auto rest = TRY(match_chunk(chunk.text, name));
    if (rest && (rest->empty() || !pattern.empty())) {
      name = *rest;
      continue;
    }
    bool moved = false;
    for (size_t i = 0; chunk.star && i < name.size() && name[i] != '/'; ++i) {
      auto later = TRY(match_chunk(chunk.text, name.substr(i + 1)));
      if (!later || (pattern.empty() && !later->empty())) continue;
      name = *later;
      moved = true;
      break;
    }
    if (moved) continue;
    // No match; what is left of the pattern must still be well formed.
    while (!pattern.empty()) {
      Chunk left = next_chunk(pattern);
      pattern = left.rest;
      TRY(match_chunk(left.text, ""));
    }
    return false;
  }
  return name.empty();
}

}  // namespace fleet::text
