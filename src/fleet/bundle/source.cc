#include "fleet/bundle/source.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/file_tree.h"
#include "base/strings.h"
#include "text/regex.h"
#include "text/url.h"

namespace fleet::bundle {

namespace {

using Scheme = ParsedSource::Scheme;

struct Pieces {
  std::string_view first;
  std::string rest;
};

// "git::https://…": what stands before "::", if it is a scheme we know.
Pieces split_forced_scheme(std::string_view source) {
  auto parts = cut(source, "::");
  if (parts) {
    for (std::string_view known : {"git", "ssh", "http", "https"}) {
      if (parts->before == known) return {parts->before, std::string(parts->after)};
    }
  }
  return {{}, std::string(source)};
}

struct SubDir {
  std::string source;
  std::string sub_dir;
};

// "https://host/a.tgz//sub?x=1": the part behind "//", while the query stays with the source.
SubDir split_sub_dir(const std::string& source) {
  size_t stop = std::min(source.find('?'), source.size());
  size_t from = source.substr(0, stop).find("://");
  from = from == std::string::npos ? 0 : from + 3;
  size_t at = source.substr(0, stop).find("//", from);
  if (at == std::string::npos) return {source, {}};
  return {source.substr(0, at) + source.substr(stop), source.substr(at + 2, stop - at - 2)};
}

std::string scp_to_ssh(const std::string& source) {
  if (contains(source, "://")) return source;
  auto parts = cut(source, ":");
  if (!parts || parts->after.empty() || !contains(parts->before, "@")) return source;
  return cat("ssh://", parts->before, "/", trim_prefix(parts->after, "/"));
}

// "github.com/user/repo/sub" → "git::https://github.com/user/repo.git//sub".
Result<std::optional<std::string>> known_host(const std::string& source) {
  for (std::string_view host : {"github.com", "gitlab.com", "bitbucket.org"}) {
    if (!source.starts_with(cat(host, "/"))) continue;
    std::vector<std::string_view> parts = split_n(source, "/", 4);
    if (parts.size() < 3) {
      return Error{Code::Invalid, cat(host, " URLs must have the form ", host, "/user/repo")};
    }
    text::Url url = TRY(text::Url::parse(cat("https://", host, "/", parts[1], "/", parts[2]))
                            .within(cat("parsing ", host, " URL")));
    if (!url.path.ends_with(".git")) url.path += ".git";
    std::string out = cat("git::", url.str());
    if (parts.size() == 4 && !parts[3].empty()) out += cat("//", parts[3]);
    return std::optional(out);
  }
  return std::optional<std::string>();
}

// "user@host:path" → "git::ssh://user@host/path".
std::optional<std::string> scp_source(const std::string& source) {
  if (contains(source, "://")) return std::nullopt;
  auto parts = cut(source, ":");
  if (!parts || parts->after.empty()) return std::nullopt;
  auto user_host = cut(parts->before, "@");
  if (!user_host || user_host->before.empty()) return std::nullopt;
  text::Url url;
  url.scheme = "ssh";
  url.user = text::UrlUser{std::string(user_host->before), std::nullopt};
  url.host = user_host->after;
  url.path = cat("/", trim_prefix(parts->after, "/"));
  return cat("git::", url.str());
}

std::optional<Scheme> scheme_of(const std::string& source) {
  Result<text::Url> url = text::Url::parse(source);
  if (!url.ok()) return std::nullopt;
  if (url->scheme == "git" || url->scheme == "ssh") return Scheme::Git;
  if (url->scheme == "http" || url->scheme == "https") return Scheme::Http;
  return std::nullopt;
}

std::string redact_text(std::string_view source) {
  auto key = text::Regex::compile("([?&]sshkey=)[^&]*");
  auto password = text::Regex::compile("(://[^/?#@]*:)[^/?#@]*@");
  std::string out(source);
  if (key.ok()) out = key->replace_all(out, "${1}REDACTED");
  if (password.ok()) out = password->replace_all(out, "${1}REDACTED@");
  return out;
}

}  // namespace

std::string_view to_string(ParsedSource::Scheme scheme) {
  switch (scheme) {
    case Scheme::Http:
      return "http";
    case Scheme::Git:
      return "git";
    case Scheme::Local:
      break;
  }
  return "local";
}

Result<ParsedSource> parse_source(std::string_view source, std::string_view base) {
  if (source.empty()) return ParsedSource{Scheme::Local, std::string(base), {}};
  Pieces forced = split_forced_scheme(source);
  SubDir clean = split_sub_dir(forced.rest);
  if (forced.first == "git" || forced.first == "ssh") {
    return ParsedSource{Scheme::Git, scp_to_ssh(clean.source), clean.sub_dir};
  }
  if (!forced.first.empty()) return ParsedSource{Scheme::Http, clean.source, clean.sub_dir};
  if (auto scheme = scheme_of(clean.source)) {
    return ParsedSource{*scheme, clean.source, clean.sub_dir};
  }
  auto detected = TRY(known_host(clean.source).within("detecting source URL"));
  if (!detected) detected = scp_source(clean.source);
  if (detected) {
    ParsedSource out = TRY(parse_source(*detected, base));
    if (!clean.sub_dir.empty()) {
      out.sub_dir = out.sub_dir.empty() ? clean.sub_dir : cat(out.sub_dir, "/", clean.sub_dir);
    }
    return out;
  }
  bool is_joined = !clean.source.starts_with('/') && !base.empty();
  std::string path = is_joined ? join_path(base, clean.source) : clean.source;
  return ParsedSource{Scheme::Local, path, clean.sub_dir};
}

std::string redact_url(std::string_view source) {
  Pieces forced = split_forced_scheme(source);
  SubDir clean = split_sub_dir(forced.rest);
  Result<text::Url> parsed = text::Url::parse(clean.source);
  if (!parsed.ok()) return redact_text(source);
  text::Url url = std::move(parsed).value();
  text::UrlQuery query = text::read_url_query(url.raw_query);
  bool has_key = query.contains("sshkey");
  if (!url.user && !has_key) return std::string(source);
  if (has_key) {
    query.erase("sshkey");
    url.raw_query = text::encode_url_query(query);
  }
  std::string out = url.redacted();
  if (!clean.sub_dir.empty()) out += cat("//", clean.sub_dir);
  return forced.first.empty() ? out : cat(forced.first, "::", out);
}

Result<std::string> absolute_chart_url(std::string_view repo, std::string_view chart_url) {
  text::Url chart = TRY(text::Url::parse(chart_url));
  if (chart.is_absolute()) return std::string(chart_url);
  text::Url base = TRY(text::Url::parse(repo));
  return TRY(base.join(chart_url)).str();
}

}  // namespace fleet::bundle
