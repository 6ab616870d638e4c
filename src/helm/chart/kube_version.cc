#include "helm/chart/kube_version.h"

#include <charconv>
#include <cstdint>
#include <vector>

#include "base/strings.h"

namespace fleet::helm {
namespace {

Error refuse(std::string message) {
  return Error(Code::Invalid, std::move(message));
}

// The leading "1.22.3" of a text behind blanks and a "v"; empty if there is none.
std::string_view leading_numbers(std::string_view text) {
  std::string_view rest = trim_left(text, " \t\n\f\r");
  rest = trim_prefix(rest, "v");
  size_t end = 0;
  for (size_t at = 0; at < rest.size();) {
    size_t digits = rest.find_first_not_of("0123456789", at);
    if (digits == std::string_view::npos) digits = rest.size();
    if (digits == at) break;
    end = digits;
    if (end == rest.size() || rest[end] != '.') break;
    at = end + 1;
  }
  bool broken = rest.find('\n', end) != std::string_view::npos;
  return broken ? std::string_view() : rest.substr(0, end);
}

Result<uint64_t> component(std::string_view digits, std::string_view whole) {
  uint64_t value = 0;
  auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (code != std::errc() || end != digits.data() + digits.size()) {
    return refuse(cat("illegal non-numeric version component ",
                      quote(digits),
                      " in ",
                      quote(whole),
                      ": strconv.ParseUint: parsing ",
                      quote(digits),
                      ": value out of range"));
  }
  return value;
}

}  // namespace

Result<KubeVersion> parse_kube_version(std::string_view text) {
  std::string_view numbers = leading_numbers(text);
  if (numbers.empty()) return refuse(cat("could not parse ", quote(text), " as version"));
  auto parts = split(numbers, '.');
  if (parts.size() < 2) return refuse(cat("illegal version string ", quote(text)));
  if (parts[0].size() > 1 && parts[0][0] == '0') {
    return refuse(
        cat("illegal zero-prefixed version component ", quote(parts[0]), " in ", quote(text)));
  }
  std::vector<std::string> clean;
  for (std::string_view part : parts) {
    clean.push_back(std::to_string(TRY(component(part, text))));
  }
  KubeVersion out;
  out.version = cat(text.starts_with('v') ? "" : "v", text);
  out.normalized = cat("v", join(clean, "."));
  out.major = clean[0];
  out.minor = clean[1];
  return out;
}

}  // namespace fleet::helm
