#include "wire/git/files.h"

#include <map>

#include "base/strings.h"

namespace fleet::git {
namespace {

constexpr std::string_view kSubmodule = "160000";
constexpr std::string_view kLink = "120000";
constexpr std::string_view kExecutable = "100755";
constexpr size_t kBatchBytes = size_t{64} << 20;  // of file bytes read at once

std::string below(const std::string& folder, std::string_view path) {
  return folder.empty() ? std::string(path) : cat(folder, "/", path);
}

// The URLs of .gitmodules by path. Listed as "submodule.NAME.path\nVALUE\0...".
std::map<std::string, std::string> module_urls(std::string_view listed) {
  std::map<std::string, std::string> path_of;
  std::map<std::string, std::string> url_of;
  for (const std::string_view entry : split(listed, '\0')) {
    const auto parts = cut(entry, "\n");
    const auto key = parts ? cut_last(parts->before, ".") : std::nullopt;
    if (!key) continue;
    if (key->after == "path") path_of[std::string(key->before)] = std::string(parts->after);
    if (key->after == "url") url_of[std::string(key->before)] = std::string(parts->after);
  }
  std::map<std::string, std::string> urls;
  for (const auto& [name, path] : path_of) {
    if (const auto at = url_of.find(name); at != url_of.end()) urls[path] = at->second;
  }
  return urls;
}

}  // namespace

// "MODE TYPE ID SIZE\tPATH\0..."
Result<std::vector<FileReader::Entry>> FileReader::list(const Context& ctx,
                                                        const std::string& commit) {
  const std::string listed =
      TRY(program_.run(ctx, {"ls-tree", "-r", "-z", "--long", "--full-tree", commit}));
  std::vector<Entry> entries;
  for (const std::string_view line : split(listed, '\0')) {
    const auto parts = cut(line, "\t");
    if (!parts) continue;
    const auto fields = split_fields(parts->before);
    if (fields.size() != 4) return Error{Code::InternalError, "bad answer of git ls-tree"};
    entries.push_back({std::string(fields[0]),
                       std::string(fields[2]),
                       static_cast<size_t>(parse_uint(fields[3]).value_or(0)),
                       std::string(parts->after)});
  }
  return entries;
}

Result<> FileReader::read(const Context& ctx,
                          const std::string& commit,
                          const std::string& folder,
                          const RemoteUrl& url,
                          int depth) {
  std::vector<Entry> batch;
  std::vector<Entry> modules;
  size_t batch_bytes = 0;
  for (Entry& entry : TRY(list(ctx, commit))) {
    if (entry.mode == kSubmodule) {
      modules.push_back(std::move(entry));
      continue;
    }
    bytes_ += entry.size;
    if (++files_ > limits_.max_files) {
      return Error{Code::RequestEntityTooLarge,
                   cat("repository has more than ", limits_.max_files, " files")};
    }
    if (bytes_ > limits_.max_total_bytes) {
      return Error{Code::RequestEntityTooLarge,
                   cat("repository has more than ", limits_.max_total_bytes, " bytes of files")};
    }
    batch_bytes += entry.size;
    batch.push_back(std::move(entry));
    if (batch_bytes < kBatchBytes) continue;
    TRY(read_blobs(ctx, std::exchange(batch, {}), folder));
    batch_bytes = 0;
  }
  TRY(read_blobs(ctx, batch, folder));
  if (modules.empty()) return {};
  return read_submodules(ctx, commit, modules, folder, url, depth);
}

Result<> FileReader::read_blobs(const Context& ctx,
                                const std::vector<Entry>& blobs,
                                const std::string& folder) {
  if (blobs.empty()) return {};
  std::string ids;
  for (const Entry& blob : blobs)
    ids += blob.id + "\n";
  // One child gives all: "ID blob SIZE\n", the bytes, "\n".
  const std::string output = TRY(program_.run(ctx, {"cat-file", "--batch"}, std::move(ids)));
  std::string_view rest = output;
  for (const Entry& blob : blobs) {
    const auto head = cut(rest, "\n");
    const auto fields = head ? split_fields(head->before) : std::vector<std::string_view>();
    const auto size = fields.size() == 3 ? parse_uint(fields[2]) : std::nullopt;
    if (!size || fields[0] != blob.id || head->after.size() <= *size) {
      return Error{Code::InternalError, cat(blob.path, ": cannot be read from the repository")};
    }
    FileTree::Mode mode = FileTree::Mode::Plain;
    if (blob.mode == kExecutable) mode = FileTree::Mode::Executable;
    if (blob.mode == kLink) mode = FileTree::Mode::Link;
    TRY(tree_.add(below(folder, blob.path), std::string(head->after.substr(0, *size)), mode));
    rest = head->after.substr(*size + 1);
  }
  return {};
}

Result<> FileReader::read_submodules(const Context& ctx,
                                     const std::string& commit,
                                     const std::vector<Entry>& modules,
                                     const std::string& folder,
                                     const RemoteUrl& url,
                                     int depth) {
  const auto listed =
      program_.run(ctx, {"config", "--blob", commit + ":.gitmodules", "--list", "-z"});
  TRY(ctx.check());
  // Without the file, or an entry in it, it is just a folder that git knows nothing of.
  const auto urls = module_urls(listed.ok() ? std::string_view(*listed) : std::string_view());
  for (const Entry& module : modules) {
    const auto at = urls.find(module.path);
    if (at == urls.end()) continue;
    const std::string doing = cat("submodule ", below(folder, module.path));
    if (depth >= limits_.max_submodule_depth) {
      return Error{Code::Invalid,
                   cat(doing, ": more than ", limits_.max_submodule_depth, " submodules deep")};
    }
    const RemoteUrl module_url =
        TRY(parse_remote_url(resolve_submodule_url(url, at->second)).within(doing));
    TRY(fetch_submodule(ctx, module_url, module.id).within(doing));
    TRY(read(ctx, module.id, below(folder, module.path), module_url, depth + 1).within(doing));
  }
  return {};
}

Result<> FileReader::fetch_submodule(const Context& ctx,
                                     const RemoteUrl& url,
                                     const std::string& commit) {
  const std::string text = url.text();
  if (program_.run(ctx, {"fetch", "--quiet", "--depth=1", "--no-tags", "--", text, commit}).ok()) {
    return {};
  }
  TRY(ctx.check());
  TRY(program_.run(ctx,
                   {"fetch",
                    "--quiet",
                    "--",
                    text,
                    "+refs/heads/*:refs/modules/heads/*",
                    "+refs/tags/*:refs/modules/tags/*"}));
  TRY(program_.run(ctx, {"cat-file", "-e", commit + "^{commit}"}));
  return {};
}

}  // namespace fleet::git
