// Where an API server is and who we are there: read from a kubeconfig, or from inside a pod.
//
// As client-go: $KUBECONFIG may name several files (the first to set a thing wins), file names in a
// kubeconfig are relative to its folder, data wins over files.
// Errors: NotFound for a missing file or context, Invalid for a bad one, Unsupported for `exec` and
// `auth-provider` users (we start no foreign programs).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "data/value/value.h"

namespace fleet::kube {

struct Access {
  std::string server;  // "https://10.0.0.1:6443", may have a path
  std::string tls_server_name{};
  bool insecure_skip_verify = false;
  std::string ca{};                  // PEM; empty: the system's
  std::string client_certificate{};  // PEM
  Secret<> client_key{};             // PEM
  Secret<> token{};
  std::string token_file{};  // wins over `token`; read again when it changes
  std::string username{};
  Secret<> password{};
  std::string proxy_url{};
  std::string as_user{};  // impersonate
  std::vector<std::string> as_groups{};
  std::string ns{};  // the context's default namespace; empty if it names none
};

struct KubeconfigSource {
  std::string path{};     // empty: $KUBECONFIG, else ~/.kube/config
  std::string context{};  // empty: current-context
};
Result<Access> load_kubeconfig(const KubeconfigSource& source);
// `folder`: what relative file names are relative to.
Result<Access> parse_kubeconfig(std::string_view text,
                                std::string_view context = {},
                                const std::string& folder = ".");

// From the service account of the pod we run in. NotFound outside of one.
Result<Access> in_cluster_access();
// As client-go's default: an explicit source, else in-cluster, else the default files.
Result<Access> default_access(const KubeconfigSource& source);

// A kubeconfig document with one cluster, user and context, all called `name`; certificates as
// data.
data::Value make_kubeconfig(const Access& access, std::string_view name);

}  // namespace fleet::kube
