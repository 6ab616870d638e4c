#include "fleet/api/gitrepo.h"

#include "fleet/api/fields.h"

namespace fleet::api {

data::Fields CommitSpec::fields() {
  return {
      field("authorName", &CommitSpec::author_name, "Author of commits.").always(),
      field("authorEmail", &CommitSpec::author_email, "Author of commits.").always(),
      field("messageTemplate", &CommitSpec::message_template, "Template of the message."),
  };
}

data::Fields BundlePath::fields() {
  return {
      field("base", &BundlePath::base, "A folder."),
      field("options", &BundlePath::options, "The options file in it.").nullable(),
  };
}

data::Fields GitRepoSpec::fields() {
  return {
      field("repo", &GitRepoSpec::repo, "URL: http, https, ssh or user@host:path.")
          .required()
          .min_length(1),
      field("branch", &GitRepoSpec::branch, "Branch to follow; master when empty.").nullable(),
      field("revision", &GitRepoSpec::revision, "A tag or commit to stay at.").nullable(),
      field("targetNamespace", &GitRepoSpec::target_namespace, "Namespace of all objects.")
          .nullable(),
      field(
          "clientSecretName", &GitRepoSpec::client_secret_name, "Secret with credentials for git.")
          .nullable(),
      field("helmSecretName", &GitRepoSpec::helm_secret_name, "Secret with credentials for charts.")
          .nullable(),
      field("helmSecretNameForPaths",
            &GitRepoSpec::helm_secret_name_for_paths,
            "Secret with credentials for charts by path.")
          .nullable(),
      field("helmRepoURLRegex",
            &GitRepoSpec::helm_repo_url_regex,
            "Credentials go only to repositories that match.")
          .nullable(),
      field("caBundle", &GitRepoSpec::ca_bundle, "Certificates to trust, PEM.")
          .omitzero()
          .nullable(),
      field("insecureSkipTLSVerify",
            &GitRepoSpec::insecure_skip_tls_verify,
            "Do not check certificates."),
      field(
          "paths", &GitRepoSpec::paths, "Folders to read; the root when empty. Globs are allowed.")
          .nullable(),
      field("paused", &GitRepoSpec::paused, "Stage changes but do not roll them out."),
      field("serviceAccount",
            &GitRepoSpec::service_account,
            "The account on the downstream cluster in whose name objects are applied.")
          .nullable(),
      field("targets",
            &GitRepoSpec::targets,
            "Clusters to deploy to; the group named default when empty."),
      duration_field(field("pollingInterval",
                           &GitRepoSpec::polling_interval,
                           "How often to look for new commits; 15 seconds when absent."))
          .nullable(),
      field("forceSyncGeneration",
            &GitRepoSpec::force_sync_generation,
            "Another number deploys again, even if nothing changed."),
      duration_field(field("imageScanInterval",
                           &GitRepoSpec::image_scan_interval,
                           "How often to commit found image tags; 15 minutes when absent.")),
      field("imageScanCommit", &GitRepoSpec::image_scan_commit, "How to commit found image tags."),
      field("keepResources",
            &GitRepoSpec::keep_resources,
            "Leave objects in place when the GitRepo is removed."),
      field("deleteNamespace",
            &GitRepoSpec::delete_namespace,
            "Delete the namespace when the GitRepo is removed."),
      field("correctDrift", &GitRepoSpec::correct_drift, "Whether drift is corrected."),
      field("disablePolling",
            &GitRepoSpec::disable_polling,
            "Look for new commits only when a webhook calls."),
      field("ociRegistrySecret",
            &GitRepoSpec::oci_registry_secret,
            "Secret that names a registry for the files."),
      field("webhookSecret",
            &GitRepoSpec::webhook_secret,
            "Secret that webhooks of this repository use."),
      field(
          "bundles", &GitRepoSpec::bundles, "Folders and options files to read, instead of paths."),
  };
}

data::Fields GitRepoStatus::fields() {
  return {
      data::embed("StatusBase", &GitRepoStatus::base),
      field("observedGeneration", &GitRepoStatus::observed_generation, "The generation last seen.")
          .always(),
      field("updateGeneration",
            &GitRepoStatus::update_generation,
            "forceSyncGeneration last handled."),
      field("commit", &GitRepoStatus::commit, "The commit last deployed."),
      field("webhookCommit", &GitRepoStatus::webhook_commit, "The commit a webhook named."),
      field("lastWebhookTime", &GitRepoStatus::last_webhook_time, "When a webhook called."),
      field("pollingCommit", &GitRepoStatus::polling_commit, "The commit last seen."),
      field("gitJobStatus",
            &GitRepoStatus::git_job_status,
            "Current, InProgress, Failed or Terminating."),
      field("lastSyncedImageScanTime",
            &GitRepoStatus::last_synced_image_scan_time,
            "When image tags were committed."),
      field("lastPollingTriggered",
            &GitRepoStatus::last_polling_time,
            "When commits were looked for."),
  };
}

data::Fields GitRepo::fields() {
  return {
      field("metadata", &GitRepo::metadata, "Standard object metadata.").always(),
      field("spec", &GitRepo::spec, "What is wanted.").always(),
      field("status", &GitRepo::status, "What is.").always(),
  };
}

}  // namespace fleet::api
