#include "text/diff.h"

#include <algorithm>
#include <span>
#include <unordered_map>

#include "base/strings.h"

namespace fleet::text {
namespace {

using Kind = DiffLine::Kind;

std::vector<std::string_view> lines_with_ends(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    size_t end = text.find('\n');
    size_t length = end == std::string_view::npos ? text.size() : end + 1;
    out.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return out;
}

// Myers' shortest edit script: forward search, one saved frontier per edit, then back.
class Edit {
 public:
  Edit(std::span<const int> before, std::span<const int> after)
      : a_(before),
        b_(after) {}

  // Steps from start to end: Same, Removed, Added.
  std::vector<Kind> run() {
    auto size = static_cast<int>(a_.size() + b_.size());
    int most = std::min(size, static_cast<int>(kMaxDiffEdits));
    std::vector<int> reach(static_cast<size_t>(2 * most + 3), 0);
    int zero = most + 1;
    std::vector<std::vector<int>> trail;
    for (int edits = 0; edits <= most; ++edits) {
      for (int k = -edits; k <= edits; k += 2) {
        auto at = [&](int diagonal) -> int& { return reach[static_cast<size_t>(zero + diagonal)]; };
        bool down = k == -edits || (k != edits && at(k - 1) < at(k + 1));
        int x = down ? at(k + 1) : at(k - 1) + 1;
        x = slide(x, x - k);
        at(k) = x;
        if (x >= static_cast<int>(a_.size()) && x - k >= static_cast<int>(b_.size())) {
          trail.push_back(frontier(reach, zero, edits));
          return walk_back(trail);
        }
      }
      trail.push_back(frontier(reach, zero, edits));
    }
    std::vector<Kind> out(a_.size(), Kind::Removed);
    out.insert(out.end(), b_.size(), Kind::Added);
    return out;
  }

 private:
  int slide(int x, int y) const {
    while (x < static_cast<int>(a_.size()) && y < static_cast<int>(b_.size()) &&
           a_[static_cast<size_t>(x)] == b_[static_cast<size_t>(y)]) {
      ++x;
      ++y;
    }
    return x;
  }

  static std::vector<int> frontier(const std::vector<int>& reach, int zero, int edits) {
    return {reach.begin() + zero - edits, reach.begin() + zero + edits + 1};
  }

  std::vector<Kind> walk_back(const std::vector<std::vector<int>>& trail) const {
    std::vector<Kind> out;
    auto x = static_cast<int>(a_.size());
    auto y = static_cast<int>(b_.size());
    for (auto edits = static_cast<int>(trail.size()) - 1; edits > 0; --edits) {
      const std::vector<int>& last = trail[static_cast<size_t>(edits - 1)];
      auto at = [&](int diagonal) { return last[static_cast<size_t>(diagonal + edits - 1)]; };
      int k = x - y;
      bool down =
          k == -edits || (k != edits && at_or(last, edits, k - 1) < at_or(last, edits, k + 1));
      int from = down ? k + 1 : k - 1;
      int start_x = at(from);
      int start_y = start_x - from;
      int after_x = down ? start_x : start_x + 1;
      for (; x > after_x; --x, --y)
        out.push_back(Kind::Same);
      out.push_back(down ? Kind::Added : Kind::Removed);
      x = start_x;
      y = start_y;
    }
    out.insert(out.end(), static_cast<size_t>(x), Kind::Same);
    std::reverse(out.begin(), out.end());
    return out;
  }

  static int at_or(const std::vector<int>& last, int edits, int diagonal) {
    int index = diagonal + edits - 1;
    return index < 0 || index >= static_cast<int>(last.size()) ? 0
                                                               : last[static_cast<size_t>(index)];
  }

