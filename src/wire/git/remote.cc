#include "wire/git/remote.h"

#include <algorithm>

#include "base/strings.h"
#include "wire/git/files.h"
#include "wire/git/ls_refs.h"
#include "wire/git/program.h"
#include "wire/git/url.h"

namespace fleet::git {
namespace {

constexpr size_t kMaxBranchBytes = 255;
constexpr std::string_view kDefaultBranch = "master";

std::string branch_or_default(std::string_view branch) {
  return std::string(branch.empty() ? kDefaultBranch : branch);
}

Error not_found(std::string_view what, std::string_view name) {
  return Error{Code::NotFound, cat("commit not found for ", what, ": ", name)};
}

// Brings one commit into the program's repository; its id.
class Fetch {
 public:
  Fetch(const Program& program, const RemoteUrl& url)
      : program_(program),
        url_(url.text()) {}

  Result<std::string> branch(const Context& ctx, std::string_view name) const {
    TRY(check_branch_name(name));
    Result<> got = shallow(ctx, cat("refs/heads/", name));
    if (!got.ok() && got.error().code() == Code::NotFound &&
        contains(got.error().message(), "remote ref")) {
      return not_found("branch", name);
    }
    TRY(std::move(got));
    return fetched(ctx);
  }

  Result<std::string> commit(const Context& ctx, std::string_view id) const {
    if (shallow(ctx, id).ok()) return fetched(ctx);
    TRY(ctx.check());
    // Hosts need not give what no name points to; it may be in the history of one.
    TRY(everything(ctx));
    return resolve(ctx, std::string(id));
  }

  Result<std::string> revision(const Context& ctx, std::string_view text) const {
    if (is_commit_id(text)) return commit(ctx, text);
    if (check_branch_name(text).ok()) {
      for (const char* place : {"refs/tags/", "refs/heads/"}) {
        Result<> got = shallow(ctx, cat(place, text));
        if (got.ok()) return fetched(ctx);
        if (got.error().code() != Code::NotFound) return std::move(got).error();
      }
    }
    TRY(everything(ctx));
    return resolve(ctx, std::string(text));
  }

 private:
  Result<> shallow(const Context& ctx, std::string_view what) const {
    TRY(program_.run(ctx,
                     {"fetch",
                      "--quiet",
                      "--depth=1",
                      "--no-tags",
                      "--no-write-commit-graph",
                      "--",
                      url_,
                      std::string(what)}));
    return {};
  }

  Result<> everything(const Context& ctx) const {
    TRY(program_.run(ctx,
                     {"fetch",
                      "--quiet",
                      "--no-write-commit-graph",
                      "--",
                      url_,
                      "+refs/heads/*:refs/remotes/origin/*",
                      "+refs/tags/*:refs/tags/*"}));
    return {};
  }

  Result<std::string> fetched(const Context& ctx) const {
    const std::string id =
        TRY(program_.run(ctx, {"rev-parse", "--verify", "--quiet", "FETCH_HEAD^{commit}"}));
    return std::string(trim(id));
  }

  Result<std::string> resolve(const Context& ctx, const std::string& text) const {
    for (const std::string& name : {text, "origin/" + text}) {
      const auto id = program_.run(
          ctx, {"rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}"});
      if (id.ok()) return std::string(trim(*id));
    }
    return not_found("revision", text);
  }

