// HTTP/1 messages: however the bytes are cut, the same is read; limits hold; nothing crashes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "wire/http/http1_parser.h"

namespace {

using fleet::http::Http1Parser;

constexpr size_t kMaxHeader = 512;
constexpr size_t kMaxBody = 4096;

// All that a parser says of `text` when it comes in pieces of `step` bytes.
std::string events(Http1Parser::Role role, std::string_view text, size_t step) {
  Http1Parser parser(role, kMaxHeader, kMaxBody);
  std::string log;
  std::string held;
  for (size_t at = 0; at < text.size(); at += step) {
    held += text.substr(at, step);
    std::string_view rest = held;
    while (true) {
      const auto event = parser.next(rest);
      if (event == Http1Parser::Event::NeedMore) break;
      if (event == Http1Parser::Event::Error)
        return log + "!" + std::to_string(parser.error_status());
      if (event == Http1Parser::Event::End) log += '$';
      if (event == Http1Parser::Event::Body) {
        if (parser.piece().empty()) std::abort();
        log += parser.piece();
      }
      if (event != Http1Parser::Event::Head) continue;
      log += '[' + parser.head().method + ' ' + parser.head().target;
      for (const auto& field : parser.head().headers.fields())
        log += field.name + ':' + field.value;
      log += ']';
    }
    held = std::string(rest);
    if (held.size() > kMaxHeader + kMaxBody + step) std::abort();
  }
  return log;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  for (const auto role : {Http1Parser::Role::Request, Http1Parser::Role::Response}) {
    const std::string whole = events(role, text, size + 1);
    // A limit may be noticed earlier when the bytes come one by one; what was read before is equal.
    const std::string cut = events(role, text, 1);
    const std::string_view a = std::string_view(whole).substr(0, whole.rfind('!'));
    const std::string_view b = std::string_view(cut).substr(0, cut.rfind('!'));
    if (!a.starts_with(b) && !b.starts_with(a)) std::abort();
  }
  const auto query = fleet::http::Query::parse(text);
  const auto again = fleet::http::Query::parse(query.text());
  if (query.parameters() != again.parameters()) std::abort();
  if (const auto url = fleet::http::parse_url(text); url.ok()) {
    const auto same = fleet::http::parse_url(url->text());
    if (!same.ok() || same->text() != url->text()) std::abort();
  }
  return 0;
}
