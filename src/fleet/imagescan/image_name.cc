#include "fleet/imagescan/image_name.h"

#include <algorithm>
#include <optional>

#include "base/strings.h"
#include "text/url.h"

namespace fleet::imagescan {
namespace {

constexpr std::string_view kHub = "index.docker.io";
constexpr std::string_view kHubAlias = "docker.io";
constexpr std::string_view kDefaultTag = "latest";
constexpr std::string_view kDigestPrefix = "sha256:";
constexpr size_t kDigestDigits = 64;

bool is_small(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}
bool is_mark(char c) {
  return c == '_' || c == '-' || c == '.';
}

// Both kinds of text are ASCII where they are valid, so bytes count as characters.
bool is_repository(std::string_view text) {
  return text.size() >= kMinRepositoryCharacters && text.size() <= kMaxRepositoryCharacters &&
         std::ranges::all_of(text, [](char c) { return is_small(c) || is_mark(c) || c == '/'; });
}

bool is_tag(std::string_view text) {
  return !text.empty() && text.size() <= kMaxTagCharacters && std::ranges::all_of(text, [](char c) {
    return is_small(c) || is_mark(c) || (c >= 'A' && c <= 'Z');
  });
}

bool is_digest_text(std::string_view text) {
  return text.size() == kDigestPrefix.size() + kDigestDigits && text.starts_with(kDigestPrefix) &&
         text.find_first_not_of("0123456789abcdef", kDigestPrefix.size()) == std::string_view::npos;
}

bool is_host(std::string_view text) {
  auto url = text::Url::parse(cat("//", text));
  return url.ok() && url->host == text;
}

struct Place {
  std::string registry;
  std::string repository;
};

// What stands before tag and digest.
std::optional<Place> read_place(std::string_view text) {
  Place out{std::string(kHub), std::string(text)};
  if (auto parts = cut(text, "/")) {
    const std::string_view first = parts->before;
    if (first == "localhost" || first.find_first_of(".:") != std::string_view::npos) {
      out = {std::string(first), std::string(parts->after)};
    }
  }
  if (!is_repository(out.repository) || !is_host(out.registry)) return std::nullopt;
  if (out.registry == kHubAlias) out.registry = kHub;
  if (out.registry == kHub && !contains(out.repository, "/")) {
    out.repository.insert(0, "library/");
  }
  return out;
}

struct Tagged {
  std::string_view place;
  std::string_view tag;
};

// A colon behind the last slash begins a tag; one before it a port. Nothing when the tag is bad.
std::optional<Tagged> split_tag(std::string_view text) {
  auto parts = cut_last(text, ":");
  if (!parts || contains(parts->after, "/")) return Tagged{text, kDefaultTag};
  if (!is_tag(parts->after)) return std::nullopt;
  return Tagged{parts->before, parts->after};
}

}  // namespace

Result<ImageName> ImageName::parse(std::string_view text) {
  const Error bad(Code::Invalid, cat("could not parse reference: ", text));
  std::string_view named = text;
  std::string_view digest;
  if (auto parts = cut(text, "@")) {
    named = parts->before;
    digest = parts->after;
    if (!is_digest_text(digest)) return bad;
  }
  auto tagged = split_tag(named);
  if (!tagged) return bad;
  auto place = read_place(tagged->place);
  if (!place) return bad;
  ImageName out;
  out.registry = std::move(place->registry);
  out.repository = std::move(place->repository);
  out.is_digest = !digest.empty();
  out.identifier = out.is_digest ? digest : tagged->tag;
  return out;
}

}  // namespace fleet::imagescan
