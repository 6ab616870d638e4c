#include "fleet/api/names.h"

#include <vector>

#include "base/file_tree.h"
#include "base/strings.h"
#include "codec/digest.h"

namespace fleet::api {

namespace {

constexpr size_t kMaxReleaseName = 53;
constexpr size_t kMaxLabel = 63;

bool is_lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_name_character(char c) {
  return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '-';
}

// Two letters beyond ASCII have a lower case inside it, as Go's strings.ToLower knows.
std::string lowered(std::string_view text) {
  std::string out = to_lower(text);
  out = replace_all(out, "\xE2\x84\xAA", "k");  // the Kelvin sign
  return replace_all(out, "\xC4\xB0", "i");     // capital i with a dot
}

bool begins_and_ends_well(std::string_view text) {
  if (text.empty() || text.front() == '-' || text.back() == '-') return false;
  for (char c : text) {
    if (!is_lower_or_digit(c) && c != '-') return false;
  }
  return true;
}

}  // namespace

std::string hex(std::string_view text, size_t digits) {
  return codec::hex_digest(codec::Hash::Md5, text).substr(0, digits);
}

std::string key_hash(std::string_view text) {
  return codec::sha256_hex(text.substr(0, 100)).substr(0, 12);
}

std::string limit_name(std::string_view text, size_t limit) {
  constexpr size_t kHexDigits = 5;
  if (text.size() <= limit) return std::string(text);
  if (limit <= kHexDigits + 1) return std::string(text.substr(0, limit));
  std::string_view kept = text.substr(0, limit - kHexDigits - 1);
  return cat(kept, kept.back() == '-' ? "" : "-", hex(text, kHexDigits));
}

std::string safe_concat_name(std::span<const std::string_view> parts) {
  std::string whole = join(parts, "-");
  if (whole.size() <= kMaxLabel) return whole;
  std::string digest = codec::sha256_hex(whole);
  if (is_lower_or_digit(whole[56])) return cat(whole.substr(0, 57), "-", digest.substr(0, 5));
  return cat(whole.substr(0, 56), "-", digest.substr(0, 6));
}

std::string safe_concat_name(std::initializer_list<std::string_view> parts) {
  return safe_concat_name(std::span(parts.begin(), parts.size()));
}

std::string helm_release_name(std::string_view text) {
  std::string name = replace_all(text, "/", "-");
  bool must_mark = name != lowered(name);
  for (char c : name) {
    must_mark = must_mark || !is_name_character(c);
  }
  if (must_mark) name = cat(name, "-", hex(name, 8));
  std::string clean;
  for (char c : lowered(name)) {
    char next = is_lower_or_digit(c) ? c : '-';
    if (next == '-' && !clean.empty() && clean.back() == '-') continue;
    clean += next;
  }
  std::string_view trimmed = trim(clean, "-");
  if (!begins_and_ends_well(trimmed)) return hex(text, 24);
  return limit_name(trimmed, kMaxReleaseName);
}

bool is_dns_label(std::string_view text) {
  return text.size() <= kMaxLabel && begins_and_ends_well(text);
}

std::string cluster_namespace(std::string_view cluster_namespace_name, std::string_view cluster) {
  std::string key = key_hash(cat(cluster_namespace_name, "::", cluster));
  return safe_concat_name({"cluster", cluster_namespace_name, cluster, key});
}

std::string cluster_name_from_client_id(std::string_view client_id) {
  return safe_concat_name({"cluster", key_hash(client_id)});
}

std::string bundle_name(std::string_view repo, std::string_view dir, std::string_view file) {
  std::string path = join_path(repo, dir);
  if (!file.empty()) path = join_path(path, trim_suffix(file, extension(file)));
  return helm_release_name(path);
}

std::string registration_secret_name(std::string_view client_id, std::string_view client_random) {
  return cat("c-", codec::sha256_hex(cat(client_id, client_random))).substr(0, kMaxLabel);
}

}  // namespace fleet::api
