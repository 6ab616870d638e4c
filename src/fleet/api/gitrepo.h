// GitRepo: a repository whose folders become bundles.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fleet/api/bundle.h"
#include "fleet/api/status.h"

namespace fleet::api {

struct CommitSpec {
  std::string author_name;
  std::string author_email;
  std::string message_template;

  static constexpr const char* kGoType = "v1alpha1.CommitSpec";
  static data::Fields fields();
  bool operator==(const CommitSpec&) const = default;
};

struct BundlePath {
  std::string base;
  std::string options;

  static constexpr const char* kGoType = "v1alpha1.BundlePath";
  static data::Fields fields();
  bool operator==(const BundlePath&) const = default;
};

struct GitRepoSpec {
  std::string repo;
  std::string branch;
  std::string revision;
  std::string target_namespace;
  std::string client_secret_name;
  std::string helm_secret_name;
  std::string helm_secret_name_for_paths;
  std::string helm_repo_url_regex;
  Bytes ca_bundle;
  bool insecure_skip_tls_verify = false;
  std::vector<std::string> paths;
  bool paused = false;
  std::string service_account;
  std::vector<GitTarget> targets;
  std::optional<GoDuration> polling_interval;
  int64_t force_sync_generation = 0;
  std::optional<GoDuration> image_scan_interval;
  std::optional<CommitSpec> image_scan_commit;
  bool keep_resources = false;
  bool delete_namespace = false;
  std::optional<CorrectDrift> correct_drift;
  bool disable_polling = false;
  std::string oci_registry_secret;
  std::string webhook_secret;
  std::vector<BundlePath> bundles;

  static constexpr const char* kGoType = "v1alpha1.GitRepoSpec";
  static data::Fields fields();
  bool operator==(const GitRepoSpec&) const = default;
};

struct GitRepoStatus {
  StatusBase base;
  int64_t observed_generation = 0;
  int64_t update_generation = 0;
  std::string commit;
  std::string webhook_commit;
  Time last_webhook_time;
  std::string polling_commit;
  std::string git_job_status;
  Time last_synced_image_scan_time;
  Time last_polling_time;

  static constexpr const char* kGoType = "v1alpha1.GitRepoStatus";
  static data::Fields fields();
  bool operator==(const GitRepoStatus&) const = default;
};

struct GitRepo {
  static constexpr Kind kKind = {"GitRepo", "gitrepos"};
  ObjectMeta metadata;
  GitRepoSpec spec;
  GitRepoStatus status;

  static constexpr const char* kGoType = "v1alpha1.GitRepo";
  static data::Fields fields();
  bool operator==(const GitRepo&) const = default;
};

}  // namespace fleet::api
