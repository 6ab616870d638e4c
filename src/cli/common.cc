#include "cli/common.h"

#include "base/strings.h"
#include "kube/client/http_client.h"
#include "kube/client/kubeconfig.h"
#include "sys/files.h"

namespace fleet::cli {

namespace {

// The commit a ref names, from its own file or from packed-refs.
std::string resolve_ref(const std::string& git, std::string_view ref) {
  Result<std::string> own = sys::read_file(cat(git, "/", ref));
  if (own.ok()) return std::string(trim(*own));
  Result<std::string> packed = sys::read_file(cat(git, "/packed-refs"));
  if (!packed.ok()) return {};
  for (std::string_view line : split_lines(*packed)) {
    auto parts = cut(line, " ");
    if (parts && parts->after == ref) return std::string(parts->before);
  }
  return {};
}

}  // namespace

void ClusterFlags::add_to(Setup& setup, Namespace which) {
  if (which == Namespace::Empty) ns.clear();
  setup.text("n,namespace", ns, "Namespace to work in.");
  if (which == Namespace::Default) setup.environment("namespace", "NAMESPACE");
  setup.text("kubeconfig", kubeconfig, "Path of a kubeconfig; $KUBECONFIG when empty.");
  setup.flag("debug", debug, "Log more.");
  setup.integer("debug-level", debug_level, "How much more.");
}

void add_log_flags(Setup& setup) {
  auto unused = setup.state<std::string>();
  auto devel = setup.state<bool>();
  for (std::string_view name :
       {"zap-encoder", "zap-log-level", "zap-stacktrace-level", "zap-time-encoding"}) {
    setup.text(name, *unused, "Accepted for compatibility.");
    setup.hide(name);
  }
  setup.flag("zap-devel", *devel, "Accepted for compatibility.");
  setup.hide("zap-devel");
}

Result<std::unique_ptr<kube::Client>> open_client(const ClusterFlags& flags) {
  kube::Access access = TRY(kube::default_access({.path = flags.kubeconfig}));
  return kube::make_http_client(access);
}

std::string current_commit(const std::string& folder) {
  Result<std::string> place = sys::real_path(folder);
  if (!place.ok()) return {};
  std::string at = *place;
  while (!sys::path_exists(at + "/.git")) {
    if (at == "/") return {};
    at = dir_name(at);
  }
  std::string git = at + "/.git";
  // A worktree's ".git" is a file that names the real folder.
  Result<std::string> pointer = sys::read_file(git);
  if (pointer.ok() && pointer->starts_with("gitdir: ")) git = trim(pointer->substr(8));
  Result<std::string> head = sys::read_file(git + "/HEAD");
  if (!head.ok()) return {};
  std::string_view text = trim(*head);
  return text.starts_with("ref: ") ? resolve_ref(git, text.substr(5)) : std::string(text);
}

Result<std::string> read_input(const std::string& path) {
  if (!sys::path_exists(path)) {
    return Error{Code::NotFound, cat("open ", path, ": no such file or directory")};
  }
  return sys::read_file(path);
}

}  // namespace fleet::cli
