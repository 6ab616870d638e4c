// A snapshot of Fleet's state, one JSON text a line: what `fleet monitor` of Fleet 0.16 prints and
// `fleet analyze` reads.
//
// Names, order and what is left out when empty are the wire's. Times are texts as they were
// written. Numbers: sizes in bytes, intervals in nanoseconds.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/fields/fields.h"

namespace fleet::cli::snapshot {

struct Controller {
  std::string name;
  int32_t restarts = 0;
  std::string status;
  std::string start_time;

  static constexpr const char* kGoType = "troubleshooting.ControllerInfo";
  static data::Fields fields();
};

struct GitRepo {
  std::string ns;
  std::string name;
  int64_t generation = 0;
  int64_t observed_generation = 0;
  std::string commit;
  std::string polling_commit;
  std::string webhook_commit;
  std::string last_polling_time;
  int64_t polling_interval = 0;
  int64_t force_sync_generation = 0;
  bool ready = false;
  std::string ready_message;

  static constexpr const char* kGoType = "troubleshooting.GitRepoInfo";
  static data::Fields fields();
};

struct Bundle {
  std::string ns;
  std::string name;
  std::string uid;
  int64_t generation = 0;
  int64_t observed_generation = 0;
  std::string commit;
  std::string repo_name;
  std::map<std::string, std::string> labels;
  int64_t force_sync_generation = 0;
  std::string resources_sha256_sum;
  std::optional<int64_t> size_bytes;
  std::optional<std::string> deletion_timestamp;
  std::vector<std::string> finalizers;
  bool ready = false;
  std::string ready_message;
  std::string error_message;

  static constexpr const char* kGoType = "troubleshooting.BundleInfo";
  static data::Fields fields();
};

struct Deployment {
  std::string ns;
  std::string name;
  std::string uid;
  int64_t generation = 0;
  std::string commit;
  int64_t force_sync_generation = 0;
  std::optional<int64_t> sync_generation;
  std::string deployment_id;
  std::string staged_deployment_id;
  std::string applied_deployment_id;
  std::optional<std::string> deletion_timestamp;
  std::vector<std::string> finalizers;
  bool ready = false;
  std::string ready_message;
  std::string error_message;
  std::map<std::string, std::string> labels;
  std::string bundle_name;
  std::string bundle_namespace;

  static constexpr const char* kGoType = "troubleshooting.BundleDeploymentInfo";
  static data::Fields fields();
};

struct Content {
  std::string name;
  int64_t size = 0;
  std::optional<std::string> deletion_timestamp;
  std::vector<std::string> finalizers;
  int64_t reference_count = 0;

  static constexpr const char* kGoType = "troubleshooting.ContentInfo";
  static data::Fields fields();
};

struct Secret {
  std::string ns;
  std::string name;
  std::string type;
  std::string commit;
  std::optional<std::string> deletion_timestamp;
  std::vector<std::string> finalizers;
  std::string owner_kind;
  std::string owner_name;
  std::string owner_uid;

  static constexpr const char* kGoType = "troubleshooting.SecretInfo";
  static data::Fields fields();
};

struct Event {
  std::string ns;
  std::string type;
  std::string reason;
  std::string message;
  std::string involved_kind;
  std::string involved_name;
  int32_t count = 0;
  std::string last_timestamp;

  static constexpr const char* kGoType = "troubleshooting.EventInfo";
  static data::Fields fields();
};

struct ContentIssue {
  std::string ns;
  std::string name;
  std::string content_name;
  std::string staged_content_name;
  std::string applied_content_name;
  bool content_exists = false;
  std::optional<std::string> content_deletion_timestamp;
  std::optional<bool> staged_content_exists;
  std::optional<bool> applied_content_exists;
  std::vector<std::string> issues;

  static constexpr const char* kGoType = "troubleshooting.ContentIssue";
  static data::Fields fields();
};

struct ApiConsistency {
  bool consistent = false;
  std::vector<std::string> versions;

  static constexpr const char* kGoType = "troubleshooting.APIConsistency";
  static data::Fields fields();
};

struct Finalizers {
  std::string kind;
  std::string ns;
  std::string name;
  std::vector<std::string> finalizers;
  int64_t finalizer_count = 0;
  std::optional<std::string> deletion_timestamp;

  static constexpr const char* kGoType = "troubleshooting.ResourceWithFinalizers";
  static data::Fields fields();
};

struct Cluster {
  std::string ns;
  std::string name;
  std::string agent_namespace;
  std::optional<std::string> agent_last_seen;
  std::string agent_last_seen_age;
  bool ready = false;
  std::string ready_message;
  int64_t bundle_deployments = 0;
  int64_t ready_bundle_deployments = 0;

  static constexpr const char* kGoType = "troubleshooting.ClusterInfo";
  static data::Fields fields();
};

struct ClusterGroup {
  std::string ns;
  std::string name;
  int64_t cluster_count = 0;
  std::string selector;

  static constexpr const char* kGoType = "troubleshooting.ClusterGroupInfo";
  static data::Fields fields();
};

struct Diagnostics {
  std::vector<Deployment> stuck_deployments;
  std::vector<Bundle> inconsistent_bundles;
  std::vector<Secret> secrets_with_invalid_owners;
  std::vector<Finalizers> with_many_finalizers;
  std::vector<Bundle> large_bundles;
  std::vector<Bundle> bundles_without_content;
  std::vector<Bundle> bundles_without_deployments;
  std::vector<GitRepo> repos_without_bundles;
  std::vector<Cluster> clusters_with_agent_issues;
  std::vector<ClusterGroup> groups_without_clusters;
  std::vector<Bundle> bundles_without_repo;
  std::vector<Deployment> deployments_without_bundle;
  std::vector<GitRepo> repos_at_other_commits;
  std::vector<GitRepo> repos_unobserved;
  std::vector<GitRepo> repos_unpolled;
  std::vector<Bundle> bundles_unobserved;
  std::vector<Deployment> deployments_unsynced;
  int64_t orphaned_secrets = 0;
  int64_t invalid_secret_owners = 0;
  int64_t content_issues = 0;
  int64_t inconsistencies = 0;
  int64_t many_finalizers = 0;
  int64_t bundles_in_deletion = 0;
  int64_t deployments_in_deletion = 0;
  int64_t contents_in_deletion = 0;
  int64_t contents_without_references = 0;

  static constexpr const char* kGoType = "troubleshooting.Diagnostics";
  static data::Fields fields();
};

struct Snapshot {
  std::string timestamp;
  std::vector<Controller> controllers;
  std::vector<GitRepo> repos;
  std::vector<Bundle> bundles;
  std::vector<Deployment> deployments;
  std::vector<Content> contents;
  std::vector<Cluster> clusters;
  std::vector<ClusterGroup> groups;
  std::vector<Secret> bundle_secrets;
  std::vector<Secret> orphaned_secrets;
  std::vector<ContentIssue> content_issues;
  std::optional<ApiConsistency> api_consistency;
  std::vector<Event> recent_events;
  std::optional<Diagnostics> diagnostics;

  static constexpr const char* kGoType = "troubleshooting.Snapshot";
  static data::Fields fields();
};

}  // namespace fleet::cli::snapshot
