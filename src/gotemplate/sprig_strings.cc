#include <algorithm>

#include "base/strings.h"
#include "gotemplate/format.h"
#include "gotemplate/sprig.h"
#include "gotemplate/unicode.h"

namespace fleet::gotemplate {
namespace {

std::string_view trim_space(std::string_view text) {
  while (!text.empty()) {
    Rune rune = decode_rune(text);
    if (!is_unicode_space(rune.value)) break;
    text.remove_prefix(rune.size);
  }
  while (!text.empty()) {
    size_t start = text.size() - 1;
    while (start > 0 && text.size() - start < 4 && (text[start] & 0xC0) == 0x80)
      --start;
    Rune rune = decode_rune(text.substr(start));
    if (start + rune.size != text.size() || !is_unicode_space(rune.value)) break;
    text.remove_suffix(rune.size);
  }
  return text;
}

std::vector<char32_t> runes_of(std::string_view text) {
  std::vector<char32_t> out;
  while (!text.empty()) {
    Rune rune = decode_rune(text);
    out.push_back(rune.value);
    text.remove_prefix(rune.size);
  }
  return out;
}

std::string_view trim_runes(std::string_view text, std::string_view cutset) {
  std::vector<char32_t> cut = runes_of(cutset);
  auto in = [&](char32_t rune) { return std::find(cut.begin(), cut.end(), rune) != cut.end(); };
  while (!text.empty()) {
    Rune rune = decode_rune(text);
    if (!in(rune.value)) break;
    text.remove_prefix(rune.size);
  }
  while (!text.empty()) {
    size_t start = text.size() - 1;
    while (start > 0 && text.size() - start < 4 && (text[start] & 0xC0) == 0x80)
      --start;
    Rune rune = decode_rune(text.substr(start));
    if (start + rune.size != text.size()) rune = Rune{};
    if (!in(rune.value)) break;
    text.remove_suffix(rune.size);
  }
  return text;
}

Result<Value> trim_fn(Execution&, Args a) {
  return Value::string(trim_space(text_of(a[0])));
}
Result<Value> trim_all(Execution&, Args a) {
  return Value::string(trim_runes(text_of(a[1]), text_of(a[0])));
}
Result<Value> trim_suffix_fn(Execution&, Args a) {
  return Value::string(trim_suffix(text_of(a[1]), text_of(a[0])));
}
Result<Value> trim_prefix_fn(Execution&, Args a) {
  return Value::string(trim_prefix(text_of(a[1]), text_of(a[0])));
}

Result<Value> contains_fn(Execution& run, Args a) {
  TRY(work(run, text_of(a[1]).size() / 64));
  return Value::boolean(contains(text_of(a[1]), text_of(a[0])));
}
Result<Value> has_prefix(Execution&, Args a) {
  return Value::boolean(text_of(a[1]).starts_with(text_of(a[0])));
}
Result<Value> has_suffix(Execution&, Args a) {
  return Value::boolean(text_of(a[1]).ends_with(text_of(a[0])));
}

// Go's words for a string sliced outside of its bounds.
Error bad_slice(int64_t low, int64_t high, size_t size, bool has_high) {
  if (!has_high) {
    return failure(cat(
        "runtime error: slice bounds out of range [", low, low < 0 ? ":]" : cat(":", size, "]")));
  }
  if (high < 0) return failure(cat("runtime error: slice bounds out of range [:", high, "]"));
  if (static_cast<uint64_t>(high) > size) {
    return failure(
        cat("runtime error: slice bounds out of range [:", high, "] with length ", size));
  }
  return failure(cat("runtime error: slice bounds out of range [",
                     low,
                     ":",
                     low < 0 ? "" : std::to_string(high),
                     "]"));
}

Result<Value> substring(Execution&, Args a) {
  int64_t start = a[0].as_int();
  int64_t end = a[1].as_int();
  std::string_view text = text_of(a[2]);
  auto size = static_cast<int64_t>(text.size());
  if (start < 0) {
    if (end < 0 || end > size) return bad_slice(0, end, text.size(), true);
    return Value::string(text.substr(0, static_cast<size_t>(end)));
  }
  if (end < 0 || end > size) {
    if (start > size) return bad_slice(start, 0, text.size(), false);
    return Value::string(text.substr(static_cast<size_t>(start)));
  }
  if (start > end) return bad_slice(start, end, text.size(), true);
  return Value::string(text.substr(static_cast<size_t>(start), static_cast<size_t>(end - start)));
}

Result<Value> trunc(Execution&, Args a) {
  int64_t count = a[0].as_int();
  std::string_view text = text_of(a[1]);
  auto size = static_cast<int64_t>(text.size());
  if (count < 0 && size + count > 0)
    return Value::string(text.substr(static_cast<size_t>(size + count)));
  if (count >= 0 && size > count) return Value::string(text.substr(0, static_cast<size_t>(count)));
  return a[1];
}

// goutils.AbbreviateFull; what it refuses is empty here.
std::string abbreviate(std::string_view text, int64_t offset, int64_t width) {
  auto size = static_cast<int64_t>(text.size());
  if (size <= width) return std::string(text);
  offset = std::min(offset, size);
  if (size - offset < width - 3) offset = size - (width - 3);
  if (offset <= 4) return cat(text.substr(0, static_cast<size_t>(width - 3)), "...");
  if (width < 7) return {};
  if (offset + width - 3 < size) {
    return cat("...", abbreviate(text.substr(static_cast<size_t>(offset)), 0, width - 3));
  }
  return cat("...", text.substr(static_cast<size_t>(size - (width - 3))));
}

Result<Value> abbrev(Execution& run, Args a) {
  if (a[0].as_int() < 4) return a[1];
  return kept(run, abbreviate(text_of(a[1]), 0, a[0].as_int()));
}

Result<Value> abbrevboth(Execution& run, Args a) {
  int64_t left = a[0].as_int();
  int64_t right = a[1].as_int();
  if (right < 4 || (left > 0 && right < 7)) return a[2];
  return kept(run, abbreviate(text_of(a[2]), left, right));
}

std::string wrap_text(std::string_view text, int64_t width, std::string_view newline, bool split) {
  if (newline.empty()) newline = "\n";
  auto length = static_cast<size_t>(std::max<int64_t>(width, 1));
  std::string out;
  size_t offset = 0;
  while (text.size() - offset > length) {
    if (text[offset] == ' ') {
      ++offset;
      continue;
    }
    size_t space = text.substr(offset, length + 1).rfind(' ');
    if (space != std::string_view::npos) {
      out += text.substr(offset, space);
      out += newline;
      offset += space + 1;
    } else if (split) {
      out += text.substr(offset, length);
      out += newline;
      offset += length;
    } else {
      size_t next = text.find(' ', offset + length);
      out += text.substr(offset, next == std::string_view::npos ? next : next - offset);
      if (next == std::string_view::npos) {
        offset = text.size();
      } else {
        out += newline;
        offset = next + 1;
      }
    }
  }
  out += text.substr(offset);
  return out;
}

Result<Value> wrap_fn(Execution& run, Args a) {
  return kept(run, wrap_text(text_of(a[1]), a[0].as_int(), "", false));
}

Result<Value> wrap_with(Execution& run, Args a) {
  TRY(room_for(run, text_of(a[2]).size() * (text_of(a[1]).size() + 1)));
  return kept(run, wrap_text(text_of(a[2]), a[0].as_int(), text_of(a[1]), true));
}

Result<Value> repeat_fn(Execution& run, Args a) {
  int64_t count = a[0].as_int();
  if (count < 0) return failure("strings: negative Repeat count");
  std::string_view text = text_of(a[1]);
  if (text.empty()) return a[1];
  if (static_cast<uint64_t>(count) > kMaxHeapBytes) return room_for(run, UINT64_MAX).error();
  TRY(room_for(run, static_cast<uint64_t>(count) * text.size()));
  return kept(run, repeat(text, static_cast<size_t>(count)));
}

Result<Value> replace_fn(Execution& run, Args a) {
  std::string_view text = text_of(a[2]);
  if (!text_of(a[0]).empty() && text.find(text_of(a[0])) == std::string_view::npos) return a[2];
  TRY(room_for(run, (text.size() + 1) * (text_of(a[1]).size() + 1)));
  return kept(run, go_replace(text, text_of(a[0]), text_of(a[1])));
}

// Every line gets the padding, empty ones too. Written once, straight into the heap.
Result<Value> indent_text(Execution& run, int64_t spaces, std::string_view text, bool newline) {
  if (spaces < 0) return failure("strings: negative Repeat count");
  auto lines = static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  if (static_cast<uint64_t>(spaces) > kMaxHeapBytes) return room_for(run, UINT64_MAX).error();
  auto pad = static_cast<size_t>(spaces);
  uint64_t size = text.size() + lines * pad + (newline ? 1 : 0);
  TRY(room_for(run, size));
  char* out = static_cast<char*>(run.heap().allocate(size));
  char* at = out;
  if (newline) *at++ = '\n';
  for (;;) {
    std::memset(at, ' ', pad);
    at += pad;
    size_t end = text.find('\n');
    size_t line = end == std::string_view::npos ? text.size() : end + 1;
    if (line > 0) std::memcpy(at, text.data(), line);
    at += line;
    if (end == std::string_view::npos) break;
    text.remove_prefix(line);
  }
  return Value::string({out, size});
}

Result<Value> indent(Execution& run, Args a) {
  return indent_text(run, a[0].as_int(), text_of(a[1]), false);
}
Result<Value> nindent(Execution& run, Args a) {
  return indent_text(run, a[0].as_int(), text_of(a[1]), true);
}

constexpr uint64_t kLongestQuote = 4;  // bytes of "\\x00"

Result<Value> quote_fn(Execution& run, Args a) {
  std::string out;
  for (const Value& value : a) {
    if (value.is_nil()) continue;
    if (!out.empty()) out += ' ';
    std::string_view text = strval(run, value);
    TRY(room_for(run, out.size() + text.size() * kLongestQuote));
    out += quote(text);
  }
  return kept(run, out);
}

Result<Value> squote(Execution& run, Args a) {
  std::string out;
  for (const Value& value : a) {
    if (value.is_nil()) continue;
    if (!out.empty()) out += ' ';
    out += '\'';
    append_value(run.heap(), out, value);
    TRY(room_for(run, out.size()));
    out += '\'';
  }
  return kept(run, out);
}

Result<Value> cat_fn(Execution& run, Args a) {
  std::string out;
  bool first = true;
  for (const Value& value : a) {
    if (value.is_nil()) continue;
    if (!first) out += ' ';
    first = false;
    append_value(run.heap(), out, value);
    TRY(room_for(run, out.size()));
  }
  return kept(run, out);
}

Result<Value> plural(Execution&, Args a) {
  return a[2].as_int() == 1 ? a[0] : a[1];
}

Result<Value> join_fn(Execution& run, Args a) {
  auto parts = string_slice(run, a[1]);
  uint64_t bytes = parts.size() * uint64_t{text_of(a[0]).size()};
  for (std::string_view part : parts)
    bytes += part.size();
  TRY(room_for(run, bytes));
  return kept(run, join(parts, text_of(a[0])));
}

Result<Value> list_of(Execution& run, const std::vector<std::string_view>& parts) {
  TRY(room_for(run, parts.size() * sizeof(Value)));
  ListNode* node = new_list(run.heap(), parts.size(), types::kStringList);
  for (size_t i = 0; i < parts.size(); ++i)
    node->items[i] = Value::string(parts[i]);
  return Value::list(node);
}

Result<Value> map_of(Execution& run, const std::vector<std::string_view>& parts) {
  TRY(room_for(run, parts.size() * (sizeof(Entry) + 16)));
  MapNode* map = new_map(run.heap(), types::kStringMap, parts.size());
  for (size_t i = 0; i < parts.size(); ++i) {
    map_set(run.heap(), map, run.heap().copy(cat("_", i)), Value::string(parts[i]));
  }
  return Value::map(map);
}

Result<Value> split_list(Execution& run, Args a) {
  TRY(room_for_parts(run, text_of(a[1]), text_of(a[0])));
  return list_of(run, go_split(text_of(a[1]), text_of(a[0]), -1));
}
Result<Value> split_fn(Execution& run, Args a) {
  TRY(room_for_parts(run, text_of(a[1]), text_of(a[0])));
  return map_of(run, go_split(text_of(a[1]), text_of(a[0]), -1));
}
Result<Value> splitn(Execution& run, Args a) {
  TRY(room_for_parts(run, text_of(a[2]), text_of(a[0])));
  return map_of(run, go_split(text_of(a[2]), text_of(a[0]), a[1].as_int()));
}
Result<Value> to_strings(Execution& run, Args a) {
  if (a[0].kind() == Kind::List && a[0].type().element == &types::kString) return a[0];
  return list_of(run, string_slice(run, a[0]));
}

// A list of strings is sorted where it is, as in sprig.
Result<Value> sort_alpha(Execution& run, Args a) {
  if (!is_list_kind(a[0])) return list_of(run, {strval(run, a[0])});
  if (a[0].kind() == Kind::List && a[0].type().element == &types::kString && a[0].as_list()) {
    list_items(run.heap(), a[0]);
    Value* items = a[0].as_list()->items;
    std::sort(items, items + list_size(a[0]), [](const Value& x, const Value& y) {
      return x.as_string() < y.as_string();
    });
    return a[0];
  }
  uint64_t size = a[0].kind() == Kind::List ? list_size(a[0]) : text_of(a[0]).size();
  TRY(room_for(run, size * 3 * sizeof(Value)));
  auto parts = string_slice(run, a[0]);
  std::sort(parts.begin(), parts.end());
  return list_of(run, parts);
}

Result<Value> to_string_fn(Execution& run, Args a) {
  return Value::string(strval(run, a[0]));
}
Result<Value> hello(Execution&, Args) {
  return Value::string("Hello!");
}

constexpr Function kFunctions[] = {
    {"hello", "", &hello},
    {"trim", "s", &trim_fn},
    {"trimall", "ss", &trim_all},
    {"trimAll", "ss", &trim_all},
    {"trimSuffix", "ss", &trim_suffix_fn},
    {"trimPrefix", "ss", &trim_prefix_fn},
    {"contains", "ss", &contains_fn},
    {"hasPrefix", "ss", &has_prefix},
    {"hasSuffix", "ss", &has_suffix},
    {"substr", "iis", &substring},
    {"trunc", "is", &trunc},
    {"abbrev", "is", &abbrev},
    {"abbrevboth", "iis", &abbrevboth},
    {"wrap", "is", &wrap_fn},
    {"wrapWith", "iss", &wrap_with},
    {"repeat", "is", &repeat_fn},
    {"replace", "sss", &replace_fn},
    {"indent", "is", &indent},
    {"nindent", "is", &nindent},
    {"quote", "a*", &quote_fn},
    {"squote", "a*", &squote},
    {"cat", "a*", &cat_fn},
    {"plural", "ssi", &plural},
    {"join", "sa", &join_fn},
    {"split", "ss", &split_fn},
    {"splitn", "sis", &splitn},
    {"splitList", "ss", &split_list},
    {"toStrings", "a", &to_strings},
    {"sortAlpha", "a", &sort_alpha},
    {"toString", "a", &to_string_fn},
};

}  // namespace

std::span<const Function> sprig_string_functions() {
  return kFunctions;
}

}  // namespace fleet::gotemplate