  const Program& program_;
  const std::string url_;
};

}  // namespace

bool is_commit_id(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

Result<> check_branch_name(std::string_view branch) {
  const auto bad = [](std::string_view why) {
    return Error{Code::Invalid, cat("invalid branch name: ", why)};
  };
  if (branch.empty()) return bad("empty");
  if (branch.size() > kMaxBranchBytes) return bad("too long");
  if (branch.ends_with(".lock")) return bad("cannot end with .lock");
  if (branch.starts_with(".")) return bad("cannot start with .");
  if (branch == "@") return bad("cannot be @");
  for (const std::string_view part : {"..", "//", "?", "*", "[", "@{", "\\", " ", "~", "^", ":"}) {
    if (contains(branch, part)) return bad(cat("cannot contain ", quote(part)));
  }
  for (const char c : branch) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') return bad("control character");
  }
  return {};
}

Result<Remote> Remote::open(RemoteOptions options) {
  const RemoteUrl url = TRY(parse_remote_url(options.url));
  if (url.is_ssh() && options.ssh_private_key.empty()) {
    return Error{Code::Invalid,
                 cat("SSH private key file is required for SSH/SCP-style URLs: ", options.url)};
  }
  const Login login = login_of(options, url);
  for (const std::string* text : {&login.name, &login.password}) {
    if (text->find_first_of(std::string_view("\n\r\0", 3)) != std::string::npos) {
      return Error{Code::Invalid, "user name or password contains a line break"};
    }
  }
  return Remote(std::move(options));
}

Result<std::string> Remote::latest_commit(const Context& ctx,
                                          std::string_view branch,
                                          std::string_view revision) const {
  const RemoteUrl url = TRY(parse_remote_url(options_.url));
  if (!revision.empty()) {
    if (is_commit_id(revision)) return std::string(revision);
    const std::string name = cat("refs/tags/", revision);
    const Refs refs = TRY(list_refs(ctx, options_, url, {name}));
    const auto at = refs.find(name);
    if (at == refs.end()) return not_found("revision", revision);
    return at->second.peeled.empty() ? at->second.commit : at->second.peeled;
  }
  const std::string chosen = branch_or_default(branch);
  TRY(check_branch_name(chosen));
  const std::string name = cat("refs/heads/", chosen);
  const Refs refs = TRY(list_refs(ctx, options_, url, {name}));
  const auto at = refs.find(name);
  if (at == refs.end()) return not_found("branch", chosen);
  return at->second.commit;
}

Result<Checkout> Remote::checkout(const Context& ctx,
                                  const CheckoutRequest& request,
                                  const Limits& limits) const {
  const RemoteUrl url = TRY(parse_remote_url(options_.url));
  Program program = TRY(Program::prepare(options_, url));
  TRY(program.make_repository(ctx));
  constexpr size_t kListing = size_t{64} << 20;  // bytes, beside those of the files
  program.set_max_output(limits.max_total_bytes + kListing);
  const Fetch fetch(program, url);
  Checkout out;
  if (!request.commit.empty()) {
    if (!is_commit_id(request.commit)) return not_found("revision", request.commit);
    out.commit = TRY(fetch.commit(ctx, request.commit));
  } else if (request.branch.empty() && !request.revision.empty()) {
    out.commit = TRY(fetch.revision(ctx, request.revision));
  } else {
    out.commit = TRY(fetch.branch(ctx, branch_or_default(request.branch)));
  }
  FileReader reader(program, limits);
  TRY(reader.read(ctx, out.commit, "", url, 0));
  out.tree = reader.take();
  return out;
}

Result<std::string> Remote::push(const Context& ctx,
                                 std::string_view branch,
                                 const std::map<std::string, std::string>& files,
                                 const Author& author,
                                 const std::string& message) const {
  const RemoteUrl url = TRY(parse_remote_url(options_.url));
  Program program = TRY(Program::prepare(options_, url));
  TRY(program.make_repository(ctx));
  const std::string chosen = branch_or_default(branch);
  const std::string parent = TRY(Fetch(program, url).branch(ctx, chosen));
  TRY(program.run(ctx, {"read-tree", parent}));
  for (const auto& [path, bytes] : files) {
    if (!is_local_path(path)) return Error{Code::Invalid, cat(path, ": leaves the repository")};
    const std::string listed = TRY(program.run(ctx, {"ls-files", "--stage", "-z", "--", path}));
    const std::string mode = listed.size() > 6 ? listed.substr(0, 6) : "100644";
    const std::string blob = TRY(program.run(ctx, {"hash-object", "-w", "--stdin"}, bytes));
    TRY(program.run(
        ctx, {"update-index", "--add", "--cacheinfo", cat(mode, ",", trim(blob), ",", path)}));
  }
  const std::string tree = TRY(program.run(ctx, {"write-tree"}));
  const std::string commit =
      TRY(program.run(ctx,
                      {"commit-tree", "-p", parent, "-F", "-", std::string(trim(tree))},
                      message,
                      {{"GIT_AUTHOR_NAME", author.name},
                       {"GIT_AUTHOR_EMAIL", author.email},
                       {"GIT_COMMITTER_NAME", author.name},
                       {"GIT_COMMITTER_EMAIL", author.email}}));
  const std::string id(trim(commit));
  const std::string target = cat("refs/heads/", chosen);
  TRY(program.run(ctx,
                  {"push",
                   "--quiet",
                   cat("--force-with-lease=", target, ":", parent),
                   "--",
                   url.text(),
                   cat(id, ":", target)}));
  return id;
}

}  // namespace fleet::git
