#include <algorithm>
#include <vector>

#include "base/strings.h"
#include "text/regex.h"

namespace fleet::text {
namespace {

constexpr size_t kHuge = size_t{1} << 40;

// The upper bound of "{n}", "{n,}" or "{n,m}" at the front of `rest`, which is taken; 1 if it is
// none of them.
size_t take_repeat(std::string_view& rest) {
  size_t close = rest.find('}');
  if (close == std::string_view::npos) return 1;
  std::string_view inside = rest.substr(1, close - 1);
  size_t comma = inside.find(',');
  std::string_view last = comma == std::string_view::npos ? inside : inside.substr(comma + 1);
  if (last.empty()) last = inside.substr(0, comma);
  auto count = parse_int(last);
  if (!count || *count < 0) return 1;
  rest.remove_prefix(close + 1);
  return static_cast<size_t>(*count);
}

// Takes "[...]"; a "]" in front does not close it.
void take_class(std::string_view& rest) {
  size_t at = rest.starts_with("[^") ? 3 : 2;
  while (at < rest.size() && rest[at] != ']')
    at += rest[at] == '\\' ? 2 : 1;
  rest.remove_prefix(std::min(at + 1, rest.size()));
}

}  // namespace

size_t regex_size(std::string_view pattern) {
  struct Group {
    size_t before = 0;  // all but the last item
    size_t last = 0;    // what a repetition would repeat
  };
  std::vector<Group> groups(1);
  auto add = [&](size_t size) {
    Group& group = groups.back();
    group.before = std::min(group.before + group.last, kHuge);
    group.last = size;
  };
  auto close = [&] {
    size_t size = groups.back().before + groups.back().last;
    groups.pop_back();
    add(size);
  };
  while (!pattern.empty()) {
    char c = pattern[0];
    if (c == '{') {
      std::string_view rest = pattern;
      size_t times = take_repeat(rest);
      if (rest.size() < pattern.size()) {
        size_t& last = groups.back().last;
        last = std::min(last * std::min(times, kHuge / std::max(last, size_t{1})), kHuge);
        pattern = rest;
        continue;
      }
    }
    if (c == '[') {
      take_class(pattern);
      add(1);
      continue;
    }
    if (c == '(') groups.emplace_back();
    if (c == ')' && groups.size() > 1) close();
    if (c != '(' && c != ')') add(1);
    pattern.remove_prefix(std::min<size_t>(c == '\\' ? 2 : 1, pattern.size()));
  }
  while (groups.size() > 1)
    close();
  return groups[0].before + groups[0].last;
}

}  // namespace fleet::text
