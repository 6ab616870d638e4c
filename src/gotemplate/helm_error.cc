#include "gotemplate/helm_error.h"

#include <optional>

#include "base/strings.h"
#include "gotemplate/exec.h"

namespace fleet::gotemplate {
namespace {

constexpr std::string_view kStart = "HELM_ERR_START";
constexpr std::string_view kEnd = "HELM_ERR_END";

// One link of the chain, taken apart.
struct Frame {
  std::string location;
  std::string function;  // `executing "x" at <y>:`
  std::string message;
  friend bool operator==(const Frame&, const Frame&) = default;

  std::string text() const {
    std::string out;
    if (!location.empty()) out += cat(location, "\n  ");
    if (!function.empty()) out += cat(function, "\n    ");
    if (!message.empty()) out += cat(message, "\n");
    return out;
  }
};

std::string_view without_chained(std::string_view message) {
  return message.substr(0, message.find(" template:"));
}

// `NAME: executing "FUNCTION" at <NODE>: MESSAGE`
std::optional<Frame> executing_frame(std::string_view text) {
  auto parts = cut(text, ": executing ");
  if (!parts || !parts->after.starts_with('"')) return std::nullopt;
  size_t quote_end = parts->after.find('"', 1);
  if (quote_end == std::string_view::npos) return std::nullopt;
  std::string_view function = parts->after.substr(1, quote_end - 1);
  std::string_view rest = parts->after.substr(quote_end + 1);
  constexpr std::string_view kAt = " at <";
  if (!rest.starts_with(kAt)) return std::nullopt;
  auto place = cut(rest.substr(kAt.size()), ">: ");
  if (!place) return std::nullopt;
  return Frame{std::string(parts->before),
               cat("executing \"", function, "\" at <", place->before, ">:"),
               std::string(without_chained(place->after))};
}

std::optional<Frame> frame_of(std::string_view text) {
  constexpr std::string_view kPrefix = "template: ";
  if (!text.starts_with(kPrefix)) return std::nullopt;
  std::string_view rest = text.substr(kPrefix.size());
  if (rest.starts_with("no template ")) return Frame{{}, {}, std::string(text)};
  if (auto frame = executing_frame(rest)) return frame;
  auto parts = cut_last(rest, ": ");
  if (!parts) return std::nullopt;
  return Frame{std::string(parts->before), {}, std::string(without_chained(parts->after))};
}

bool is_go_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_go_space(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_go_space(text.back()))
    text.remove_suffix(1);
  return text;
}

}  // namespace

std::string mark_message(std::string_view message) {
  return cat(kStart, message, kEnd);
}

std::string helm_execution_error(const Failure& failure, std::string_view file) {
  std::string whole = failure.text();
  if (!failure.executing) return whole;
  auto tokens = split_n(whole, ": ", 3);
  if (tokens.size() != 3) return cat("execution error in (", file, "): ", whole);
  size_t start = tokens[2].find(kStart);
  size_t end = tokens[2].rfind(kEnd);
  if (start != std::string_view::npos && end != std::string_view::npos &&
      end >= start + kStart.size()) {
    size_t from = start + kStart.size();
    return cat("execution error at (", tokens[1], "): ", tokens[2].substr(from, end - from));
  }
  std::vector<Frame> frames;
  for (size_t i = 0; i < failure.links.size(); ++i) {
    auto frame = frame_of(failure.text(i));
    if (!frame) return whole;
    if (frames.empty() || frames.back() != *frame) frames.push_back(std::move(*frame));
  }
  std::string out;
  for (const Frame& frame : frames)
    out += frame.text();
  return std::string(trimmed(out));
}

std::string helm_parse_error(std::string_view text, std::string_view file) {
  auto tokens = split(text, ": ");
  if (tokens.size() == 1) return cat("parse error in (", file, "): ", text);
  return cat("parse error at (", tokens[1], "): ", tokens.back());
}

}  // namespace fleet::gotemplate