  std::span<const int> a_;
  std::span<const int> b_;
};

std::string_view mark(Kind kind) {
  return kind == Kind::Same ? " " : (kind == Kind::Removed ? "-" : "+");
}

void print_line(std::string& out, const DiffLine& line) {
  out += mark(line.kind);
  out += line.text;
  if (!line.text.ends_with('\n')) out += "\n\\ No newline at end of file\n";
}

std::string range(size_t start, size_t count) {
  size_t shown = count == 0 ? start : start + 1;
  return count == 1 ? std::to_string(shown) : cat(shown, ",", count);
}

}  // namespace

std::vector<DiffLine> diff_lines(std::string_view before, std::string_view after) {
  auto a = lines_with_ends(before);
  auto b = lines_with_ends(after);
  std::unordered_map<std::string_view, int> numbers;
  auto number = [&](const std::vector<std::string_view>& lines) {
    std::vector<int> out;
    for (std::string_view line : lines) {
      out.push_back(numbers.emplace(line, static_cast<int>(numbers.size())).first->second);
    }
    return out;
  };
  std::vector<int> left = number(a);
  std::vector<int> right = number(b);
  size_t same_front = 0;
  while (same_front < left.size() && same_front < right.size() &&
         left[same_front] == right[same_front]) {
    ++same_front;
  }
  size_t same_back = 0;
  while (same_back < left.size() - same_front && same_back < right.size() - same_front &&
         left[left.size() - 1 - same_back] == right[right.size() - 1 - same_back]) {
    ++same_back;
  }
  auto middle = [&](const std::vector<int>& all) {
    return std::span<const int>(all).subspan(same_front, all.size() - same_front - same_back);
  };
  std::vector<Kind> steps(same_front, Kind::Same);
  std::vector<Kind> edit = Edit(middle(left), middle(right)).run();
  steps.insert(steps.end(), edit.begin(), edit.end());
  steps.insert(steps.end(), same_back, Kind::Same);

  std::vector<DiffLine> out;
  std::vector<DiffLine> added;  // held back until the removed lines of the same place are out
  size_t i = 0;
  size_t j = 0;
  for (Kind kind : steps) {
    if (kind == Kind::Added) {
      added.push_back({kind, b[j++]});
      continue;
    }
    if (kind == Kind::Same) {
      out.insert(out.end(), added.begin(), added.end());
      added.clear();
      ++j;
    }
    out.push_back({kind, a[i++]});
  }
  out.insert(out.end(), added.begin(), added.end());
  return out;
}

std::string unified_diff(std::string_view before,
                         std::string_view after,
                         const DiffNames& names,
                         size_t context) {
  if (before == after) return "";
  std::vector<DiffLine> lines = diff_lines(before, after);
  std::string out = cat("--- ", names.before, "\n+++ ", names.after, "\n");
  size_t a = 0;  // lines of each text in front of `at`
  size_t b = 0;
  auto count = [](const DiffLine& line, size_t& left, size_t& right) {
    if (line.kind != Kind::Added) ++left;
    if (line.kind != Kind::Removed) ++right;
  };
  for (size_t at = 0; at < lines.size();) {
    size_t change = at;
    while (change < lines.size() && lines[change].kind == Kind::Same)
      ++change;
    if (change == lines.size()) break;
    size_t begin = change - std::min(context, change - at);
    size_t end = change;
    for (size_t i = change; i < lines.size() && i <= end + 2 * context; ++i) {
      if (lines[i].kind != Kind::Same) end = i + 1;
    }
    end = std::min(end + context, lines.size());
    for (size_t i = at; i < begin; ++i)
      count(lines[i], a, b);
    size_t rows_a = 0;
    size_t rows_b = 0;
    for (size_t i = begin; i < end; ++i)
      count(lines[i], rows_a, rows_b);
    out += cat("@@ -", range(a, rows_a), " +", range(b, rows_b), " @@\n");
    for (size_t i = begin; i < end; ++i)
      print_line(out, lines[i]);
    a += rows_a;
    b += rows_b;
    at = end;
  }
  return out;
}

}  // namespace fleet::text
