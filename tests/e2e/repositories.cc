#include "e2e/repositories.h"

#include "base/strings.h"
#include "sys/environment.h"
#include "sys/files.h"
#include "sys/process.h"

namespace fleet::e2e {
namespace {

Result<> git(const Context& ctx, const std::string& folder, std::vector<std::string> args) {
  args.insert(args.begin(), "git");
  sys::Command command{.args = std::move(args), .folder = folder};
  command.env = {{"PATH", sys::env("PATH").value_or("/usr/bin:/bin")},
                 {"HOME", folder},
                 {"GIT_CONFIG_NOSYSTEM", "1"},
                 {"GIT_AUTHOR_NAME", "Test"},
                 {"GIT_AUTHOR_EMAIL", "test@example.org"},
                 {"GIT_COMMITTER_NAME", "Test"},
                 {"GIT_COMMITTER_EMAIL", "test@example.org"}};
  sys::Finished done = TRY(sys::run(ctx, command));
  if (done.exit_code != 0)
    return Error(Code::InternalError, cat(join(command.args, " "), ": ", done.errors));
  return {};
}

}  // namespace

Result<Repositories> Repositories::start(const Context& ctx, const std::string& folder) {
  Repositories out;
  out.folder_ = folder;
  TRY(sys::make_folders(folder + "/repos"));
  TRY(sys::make_folders(folder + "/checkouts"));
  out.host_ = TRY(git::HttpHost::start(ctx, {.folder = folder + "/repos"}));
  return out;
}

std::string Repositories::base_url() const {
  return cat("http://127.0.0.1:", host_->port());
}

Result<std::string> Repositories::commit(const Context& ctx,
                                         const std::string& repository,
                                         const Changes& changes) {
  std::string bare = cat(folder_, "/repos/", repository);
  std::string checkout = cat(folder_, "/checkouts/", repository);
  if (!sys::path_exists(bare)) {
    TRY(git(ctx, folder_, {"init", "-q", "--bare", "-b", "main", bare}));
    TRY(git(ctx, folder_, {"init", "-q", "-b", "main", checkout}));
    TRY(git(ctx, checkout, {"remote", "add", "origin", bare}));
  }
  for (const auto& [path, text] : changes) {
    std::string file = checkout + "/" + path;
    if (text) {
      TRY(sys::make_folders(dir_name(file)));
      TRY(sys::write_file(file, *text));
    } else {
      TRY(git(ctx, checkout, {"rm", "-r", "-f", "-q", "--ignore-unmatch", "--", path}));
    }
  }
  TRY(git(ctx, checkout, {"add", "-A"}));
  TRY(git(ctx, checkout, {"commit", "-q", "--allow-empty", "-m", "a change"}));
  TRY(git(ctx, checkout, {"push", "-q", "origin", "main"}));
  std::string head = TRY(sys::read_file(checkout + "/.git/refs/heads/main"));
  return std::string(trim(head));
}

Result<std::string> Repositories::commit_folder(const Context& ctx,
                                                const std::string& repository,
                                                const std::string& folder) {
  FileTree tree = TRY(sys::read_tree(folder));
  Changes changes;
  for (const auto& [path, file] : tree.files())
    changes.emplace(path, file.bytes);
  return commit(ctx, repository, changes);
}

}  // namespace fleet::e2e
