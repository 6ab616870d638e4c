#include "cli/analyze_report.h"

#include <map>
#include <optional>

#include "base/strings.h"
#include "text/columns.h"
#include "text/duration.h"
#include "text/go_time.h"

namespace fleet::cli::snapshot {
namespace {

constexpr size_t kPadding = 2;
constexpr int64_t kKilobyte = 1024;
constexpr size_t kShownOfId = 40;
constexpr std::string_view kGood = "✓";
constexpr std::string_view kWarn = "⚠";
constexpr std::string_view kBad = "✗";

template <typename List>
int64_t count(const List& list) {
  return static_cast<int64_t>(list.size());
}

template <typename Object>
std::string place(const Object& object) {
  return cat(object.ns, "/", object.name);
}

std::string shortened(std::string_view id) {
  return id.size() <= kShownOfId ? std::string(id) : cat(id.substr(0, kShownOfId), "...");
}

// One line of the diagnostics with a sign behind it, and what it is made of below it.
struct Part {
  std::string_view label;
  int64_t count;
};

std::string part_line(const Part& part) {
  return cat("    - ", part.label, ":\t", part.count, "\n");
}

std::string sum_line(std::string_view label, int64_t count) {
  return cat("  ", label, ":\t", count, "\t", count == 0 ? kGood : kWarn, "\n");
}

std::string group_lines(std::string_view label, const std::vector<Part>& parts) {
  int64_t sum = 0;
  std::string below;
  for (const Part& part : parts) {
    sum += part.count;
    below += part_line(part);
  }
  return sum_line(label, sum) + below;
}

// A heading with the parts that are not zero; nothing when all are.
std::string present_lines(std::string_view label, const std::vector<Part>& parts) {
  std::string below;
  for (const Part& part : parts) {
    if (part.count > 0) below += part_line(part);
  }
  return below.empty() ? "" : cat("  ", label, ":\n", below);
}

std::string diagnostics_lines(const Diagnostics& d) {
  std::string out = "  Stuck Resources:\n";
  out += part_line({"Stuck BundleDeployments", count(d.stuck_deployments)});
  out += group_lines("Inconsistencies",
                     {{"GitRepo/Bundle Mismatches", count(d.inconsistent_bundles)},
                      {"Content Issues", d.content_issues}});
  out += group_lines("Target Matching",
                     {{"Bundles with No Deployments", count(d.bundles_without_deployments)},
                      {"GitRepos with No Bundles", count(d.repos_without_bundles)},
                      {"ClusterGroups with No Clusters", count(d.groups_without_clusters)}});
  out +=
      group_lines("Ownership Issues",
                  {{"Bundles with Missing GitRepo", count(d.bundles_without_repo)},
                   {"BundleDeployments with Missing Bundle", count(d.deployments_without_bundle)},
                   {"Resources with Multiple Finalizers", count(d.with_many_finalizers)}});
  out += sum_line("Agent Issues", count(d.clusters_with_agent_issues));
  out += group_lines("Performance Issues",
                     {{"Large Bundles (>1MB)", count(d.large_bundles)},
                      {"Bundles with Missing Content", count(d.bundles_without_content)}});
  out += group_lines("Generation Mismatches",
                     {{"GitRepos", count(d.repos_unobserved)},
                      {"Bundles", count(d.bundles_unobserved)},
                      {"BundleDeployments (SyncGen)", count(d.deployments_unsynced)}});
  out += sum_line("Commit Mismatches", count(d.repos_at_other_commits));
  out += sum_line("GitRepos last polled too long ago", count(d.repos_unpolled));
  out += present_lines("Deletion Timestamps",
                       {{"Bundles", d.bundles_in_deletion},
                        {"BundleDeployments", d.deployments_in_deletion},
                        {"Contents", d.contents_in_deletion}});
  out += present_lines("Reference counts",
                       {{"Contents with 0 reference count", d.contents_without_references}});
  return out;
}

std::string generations(int64_t wanted, int64_t observed) {
  return cat(" (gen: ", wanted, ", observed: ", observed, ")");
}

// A time as Go prints it: "2026-11-24 16:26:03 +0000 UTC".
std::string go_time(const std::string& text) {
  auto time = text::parse_go_time(text.empty() ? "0001-01-01T00:00:00Z" : text);
  if (!time.ok()) return text;
  std::string shown = text::format_go_time(*time);
  const std::string zone = time->offset_seconds == 0
                               ? std::string("+0000 UTC")
                               : replace_all(shown.substr(shown.size() - 6), ":", "");
  shown = trim_suffix(shown, "Z");
  if (time->offset_seconds != 0) shown.resize(shown.size() - 6);
  const std::string_view twice = time->offset_seconds == 0 ? "" : std::string_view(zone);
  return cat(replace_all(shown, "T", " "), " ", zone, twice.empty() ? "" : " ", twice);
}

std::string stuck_lines(const Deployment& d) {
  std::string out;
  if (d.deployment_id != d.applied_deployment_id) {
    out += cat("\n    DeploymentID: ",
               shortened(d.deployment_id),
               " != AppliedDeploymentID: ",
               shortened(d.applied_deployment_id));
  }
  if (d.force_sync_generation > 0 && d.sync_generation &&
      *d.sync_generation != d.force_sync_generation) {
    out += cat("\n    SyncGeneration: ",
               *d.sync_generation,
               " != ForceSyncGeneration: ",
               d.force_sync_generation);
  }
  return out;
}

std::string inconsistent_lines(const Bundle& bundle) {
  std::string out;
  if (!bundle.commit.empty()) out += cat("\n    Commit: ", shortened(bundle.commit));
  if (bundle.force_sync_generation != 0) {
    out += cat("\n    ForceSyncGeneration: ", bundle.force_sync_generation);
  }
  return out;
}

std::string agent_words(const Cluster& cluster) {
  std::string out = cluster.ready ? "" : " (Not Ready)";
  if (!cluster.agent_last_seen_age.empty()) {
    out += cat(" (Last seen: ", cluster.agent_last_seen_age, " ago)");
  }
  return out;
}

std::string polling_words(const GitRepo& repo) {
  return cat(" (last polled: ",
             go_time(repo.last_polling_time),
             ", polling interval: ",
             text::format_duration(std::chrono::nanoseconds(repo.polling_interval)),
             ")");
}

// As the original, which names the two the wrong way round.
std::string commit_words(const GitRepo& repo) {
  return cat(" (polling: ",
             repo.webhook_commit,
             ", webhook: ",
             repo.polling_commit,
             ", status commit: ",
             repo.commit,
             ")");
}

// A block of a kind of trouble: a heading, and one line for each object with more words behind it.
template <typename Object, typename Words>
void add_block(std::string& out,
               std::string_view sign,
               std::string_view title,
               const std::vector<Object>& objects,
               Words words) {
  if (objects.empty()) return;
  out += cat("\n", sign, " ", title, " (", count(objects), ")\n");
  for (const Object& object : objects)
    out += cat("  • ", place(object), words(object), "\n");
}

constexpr auto kNoWords = [](const auto&) { return ""; };

std::string issue_blocks(const Diagnostics& d) {
  std::string out;
  add_block(out, kBad, "Stuck BundleDeployments", d.stuck_deployments, stuck_lines);
  add_block(
      out, kBad, "GitRepo/Bundle Inconsistencies", d.inconsistent_bundles, inconsistent_lines);
  add_block(out, kWarn, "Bundles with No Deployments", d.bundles_without_deployments, kNoWords);
  add_block(out, kWarn, "GitRepos with No Bundles", d.repos_without_bundles, kNoWords);
  add_block(out, kBad, "Clusters with Agent Issues", d.clusters_with_agent_issues, agent_words);
  add_block(out, kWarn, "Large Bundles (>1MB)", d.large_bundles, [](const Bundle& bundle) {
    return cat(" (", bundle.size_bytes.value_or(0) / kKilobyte, "KB)");
  });
  add_block(out, kWarn, "GitRepos last polled too long ago", d.repos_unpolled, polling_words);
  add_block(out, kWarn, "GitRepos with Commit Mismatch", d.repos_at_other_commits, commit_words);
  auto observed = [](const auto& o) { return generations(o.generation, o.observed_generation); };
  add_block(out, kWarn, "GitRepos with Generation Mismatch", d.repos_unobserved, observed);
  add_block(out, kWarn, "Bundles with Generation Mismatch", d.bundles_unobserved, observed);
  return out;
}

std::string controller_lines(const std::vector<Controller>& controllers) {
  std::string out = controllers.empty() ? "" : "\nCONTROLLER INFO\n";
  for (const Controller& one : controllers) {
    std::string lines = cat("  Name:\t", one.name, "\n  Status:\t", one.status, "\n");
    lines += cat("  Restarts:\t", one.restarts, "\n");
    if (!one.start_time.empty()) lines += cat("  Start Time:\t", one.start_time, "\n");
    out += cat(text::align_columns(lines, kPadding), "\n");
  }
  return out;
}

std::string warning_lines(const std::vector<Event>& events) {
  int64_t warnings = 0;
  std::string lines;
  for (const Event& event : events) {
    if (event.type != "Warning") continue;
    ++warnings;
    lines += cat("  • [",
                 event.reason,
                 "] ",
                 event.involved_kind,
                 "/",
                 event.involved_name,
                 ": ",
                 event.message,
                 "\n");
    if (event.last_timestamp.empty()) continue;
    lines += cat("    Last: ", event.last_timestamp);
    if (event.count > 1) lines += cat(" (x", event.count, ")");
    lines += "\n";
  }
  return warnings == 0 ? "" : cat("\nRECENT WARNING EVENTS (", warnings, ")\n", lines);
}

std::string change_line(std::string_view label, int64_t before, int64_t after) {
  const std::string_view arrow = after > before ? "↑" : after < before ? "↓" : "→";
  return cat("  ", label, ":\t", before, " → ", after, "\t", arrow, "\n");
}

// Sorted by name; the original's order changes from run to run.
std::string size_lines(const Snapshot& before, const Snapshot& after) {
  std::map<std::string, int64_t> sizes;
  for (const Bundle& bundle : before.bundles) {
    if (bundle.size_bytes) sizes[place(bundle)] = *bundle.size_bytes;
  }
  std::map<std::string, std::string> lines;
  for (const Bundle& bundle : after.bundles) {
    const auto known = sizes.find(place(bundle));
    if (!bundle.size_bytes || known == sizes.end()) continue;
    const int64_t from = known->second;
    const int64_t to = *bundle.size_bytes;
    if (from == to || from == 0) continue;
    lines[place(bundle)] = cat("  ",
                               place(bundle),
                               ": ",
                               from / kKilobyte,
                               "KB → ",
                               to / kKilobyte,
                               "KB ",
                               to > from ? "⚠ GREW" : "✓ SHRUNK",
                               "\n");
  }
  std::string out = lines.empty() ? "" : "\nBUNDLE SIZE CHANGES:\n";
  for (const auto& [name, line] : lines)
    out += line;
  return out;
}

}  // namespace

std::string report_header(std::string_view text) {
  return cat("\n=== ", text, " ===\n\n");
}

std::string report_summary(const Snapshot& snapshot) {
  int64_t bytes = 0;
  for (const Bundle& bundle : snapshot.bundles)
    bytes += bundle.size_bytes.value_or(0);
  std::string counts = cat("  GitRepos:\t", count(snapshot.repos), "\n");
  counts +=
      cat("  Bundles:\t", count(snapshot.bundles), "\t(Total Size: ", bytes / kKilobyte, "KB)\n");
  counts += cat("  BundleDeployments:\t", count(snapshot.deployments), "\n");
  counts += cat("  Contents:\t", count(snapshot.contents), "\n");
  counts += cat("  Clusters:\t", count(snapshot.clusters), "\n");
  counts += cat("  ClusterGroups:\t", count(snapshot.groups), "\n");
  std::string out = cat(report_header("FLEET MONITORING SUMMARY - " + snapshot.timestamp),
                        "\nRESOURCE COUNTS\n",
                        text::align_columns(counts, kPadding));
  if (!snapshot.diagnostics) return out;
  return cat(out,
             "\nDIAGNOSTICS SUMMARY\n",
             text::align_columns(diagnostics_lines(*snapshot.diagnostics), kPadding));
}

std::string report_issues(const Snapshot& snapshot) {
  std::string out = report_header("ISSUES DETECTED - " + snapshot.timestamp);
  if (!snapshot.diagnostics) return cat(out, kGood, " No diagnostics available\n");
  const std::string blocks = issue_blocks(*snapshot.diagnostics);
  return blocks.empty() ? cat(out, kGood, " No issues detected!\n") : out + blocks;
}

std::string report_details(const Snapshot& snapshot) {
  std::string out = report_summary(snapshot) + report_issues(snapshot);
  out += controller_lines(snapshot.controllers);
  if (snapshot.api_consistency) {
    out += "\nAPI CONSISTENCY\n";
    if (snapshot.api_consistency->consistent) {
      out += cat(kGood, " API is consistent\n");
    } else {
      out += cat(kBad,
                 " API inconsistency detected (time travel)\n  Versions seen: [",
                 join(snapshot.api_consistency->versions, " "),
                 "]\n");
    }
  }
  return out + warning_lines(snapshot.recent_events);
}

std::string report_change(const Snapshot& before, const Snapshot& after) {
  auto line = [](std::string_view label, const auto& was, const auto& is) {
    return change_line(label, count(was), count(is));
  };
  std::string out = "\nRESOURCE COUNTS:\n";
  out += line("GitRepos", before.repos, after.repos);
  out += line("Bundles", before.bundles, after.bundles);
  out += line("BundleDeployments", before.deployments, after.deployments);
  out += line("Contents", before.contents, after.contents);
  out += line("Clusters", before.clusters, after.clusters);
  if (before.diagnostics && after.diagnostics) {
    const Diagnostics& was = *before.diagnostics;
    const Diagnostics& is = *after.diagnostics;
    out += "\nDIAGNOSTICS CHANGES:\n";
    out += line("Stuck BundleDeployments", was.stuck_deployments, is.stuck_deployments);
    out += line("GitRepo/Bundle Mismatches", was.inconsistent_bundles, is.inconsistent_bundles);
    out += line("Bundles with No Deployments",
                was.bundles_without_deployments,
                is.bundles_without_deployments);
    out += line("Agent Issues", was.clusters_with_agent_issues, is.clusters_with_agent_issues);
  }
  return text::align_columns(out, kPadding) + size_lines(before, after);
}

}  // namespace fleet::cli::snapshot
