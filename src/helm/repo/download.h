// Charts from the network: repositories' indexes, archives and plain files over HTTP.
//
// As Fleet 0.16 fetches chart sources. Errors name the place and never a password:
// `failed to read helm repo from URL, error code: 401`, `downloading "URL": unexpected status 404`.
// Limits: kMaxIndexBytes, kMaxDownloadBytes, kDownloadTimeout; archives as codec::TarLimits.
// Threads: all functions from any thread.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/file_tree.h"
#include "base/result.h"
#include "base/secret.h"
#include "helm/repo/index.h"
#include "sys/context.h"

namespace fleet::helm {

inline constexpr size_t kMaxIndexBytes = size_t{256} << 20;
inline constexpr size_t kMaxDownloadBytes = size_t{2} << 30;
inline constexpr std::chrono::minutes kDownloadTimeout{5};

struct RepoAuth {
  std::string username;
  Secret<std::string> password;
  std::string ca_bundle;  // PEM, beside the system's
  bool insecure_skip_verify = false;
  bool plain_http = false;  // registries only: other places say so by their URL
};

Result<RepoIndex> fetch_index(const Context& ctx, const std::string& repo, const RepoAuth& auth);

// The bytes at a URL.
Result<std::string> download(const Context& ctx, const std::string& url, const RepoAuth& auth);

// What an http source stands for: an archive's files, or one file. Query parameters `archive` (the
// kind of archive, "false" for none) and `checksum` (kind:hex) are ours and are not sent.
Result<FileTree> fetch_files(const Context& ctx, const std::string& url, const RepoAuth& auth);

// The files of an archive by its name's ending, or the one file it is.
// Errors: Unsupported for kinds of archives that we do not unpack.
Result<FileTree> unpack(std::string_view file_name, std::string_view bytes);

}  // namespace fleet::helm
