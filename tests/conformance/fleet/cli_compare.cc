#include "fleet/cli_compare.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/strings.h"
#include "codec/base64.h"
#include "codec/gzip.h"

namespace fleet::conformance {
namespace {

constexpr std::string_view kGzipped = "H4sI";  // how gzip in base64 begins
constexpr std::string_view kHead = "apiVersion: fleet.cattle.io/v1alpha1\n";

bool is_base64(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/' || c == '=';
}

// Gzip's bytes depend on who packed them: compared unpacked.
std::string unpacked(std::string_view text) {
  std::string out;
  while (true) {
    size_t at = text.find(kGzipped);
    out += text.substr(0, at);
    if (at == std::string_view::npos) return out;
    size_t end = at;
    while (end < text.size() && is_base64(text[end])) {
      ++end;
    }
    std::string_view packed = text.substr(at, end - at);
    auto bytes = codec::base64_decode(packed);
    auto plain = bytes.ok() ? codec::gunzip(*bytes) : Result<std::string>(bytes.error());
    out += plain.ok() ? "<gzip>" + *plain + "</gzip>" : std::string(packed);
    text.remove_prefix(end);
  }
}

std::string_view field_line(std::string_view text, std::string_view name) {
  size_t at = text.find(cat("\n", name));
  if (at == std::string_view::npos) return {};
  std::string_view rest = text.substr(at + 1);
  return rest.substr(0, rest.find('\n'));
}

// Several bundles come in any order, one behind the other: sorted by kind and name.
std::string ordered(const std::string& text) {
  std::vector<std::string> parts;
  size_t from = 0;
  while (true) {
    size_t at = text.find(cat("\n", kHead), from);
    if (at == std::string::npos) break;
    parts.push_back(text.substr(from, at + 1 - from));
    from = at + 1;
  }
  parts.push_back(text.substr(from));
  if (!parts.front().starts_with(kHead)) return text;
  auto key = [](const std::string& part) {
    return cat(field_line(part, "kind: "), field_line(part, "  name: "), part);
  };
  std::ranges::stable_sort(parts, {}, key);
  return join(parts, "");
}

// The error text of the one logrus line of a failing command.
std::optional<std::string> fatal_message(std::string_view err) {
  constexpr std::string_view kMark = "level=fatal msg=";
  for (std::string_view line : split_lines(err)) {
    size_t at = line.find(kMark);
    if (at != std::string_view::npos) return std::string(line.substr(at + kMark.size()));
  }
  return std::nullopt;
}

// A network failure is compared up to its URL.
std::string up_to_url(const std::string& message) {
  constexpr std::string_view kGet = "Get \\\"";
  size_t at = message.find(kGet);
  if (at == std::string::npos) return message;
  return message.substr(0, message.find("\\\"", at + kGet.size()));
}

std::string matched_line(std::string_view err) {
  for (std::string_view line : split_lines(err)) {
    if (line.starts_with("# Matched")) return std::string(line);
  }
  return {};
}

}  // namespace

Difference compare_printed(const Printed& want, const Printed& got) {
  if (want.code != got.code) {
    return cat("code: want ", want.code, ", got ", got.code, "\n", got.err);
  }
  Difference out = text_difference(ordered(unpacked(want.out)), ordered(unpacked(got.out)));
  if (!out.empty()) return out;
  if (want.code != 0) {
    auto message = fatal_message(want.err);
    auto own = fatal_message(got.err);
    if (message && (!own || up_to_url(*message) != up_to_url(*own))) {
      return cat("message: want ", *message, "\n          got ", own.value_or("none"));
    }
  }
  return text_difference(matched_line(want.err), matched_line(got.err));
}

}  // namespace fleet::conformance
