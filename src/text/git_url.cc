#include "text/git_url.h"

#include <vector>

#include "base/strings.h"

namespace fleet::text {

namespace {

bool is_transport(std::string_view scheme) {
  return scheme == "ssh" || scheme == "git" || scheme == "git+ssh" || scheme == "http" ||
         scheme == "https";
}

// The longest beginning of `text` made of letters, digits and `others`.
size_t span_of(std::string_view text, std::string_view others) {
  size_t i = 0;
  while (i < text.size()) {
    char c = text[i];
    bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!is_plain && others.find(c) == std::string_view::npos) break;
    ++i;
  }
  return i;
}

Result<Url> parse_scp(std::string_view text) {
  auto refuse = [text](std::string_view why) {
    return Error{Code::Invalid, cat("no scp URL found in ", quote(text), why)};
  };
  if (text.size() > kMaxScpBytes) {
    return Error{Code::Invalid, cat("URL too long: ", quote(text))};
  }
  size_t colon = text.find(':');
  bool is_scheme_url =
      colon != std::string_view::npos && colon > 0 && text.substr(colon).starts_with("://");
  if (is_scheme_url) return refuse(", this is a scheme URL");
  std::string_view rest = text;
  std::string_view user;
  size_t end_of_user = span_of(rest, "-._~");
  if (end_of_user > 0 && end_of_user < rest.size() && rest[end_of_user] == '@') {
    user = rest.substr(0, end_of_user);
    rest.remove_prefix(end_of_user + 1);
  }
  size_t end_of_host = span_of(rest, "._-");
  if (end_of_host == 0 || end_of_host >= rest.size() || rest[end_of_host] != ':') return refuse("");
  Url out;
  out.scheme = "ssh";
  if (!user.empty()) out.user = UrlUser{std::string(user), std::nullopt};
  out.host = rest.substr(0, end_of_host);
  rest.remove_prefix(end_of_host + 1);
  size_t end_of_path = span_of(rest, "./_-");
  if (end_of_path == 0 || contains(rest, "\n")) return refuse("");
  out.path = rest.substr(0, end_of_path);
  out.raw_query = trim_prefix(rest.substr(end_of_path), "?");
  return out;
}

}  // namespace

Result<Url> parse_git_url(std::string_view text) {
  Result<Url> url = Url::parse(text);
  if (url.ok() && is_transport(url->scheme)) return url;
  return parse_scp(text).within(cat("failed to parse ", quote(text)));
}

bool is_ssh_url(std::string_view text) {
  Result<Url> url = parse_git_url(text);
  return url.ok() && url->scheme.ends_with("ssh");
}

std::string commits_url(std::string_view repo, std::string_view branch) {
  Result<Url> parsed = Url::parse(repo);
  if (!parsed.ok()) return {};
  Url url = std::move(parsed).value();
  std::vector<std::string_view> parts = split(url.path, '/');
  if (url.hostname() == "github.com" && parts.size() >= 3) {
    return cat("https://api.github.com/repos/",
               parts[1],
               "/",
               trim_suffix(parts[2], ".git"),
               "/commits/",
               branch);
  }
  if (url.hostname() == "git.rancher.io" && parts.size() > 1) {
    std::string path = cat("/repos/", trim_suffix(parts[1], ".git"), "/commits/", branch);
    url.path = path;
    return url.str();
  }
  return {};
}

}  // namespace fleet::text
