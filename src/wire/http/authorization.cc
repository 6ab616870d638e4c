#include "base/strings.h"
#include "codec/base64.h"
#include "sys/files.h"
#include "sys/guarded.h"
#include "wire/http/client.h"

namespace fleet::http {
namespace {

constexpr size_t kMaxTokenBytes = size_t{64} << 10;

// A token file's content, as last read.
struct TokenFile {
  std::string value;
  Instant looked;
};

}  // namespace

std::function<std::string()> bearer(std::string token) {
  return [value = cat("Bearer ", token)] { return value; };
}

std::function<std::string()> bearer_from_file(std::string path) {
  return [path = std::move(path), file = std::make_shared<Guarded<TokenFile>>()] {
    const Instant now = sys::system_clock().instant();
    const TokenFile last = file->with([](const TokenFile& f) { return f; });
    if (!last.value.empty() && now - last.looked < std::chrono::seconds{1}) return last.value;
    TokenFile next = last;
    next.looked = now;
    // While it is being replaced the last token stays good.
    const auto text = sys::read_file(path, kMaxTokenBytes);
    if (text.ok() && !trim(*text).empty()) next.value = cat("Bearer ", trim(*text));
    file->with([&](TokenFile& f) { f = next; });
    return next.value;
  };
}

std::string basic_authorization(std::string_view user, std::string_view password) {
  return "Basic " + codec::base64_encode(cat(user, ":", password));
}

}  // namespace fleet::http
