#include "helm/repo/download.h"

#include <optional>
#include <utility>

#include "base/strings.h"
#include "codec/base64.h"
#include "codec/digest.h"
#include "codec/gzip.h"
#include "codec/tar.h"
#include "text/url.h"
#include "wire/http/client.h"
#include "wire/tls/context.h"

namespace fleet::helm {

namespace {

constexpr int kMaxRedirects = 10;  // as Go

Result<http::Answer> get(const Context& ctx,
                         const std::string& url,
                         const RepoAuth& auth,
                         size_t max_bytes) {
  tls::ClientSettings settings;
  settings.insecure_skip_verify = auth.insecure_skip_verify;
  settings.ca = auth.ca_bundle;
  http::ClientOptions options;
  options.tls = TRY(tls::ClientContext::make(settings));
  options.proxy = http::ProxySettings::from_environment();
  http::Client client(std::move(options));
  http::Call call{.url = url, .max_redirects = kMaxRedirects, .max_answer_bytes = max_bytes};
  if (!auth.username.empty() && !auth.password.empty()) {
    call.headers.set("Authorization",
                     http::basic_authorization(auth.username, auth.password.reveal()));
  }
  return client.request(ctx.with_timeout(kDownloadTimeout), call);
}

// As Go's client words what went wrong on the way.
Error get_failed(const Error& error, std::string_view url) {
  return {error.code(), cat("Get ", quote(url), ": ", error.message())};
}

struct Checksum {
  std::string kind;
  codec::Hash hash = codec::Hash::Sha256;
  std::string expected;  // raw bytes
};

Result<Checksum> parse_checksum(std::string_view text) {
  auto parts = cut(text, ":");
  if (!parts) {
    return Error{Code::Invalid,
                 cat("must be in type:value format (e.g. sha256:<hex>), got ", quote(text))};
  }
  if (equal_fold(parts->before, "file")) {
    return Error{Code::Invalid,
                 "the \"file:\" checksum variant is not supported; provide an inline hash (e.g. "
                 "sha256:<hex>)"};
  }
  Checksum out;
  out.expected = TRY(codec::hex_decode(parts->after).within("hex value"));
  out.kind = to_lower(parts->before);
  if (out.kind == "md5") {
    out.hash = codec::Hash::Md5;
  } else if (out.kind == "sha1") {
    out.hash = codec::Hash::Sha1;
  } else if (out.kind == "sha256") {
    out.hash = codec::Hash::Sha256;
  } else if (out.kind == "sha512") {
    out.hash = codec::Hash::Sha512;
  } else {
    return Error{
        Code::Invalid,
        cat("unsupported hash type ", quote(parts->before), "; use md5, sha1, sha256, or sha512")};
  }
  return out;
}

Result<std::string> download_as(const Context& ctx,
                                const std::string& url,
                                const std::string& shown,
                                const RepoAuth& auth) {
  std::string doing = cat("downloading ", quote(shown));
  Result<http::Answer> answer = get(ctx, url, auth, kMaxDownloadBytes);
  if (!answer.ok()) return get_failed(answer.error(), shown).within(doing);
  if (answer->status != 200) {
    return Error{Code::NotFound, cat(doing, ": unexpected status ", answer->status)};
  }
  return std::move(answer->body);
}

bool ends_in_any(std::string_view name, std::initializer_list<std::string_view> endings) {
  for (std::string_view ending : endings) {
    if (name.ends_with(ending)) return true;
  }
  return false;
}

}  // namespace

Result<RepoIndex> fetch_index(const Context& ctx, const std::string& repo, const RepoAuth& auth) {
  text::Url base = TRY(text::Url::parse(repo));
  std::string url = TRY(base.join("index.yaml")).str();
  Result<http::Answer> answer = get(ctx, url, auth, kMaxIndexBytes);
  if (!answer.ok()) {
    return get_failed(answer.error(), url).within(cat("failed to fetch ", quote(url)));
  }
  if (answer->status != 200) {
    return Error{Code::NotFound,
                 cat("failed to read helm repo from ", url, ", error code: ", answer->status)};
  }
  return RepoIndex::parse(answer->body);
}

Result<std::string> download(const Context& ctx, const std::string& url, const RepoAuth& auth) {
  text::Url parsed = TRY(text::Url::parse(url));
  return download_as(ctx, url, parsed.redacted(), auth);
}

Result<FileTree> fetch_files(const Context& ctx, const std::string& url, const RepoAuth& auth) {
  text::Url parsed = TRY(text::Url::parse(url));
  text::UrlQuery query = text::read_url_query(parsed.raw_query);
  auto take = [&query](const std::string& key) {
    auto found = query.find(key);
    std::string value = found == query.end() ? "" : found->second.front();
    if (!value.empty()) query.erase(key);
    return value;
  };
  std::optional<Checksum> checksum;
  if (std::string text = take("checksum"); !text.empty()) {
    checksum =
        TRY(parse_checksum(text).within(cat("invalid ?checksum= in ", quote(parsed.redacted()))));
  }
  std::string ending = to_lower(take("archive"));
  if (!ending.empty() && !ending.starts_with('.')) ending.insert(0, ".");
  parsed.raw_query = text::encode_url_query(query);
  std::string shown = parsed.redacted();
  std::string bytes = TRY(download_as(ctx, parsed.str(), shown, auth));
  if (checksum && codec::digest(checksum->hash, bytes) != checksum->expected) {
    return Error{Code::Invalid,
                 cat("checksum mismatch for ",
                     quote(shown),
                     ": expected ",
                     checksum->kind,
                     ":",
                     codec::hex_encode(checksum->expected),
                     ", got ",
                     codec::hex_digest(checksum->hash, bytes))};
  }
  std::string name(base_name(parsed.path));
  return unpack(ending.empty() ? name : cat(name, ending), bytes);
}

Result<FileTree> unpack(std::string_view file_name, std::string_view bytes) {
  std::string name = to_lower(file_name);
  if (ends_in_any(name, {".tar.gz", ".tgz", ".tar"})) return codec::untar_maybe_gzip(bytes);
  if (ends_in_any(name,
                  {".tar.bz2",
                   ".tbz2",
                   ".tar.zst",
                   ".tar.zstd",
                   ".tzst",
                   ".tar.xz",
                   ".txz",
                   ".zip",
                   ".bz2",
                   ".zst",
                   ".zstd",
                   ".xz"})) {
    return Error{Code::Unsupported,
                 cat("archives such as ", quote(file_name), " are not supported; use .tar.gz")};
  }
  FileTree out;
  if (name.ends_with(".gz")) {
    std::string plain = TRY(codec::gunzip(bytes));
    TRY(out.add(trim_suffix(file_name, ".gz"), std::move(plain)));
    return out;
  }
  TRY(out.add(file_name.empty() ? "file" : file_name, std::string(bytes)));
  return out;
}

}  // namespace fleet::helm
