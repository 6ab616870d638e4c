#include <gtest/gtest.h>

#include "base/strings.h"
#include "cli/analyze_report.h"

namespace fleet::cli::snapshot {
namespace {

Snapshot troubled() {
  Snapshot out;
  out.timestamp = "2026-08-22T10:00:00Z";
  Bundle bundle;
  bundle.ns = "ws";
  bundle.name = "b";
  bundle.size_bytes = 2048;
  out.bundles = {bundle};
  out.diagnostics.emplace();
  return out;
}

TEST(AnalyzeReport, CountsAndSigns) {
  Snapshot snapshot = troubled();
  EXPECT_TRUE(contains(report_summary(snapshot), "  Bundles:            1  (Total Size: 2KB)\n"));
  EXPECT_TRUE(contains(report_summary(snapshot), "Large Bundles (>1MB):                   0\n"));
  EXPECT_FALSE(contains(report_summary(snapshot), "Deletion Timestamps"));
  snapshot.diagnostics->bundles_in_deletion = 3;
  EXPECT_TRUE(contains(report_summary(snapshot), "  Deletion Timestamps:\n    - Bundles:  3\n"));
}

TEST(AnalyzeReport, IssuesNameWhatIsInTrouble) {
  Snapshot snapshot = troubled();
  EXPECT_TRUE(contains(report_issues(snapshot), "✓ No issues detected!"));
  Cluster cluster;
  cluster.ns = "ws";
  cluster.name = "c";
  cluster.agent_last_seen_age = "16s";
  snapshot.diagnostics->clusters_with_agent_issues = {cluster};
  GitRepo repo;
  repo.ns = "ws";
  repo.name = "r";
  repo.last_polling_time = "2026-08-22T09:00:00.5Z";
  repo.polling_interval = 15'000'000'000;
  snapshot.diagnostics->repos_unpolled = {repo};
  const std::string issues = report_issues(snapshot);
  EXPECT_TRUE(contains(issues,
                       "✗ Clusters with Agent Issues (1)\n"
                       "  • ws/c (Not Ready) (Last seen: 16s ago)\n"));
  EXPECT_TRUE(contains(issues,
                       "  • ws/r (last polled: 2026-08-22 09:00:00.5 +0000 UTC, "
                       "polling interval: 15s)\n"));
  snapshot.diagnostics.reset();
  EXPECT_TRUE(contains(report_issues(snapshot), "✓ No diagnostics available"));
}

TEST(AnalyzeReport, ChangesHaveArrows) {
  Snapshot before = troubled();
  Snapshot after = troubled();
  after.bundles.front().size_bytes = 4096;
  after.clusters.resize(2);
  const std::string change = report_change(before, after);
  EXPECT_TRUE(contains(change, "  Clusters:           0 → 2  ↑\n"));
  EXPECT_TRUE(contains(change, "  Bundles:            1 → 1  →\n"));
  EXPECT_TRUE(contains(change, "  ws/b: 2KB → 4KB ⚠ GREW\n"));
}

}  // namespace
}  // namespace fleet::cli::snapshot
