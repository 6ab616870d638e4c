#include "wire/git/ls_refs.h"

#include <algorithm>

#include "base/strings.h"
#include "wire/git/pkt_line.h"
#include "wire/git/program.h"
#include "wire/http/client.h"

namespace fleet::git {
namespace {

constexpr int kMaxRedirects = 5;
constexpr size_t kMaxAdvertisement = size_t{64} << 20;  // old servers name every reference

Result<> check_answer(const http::Answer& answer) {
  switch (answer.status) {
    case 200:
      return {};
    case 401:
      return Error{Code::Unauthorized, "authentication required"};
    case 403:
      return Error{Code::Forbidden, "authorization failed"};
    case 404:
    case 410:
      return Error{Code::NotFound, "repository not found"};
    default:
      return Error{
          answer.status >= 500 ? Code::ServiceUnavailable : Code::InternalError,
          cat("the git host answers ", answer.status, " ", http::reason_phrase(answer.status))};
  }
}

// "ID NAME" with attributes ("peeled:ID") behind it, or "ID NAME\0capabilities".
void add_ref(Refs& refs, std::string_view line) {
  const auto parts = cut(line, " ");
  if (!parts || !is_commit_id(parts->before)) return;
  std::string_view name = parts->after.substr(0, parts->after.find('\0'));
  Ref ref{std::string(parts->before), ""};
  if (const auto attributes = cut(name, " ")) {
    name = attributes->before;
    for (const std::string_view attribute : split(attributes->after, ' ')) {
      if (attribute.starts_with("peeled:")) ref.peeled = std::string(attribute.substr(7));
    }
  }
  if (name.ends_with("^{}")) {
    refs[std::string(trim_suffix(name, "^{}"))].peeled = ref.commit;
  } else {
    refs[std::string(name)] = std::move(ref);
  }
}

Refs only_named(const Refs& all, const std::vector<std::string>& names) {
  Refs out;
  for (const std::string& name : names) {
    if (const auto at = all.find(name); at != all.end()) out.insert(*at);
  }
  return out;
}

class HttpRefs {
 public:
  HttpRefs(http::Client& client, const RemoteOptions& options, const RemoteUrl& url)
      : client_(client),
        base_(url.text()) {
    while (base_.ends_with('/'))
      base_.pop_back();
    const Login login = login_of(options, url);
    if (!login.empty()) {
      headers_.add("authorization", http::basic_authorization(login.name, login.password));
    }
    headers_.add("git-protocol", "version=2");
    headers_.add("user-agent", "git/2.39.5 (fleet)");
  }

  Result<Refs> list(const Context& ctx, const std::vector<std::string>& names) {
    http::Call call;
    call.url = base_ + "/info/refs?service=git-upload-pack";
    call.headers = headers_;
    call.max_redirects = kMaxRedirects;
    call.max_answer_bytes = kMaxAdvertisement;
    const http::Answer answer = TRY(client_.request(ctx, call));
    TRY(check_answer(answer));
    if (!answer.headers.lists("content-type", "application/x-git-upload-pack-advertisement")) {
      return Error{Code::Unsupported, "the host does not speak git's smart protocol"};
    }
    const std::vector<Packet> packets = TRY(read_packets(answer.body));
    const bool version2 = std::any_of(
        packets.begin(), packets.end(), [](const Packet& p) { return p.text == "version 2"; });
    if (version2) return ask(ctx, answer.url, packets, names);
    Refs all;
    for (const Packet& p : packets)
      add_ref(all, p.text);
    return only_named(all, names);
  }

 private:
  Result<Refs> ask(const Context& ctx,
                   std::string_view advertised_at,
                   const std::vector<Packet>& capabilities,
                   const std::vector<std::string>& names) {
    http::Call call;
    call.method = "POST";
    // After a redirect the rest of the talk goes to the new place.
    const auto base = cut_last(advertised_at, "/info/refs");
    call.url = cat(base ? base->before : std::string_view(base_), "/git-upload-pack");
    call.headers = headers_;
    if (!call.url.starts_with(base_)) call.headers.erase("authorization");
    call.headers.add("content-type", "application/x-git-upload-pack-request");
    call.headers.add("accept", "application/x-git-upload-pack-result");
    call.body = packet("command=ls-refs\n");
    for (const Packet& p : capabilities) {
      if (p.text.starts_with("object-format=")) call.body += packet(p.text);
    }
    call.body += std::string(kDelimiter) + packet("peel\n");
    for (const std::string& name : names)
      call.body += packet(cat("ref-prefix ", name, "\n"));
    call.body += kFlush;
    call.max_answer_bytes = kMaxAdvertisement;
    const http::Answer answer = TRY(client_.request(ctx, call));
    TRY(check_answer(answer));
    Refs all;
    for (const Packet& p : TRY(read_packets(answer.body))) {
      if (p.text.starts_with("ERR "))
        return Error{Code::InternalError, std::string(p.text.substr(4))};
      add_ref(all, p.text);
    }
    return only_named(all, names);
  }

  http::Client& client_;
  std::string base_;
  http::Headers headers_;
};

Result<http::ClientOptions> client_options(const RemoteOptions& options, const RemoteUrl& url) {
  http::ClientOptions chosen;
  chosen.proxy = http::ProxySettings::from_environment();
  if (url.scheme != "https") return chosen;
  tls::ClientSettings tls;
  tls.insecure_skip_verify = options.insecure_skip_tls_verify;
  tls.ca = options.ca_bundle;
  chosen.tls = TRY(tls::ClientContext::make(tls).within("CA bundle"));
  return chosen;
}

Result<Refs> list_by_program(const Context& ctx,
                             const RemoteOptions& options,
                             const RemoteUrl& url,
                             const std::vector<std::string>& names) {
  const Program program = TRY(Program::prepare(options, url));
  std::vector<std::string> args = {"ls-remote", "--quiet", "--", url.text()};
  for (const std::string& name : names) {
    args.push_back(name);
    args.push_back(name + "^{}");
  }
  Refs all;
  const std::string output = TRY(program.run(ctx, args));
  for (const std::string_view line : split_lines(output))
    add_ref(all, replace_all(line, "\t", " "));
  return only_named(all, names);
}

}  // namespace

Result<Refs> list_refs(const Context& ctx,
                       const RemoteOptions& options,
                       const RemoteUrl& url,
                       const std::vector<std::string>& names) {
  if (!url.is_http()) return list_by_program(ctx, options, url, names);
  http::Client client(TRY(client_options(options, url)));
  Result<Refs> refs = HttpRefs(client, options, url).list(ctx, names);
  // A host with plain files, which only the program can read.
  if (!refs.ok() && refs.error().code() == Code::Unsupported) {
    return list_by_program(ctx, options, url, names);
  }
  return refs;
}

}  // namespace fleet::git
