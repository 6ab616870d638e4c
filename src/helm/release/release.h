// Release: one revision of a chart on a cluster, in the form in which Helm stores it.
//
// The tables below give the JSON of Helm 4.2 byte for byte. Times are RFC 3339 texts with a
// fraction ("" is the zero time), so that what was read is written back unchanged. Bytes of files
// are base64 texts. Subcharts are not stored, as in Helm.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "data/fields/fields.h"
#include "data/value/value.h"
#include "helm/chart/chart.h"
#include "helm/chart/metadata.h"

namespace fleet::helm {

namespace status {
inline constexpr std::string_view kUnknown = "unknown";
inline constexpr std::string_view kDeployed = "deployed";
inline constexpr std::string_view kUninstalled = "uninstalled";
inline constexpr std::string_view kSuperseded = "superseded";
inline constexpr std::string_view kFailed = "failed";
inline constexpr std::string_view kUninstalling = "uninstalling";
inline constexpr std::string_view kPendingInstall = "pending-install";
inline constexpr std::string_view kPendingUpgrade = "pending-upgrade";
inline constexpr std::string_view kPendingRollback = "pending-rollback";
}  // namespace status
bool is_pending(std::string_view status);

struct StoredFile {
  std::string name;
  std::optional<std::string> data;  // base64
  std::string modtime;

  static data::Fields fields();
};

struct StoredChart {
  std::optional<Metadata> metadata;
  std::optional<Lock> lock;
  std::vector<StoredFile> templates;
  data::Value values;
  std::optional<std::string> schema;  // base64
  std::string schema_modtime = "0001-01-01T00:00:00Z";
  std::vector<StoredFile> files;
  std::string modtime;

  static data::Fields fields();
};

struct HookRun {
  std::string started_at;
  std::string completed_at;
  std::string phase;  // "", Unknown, Running, Succeeded, Failed

  static data::Fields fields();
};

struct StoredHook {
  std::string name;
  std::string kind;
  std::string path;
  std::string manifest;
  std::vector<std::string> events;  // "pre-install", "post-upgrade", "test", ...
  HookRun last_run;
  int weight = 0;
  std::vector<std::string> delete_policies;  // "before-hook-creation", "hook-succeeded", ...
  std::vector<std::string> output_log_policies;

  bool has_event(std::string_view event) const;
  bool has_policy(std::string_view policy) const;

  static data::Fields fields();
};

struct ReleaseInfo {
  std::string first_deployed;
  std::string last_deployed;
  std::string deleted;
  std::string description;
  std::string status;
  int rollback_revision = 0;
  std::string notes;

  static data::Fields fields();
};

struct Release {
  std::string name;
  std::optional<ReleaseInfo> info;
  std::optional<StoredChart> chart;
  data::Value config;    // the values given by the user; an object or null
  std::string manifest;  // rendered, without hooks
  std::vector<StoredHook> hooks;
  int version = 0;  // the revision, from 1
  std::string ns;
  std::string apply_method;  // "ssa", "csa" or "" (older than Helm 4: csa)

  std::string_view status() const { return info ? std::string_view(info->status) : ""; }
  // Replaces status and description.
  void set_status(std::string_view status, std::string_view description);
  // A chart annotation, or "".
  std::string_view chart_annotation(std::string_view key) const;

  static data::Fields fields();
};

// A chart as a release stores it. `modtime` ("" for none) is that of all its files.
StoredChart stored_chart(const Chart& chart, const std::string& modtime);

// Helm's JSON text.
std::string encode_release(const Release& release);
Result<Release> decode_release(std::string_view json);

// What a release Secret's key `release` holds, before the Secret's own base64: base64 of gzip of
// JSON. Reading takes text that is not packed, too.
std::string pack_release(const Release& release);
Result<Release> unpack_release(std::string_view packed);

// "sh.helm.release.v1.NAME.vREVISION"
std::string secret_name(std::string_view release, int revision);
inline constexpr std::string_view kReleaseSecretType = "helm.sh/release.v1";

// A time as Helm writes it.
std::string release_time(TimePoint time);

}  // namespace fleet::helm
