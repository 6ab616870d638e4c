#include "wire/oci/reference.h"

#include <algorithm>

#include "base/strings.h"

namespace fleet::oci {
namespace {

constexpr size_t kMaxTagBytes = 128;
constexpr size_t kMaxRepositoryBytes = 255;

bool is_low_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// Lower-case words with single separators ".", "_", "__" or any number of "-" between them.
bool is_path_component(std::string_view part) {
  if (part.empty() || !is_low_or_digit(part.front()) || !is_low_or_digit(part.back())) return false;
  for (size_t i = 0; i < part.size(); ++i) {
    if (is_low_or_digit(part[i]) || part[i] == '-') continue;
    const size_t run = std::min(part.find_first_not_of("._", i), part.size()) - i;
    const std::string_view separator = part.substr(i, run);
    if (separator != "." && separator != "_" && separator != "__") return false;
    i += run - 1;
  }
  return true;
}

bool is_tag(std::string_view tag) {
  if (tag.empty() || tag.size() > kMaxTagBytes || tag[0] == '.' || tag[0] == '-') return false;
  return std::all_of(tag.begin(), tag.end(), [](char c) {
    return is_low_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '-';
  });
}

bool is_digest(std::string_view digest) {
  const auto parts = cut(digest, ":");
  if (!parts || (parts->before != "sha256" && parts->before != "sha512")) return false;
  const size_t size = parts->before == "sha256" ? 64 : 128;
  return parts->after.size() == size &&
         parts->after.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_registry(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return is_low_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == ':' ||
           c == '[' || c == ']';
  });
}

}  // namespace

Result<Reference> Reference::parse(std::string_view text) {
  const auto bad = [&](std::string_view why) {
    return Error{Code::Invalid, cat("invalid reference ", quote(text), ": ", why)};
  };
  std::string_view rest = trim_prefix(text, "oci://");
  Reference out;
  if (const auto parts = cut(rest, "@")) {
    if (!is_digest(parts->after)) return bad("invalid digest");
    out.digest = std::string(parts->after);
    rest = parts->before;
  }
  const size_t slash = rest.find('/');
  const std::string_view first = rest.substr(0, slash);
  const bool names_host = slash != std::string_view::npos &&
                          (contains(first, ".") || contains(first, ":") || first == "localhost");
  if (names_host) {
    out.registry = std::string(first);
    rest.remove_prefix(slash + 1);
  } else {
    out.registry = "docker.io";
  }
  if (!is_registry(out.registry)) return bad("invalid registry");
  if (const auto parts = cut_last(rest, ":")) {
    if (!is_tag(parts->after)) return bad("invalid tag");
    out.tag = std::string(parts->after);
    rest = parts->before;
  }
  out.repository = std::string(rest);
  if (!names_host && !contains(rest, "/")) out.repository = cat("library/", rest);
  const auto components = split(out.repository, '/');
  if (out.repository.size() > kMaxRepositoryBytes ||
      !std::all_of(components.begin(), components.end(), is_path_component)) {
    return bad("invalid repository");
  }
  return out;
}

std::string Reference::target() const {
  if (!digest.empty()) return digest;
  return tag.empty() ? "latest" : tag;
}

std::string Reference::text() const {
  return cat(name(), tag.empty() ? "" : ":" + tag, digest.empty() ? "" : "@" + digest);
}

std::string tag_of_version(std::string_view version) {
  return replace_all(version, "+", "_");
}
std::string version_of_tag(std::string_view tag) {
  return replace_all(tag, "_", "+");
}

}  // namespace fleet::oci
