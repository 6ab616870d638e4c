// Functions on strings, regular expressions among them.
#include <algorithm>

#include "base/strings.h"
#include "data/json/print.h"
#include "kube/cel/functions.h"
#include "text/regex.h"

namespace fleet::kube::cel {
namespace {

Error invalid(std::string message) {
  return Error(Code::Invalid, std::move(message));
}

// Strings are counted in runes; this gives where each begins, and the end.
std::vector<size_t> rune_starts(std::string_view text) {
  std::vector<size_t> out;
  for (size_t i = 0; i < text.size();) {
    out.push_back(i);
    i += decode_rune(text.substr(i)).size;
  }
  out.push_back(text.size());
  return out;
}

template <auto Test>
Result<Val> test(Args args, Meter& meter) {
  auto text = TRY(text_of(args[0]));
  auto part = TRY(text_of(args[1]));
  meter.add((text.size() + part.size()) / 10);
  return Val::boolean(Test(text, part));
}

Result<Val> matches(Args args, Meter& meter) {
  auto text = TRY(text_of(args[0]));
  auto pattern = TRY(text_of(args[1]));
  meter.add((text.size() / 10 + 1) * (pattern.size() / 4 + 1));
  auto regex = TRY(text::Regex::compile(pattern));
  return Val::boolean(regex.matches(text));
}

Result<Val> find_first(Args args, Meter& meter) {
  auto text = TRY(text_of(args[0]));
  auto regex = TRY(text::Regex::compile(TRY(text_of(args[1]))));
  meter.add(text.size() / 10 + 1);
  auto match = regex.find(text);
  return Val::string(match ? std::string((*match)[0].in(text)) : std::string());
}

Result<Val> find_all(Args args, Meter& meter) {
  auto text = TRY(text_of(args[0]));
  auto regex = TRY(text::Regex::compile(TRY(text_of(args[1]))));
  meter.add(text.size() + 1);
  int limit = args.size() > 2 ? static_cast<int>(TRY(integer_of(args[2]))) : -1;
  Items out;
  for (const auto& match : regex.find_all(text, limit)) {
    out.push_back(Val::string(std::string(match[0].in(text))));
  }
  return Val::list(std::move(out));
}

template <auto Change>
Result<Val> change(Args args, Meter& meter) {
  auto text = TRY(text_of(args[0]));
  meter.add(text.size() / 10);
  return Val::string(std::string(Change(text)));
}

Result<Val> char_at(Args args, Meter&) {
  auto text = TRY(text_of(args[0]));
  int64_t at = TRY(integer_of(args[1]));
  auto starts = rune_starts(text);
  int64_t size = static_cast<int64_t>(starts.size()) - 1;
  if (at < 0 || at > size) return invalid(cat("index out of range: ", at));
  if (at == size) return Val::string("");
  size_t i = static_cast<size_t>(at);
  return Val::string(std::string(text.substr(starts[i], starts[i + 1] - starts[i])));
}

Result<Val> index_in_text(Args args, bool last) {
  auto text = TRY(text_of(args[0]));
  auto part = TRY(text_of(args[1]));
  auto starts = rune_starts(text);
  int64_t size = static_cast<int64_t>(starts.size()) - 1;
  int64_t from = last ? size : 0;
  if (args.size() > 2) {
    from = TRY(integer_of(args[2]));
    if (from < 0 || from > size) return invalid(cat("index out of range: ", from));
  }
  size_t byte = starts[static_cast<size_t>(from)];
  size_t found = last ? text.rfind(part, byte) : text.find(part, byte);
  if (found == std::string_view::npos) return Val::integer(-1);
  return Val::integer(static_cast<int64_t>(rune_count(text.substr(0, found))));
}

Result<Val> substring(Args args, Meter&) {
  auto text = TRY(text_of(args[0]));
  auto starts = rune_starts(text);
  int64_t size = static_cast<int64_t>(starts.size()) - 1;
  int64_t from = TRY(integer_of(args[1]));
  int64_t to = args.size() > 2 ? TRY(integer_of(args[2])) : size;
  if (from < 0 || from > size) return invalid(cat("index out of range: ", from));
  if (to < 0 || to > size) return invalid(cat("index out of range: ", to));
  if (from > to) return invalid(cat("invalid substring range. start: ", from, ", end: ", to));
  size_t begin = starts[static_cast<size_t>(from)];
  return Val::string(std::string(text.substr(begin, starts[static_cast<size_t>(to)] - begin)));
}

Result<Val> replace(Args args, Meter& meter) {
  std::string text(TRY(text_of(args[0])));
  auto from = TRY(text_of(args[1]));
  auto to = TRY(text_of(args[2]));
  int64_t limit = args.size() > 3 ? TRY(integer_of(args[3])) : -1;
  meter.add(text.size() / 10);
  std::string out;
  size_t at = 0;
  while (limit != 0) {
    size_t found =
        from.empty() ? (at <= text.size() ? at : std::string::npos) : text.find(from, at);
    if (found == std::string::npos) break;
    out.append(text, at, found - at);
    out += to;
    if (from.empty()) {
      if (at == text.size()) {
        at = text.size() + 1;
        break;
      }
      size_t size = decode_rune(std::string_view(text).substr(at)).size;
      out.append(text, at, size);
      at += size;
    } else {
      at = found + from.size();
    }
    meter.add(to.size() / 10 + 1);
    TRY(meter.check());
    if (limit > 0) --limit;
  }
  if (at < text.size()) out.append(text, at);
  return Val::string(std::move(out));
}

Result<Val> split_text(Args args, Meter& meter) {
  auto text = TRY(text_of(args[0]));
  auto separator = TRY(text_of(args[1]));
  int64_t limit = args.size() > 2 ? TRY(integer_of(args[2])) : -1;
  meter.add(text.size() / 10);
  Items out;
  if (limit == 0) return Val::list({});
  if (separator.empty()) {
    auto starts = rune_starts(text);
    for (size_t i = 0; i + 1 < starts.size(); ++i)
      out.push_back(Val::string(std::string(text.substr(starts[i], starts[i + 1] - starts[i]))));
    return Val::list(std::move(out));
  }
  auto parts =
      limit < 0 ? split(text, separator) : split_n(text, separator, static_cast<size_t>(limit));
  for (std::string_view part : parts) {
    out.push_back(Val::string(std::string(part)));
  }
  return Val::list(std::move(out));
}

Result<Val> join_texts(Args args, Meter& meter) {
  if (args[0].kind != Kind::List) return no_overload();
  std::string_view separator = args.size() > 1 ? TRY(text_of(args[1])) : std::string_view{};
  std::string out;
  for (size_t i = 0; i < args[0].size(); ++i) {
    Val item = args[0].item(i);
    if (i > 0) out += separator;
    out += TRY(text_of(item));
  }
  meter.add(out.size() / 10);
  return Val::string(std::move(out));
}

std::string reversed(std::string_view text) {
  auto starts = rune_starts(text);
  std::string out;
  for (size_t i = starts.size() - 1; i-- > 0;)
    out += text.substr(starts[i], starts[i + 1] - starts[i]);
  return out;
}

// What %s shows.
std::string shown(const Val& value) {
  if (value.kind == Kind::String || value.kind == Kind::Bytes) return value.text;
  if (value.kind == Kind::Bool) return value.flag ? "true" : "false";
  if (value.kind == Kind::Double) return to_text(value.real);
  if (value.kind == Kind::Null) return "null";
  data::Value json = value.to_json();
  if (json.is_string()) return json.to_string();
  return json::print(json, json::Keys::Sorted, json::Html::Plain);
}

Result<std::string> formatted(char verb, int precision, const Val& value) {
  if (verb == 's') return shown(value);
  if (verb == 'd') {
    if (value.kind == Kind::Int || value.kind == Kind::UInt) return shown(value);
    return invalid(
        "error during formatting: decimal clause can only be used on integers, was given " +
        std::string(type_name(value)));
  }
  if (verb == 'f' || verb == 'e') {
    if (!value.is_number()) return no_overload();
    char buffer[400];
    int size = std::snprintf(buffer,
                             sizeof(buffer),
                             verb == 'f' ? "%.*f" : "%.*e",
                             precision < 0 ? 6 : std::min(precision, 60),
                             value.as_double());
    return std::string(buffer, static_cast<size_t>(std::max(size, 0)));
  }
  if (verb == 'x' || verb == 'X' || verb == 'b' || verb == 'o') {
    if (value.kind != Kind::Int && value.kind != Kind::UInt) return no_overload();
    bool negative = value.kind == Kind::Int && value.number < 0;
    uint64_t rest = value.kind == Kind::UInt ? value.natural
                    : negative               ? 0 - static_cast<uint64_t>(value.number)
                                             : static_cast<uint64_t>(value.number);
    uint64_t base = verb == 'b' ? 2 : verb == 'o' ? 8 : 16;
    std::string digits;
    do {
      digits.insert(digits.begin(),
                    (verb == 'X' ? "0123456789ABCDEF" : "0123456789abcdef")[rest % base]);
      rest /= base;
    } while (rest != 0);
    return negative ? "-" + digits : digits;
  }
  return invalid(
      cat("error during formatting: unrecognized formatting clause ", quote(std::string(1, verb))));
}

Result<Val> format(Args args, Meter& meter) {
  auto text = TRY(text_of(args[0]));
  if (args[1].kind != Kind::List) return no_overload();
  std::string out;
  size_t next = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (++i >= text.size()) return invalid("error during formatting: unexpected end of string");
    if (text[i] == '%') {
      out += '%';
      continue;
    }
    int precision = -1;
    if (text[i] == '.') {
      precision = 0;
      while (++i < text.size() && text[i] >= '0' && text[i] <= '9' && precision < 100)
        precision = precision * 10 + (text[i] - '0');
      if (i >= text.size()) return invalid("error during formatting: unexpected end of string");
    }
    if (next >= args[1].size())
      return invalid(cat("error during formatting: index ", next, " out of range"));
    out += TRY(formatted(text[i], precision, args[1].item(next++)));
    meter.add(out.size() / 10);
    TRY(meter.check());
  }
  return Val::string(std::move(out));
}

Result<Val> index_of(Args args, Meter& meter);
Result<Val> last_index_of(Args args, Meter& meter);

Result<Val> index_in_list(Args args, bool last) {
  int64_t found = -1;
  for (size_t i = 0; i < args[0].size(); ++i) {
    if (!equal(args[0].item(i), args[1])) continue;
    found = static_cast<int64_t>(i);
    if (!last) break;
  }
  return Val::integer(found);
}

Result<Val> index_of(Args args, Meter& meter) {
  meter.add(args[0].text.size() / 10 + args[0].size());
  return args[0].kind == Kind::List ? index_in_list(args, false) : index_in_text(args, false);
}
Result<Val> last_index_of(Args args, Meter& meter) {
  meter.add(args[0].text.size() / 10 + args[0].size());
  return args[0].kind == Kind::List ? index_in_list(args, true) : index_in_text(args, true);
}

Result<Val> reverse(Args args, Meter& meter) {
  meter.add(args[0].text.size() / 10 + args[0].size());
  if (args[0].kind == Kind::List) {
    Items items;
    for (size_t i = args[0].size(); i-- > 0;)
      items.push_back(args[0].item(i));
    return Val::list(std::move(items));
  }
  return Val::string(reversed(TRY(text_of(args[0]))));
}

std::string_view trimmed(std::string_view text) {
  return trim(text);
}
std::string quoted(std::string_view text) {
  return quote(text);
}
bool starts(std::string_view text, std::string_view part) {
  return text.starts_with(part);
}
bool ends(std::string_view text, std::string_view part) {
  return text.ends_with(part);
}

constexpr Function kFunctions[] = {
    {"contains", 2, 2, true, &test<contains>},
    {"startsWith", 2, 2, true, &test<starts>},
    {"endsWith", 2, 2, true, &test<ends>},
    {"matches", 2, 2, true, &matches},
    {"matches", 2, 2, false, &matches},
    {"find", 2, 2, true, &find_first},
    {"findAll", 2, 3, true, &find_all},
    {"lowerAscii", 1, 1, true, &change<to_lower>},
    {"upperAscii", 1, 1, true, &change<to_upper>},
    {"trim", 1, 1, true, &change<trimmed>},
    {"strings.quote", 1, 1, false, &change<quoted>},
    {"reverse", 1, 1, true, &reverse},
    {"charAt", 2, 2, true, &char_at},
    {"indexOf", 2, 3, true, &index_of},
    {"lastIndexOf", 2, 3, true, &last_index_of},
    {"substring", 2, 3, true, &substring},
    {"replace", 3, 4, true, &replace},
    {"split", 2, 3, true, &split_text},
    {"join", 1, 2, true, &join_texts},
    {"format", 2, 2, true, &format},
};

}  // namespace

std::span<const Function> text_functions() {
  return kFunctions;
}

}  // namespace fleet::kube::cel
