// fleet analyze: what snapshots of Fleet's state say.
#include <memory>
#include <ostream>

#include "base/strings.h"
#include "cli/analyze_report.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/snapshot.h"
#include "data/json/parse.h"
#include "data/json/print.h"

namespace fleet::cli {

namespace {

using snapshot::Snapshot;

constexpr size_t kMaxLineBytes = size_t{10} << 20;
constexpr const char* kStandardInput = "/dev/stdin";

struct AnalyzeFlags {
  bool all = false;
  bool diff = false;
  bool issues = false;
  bool detailed = false;
  bool json = false;
  bool no_color = false;
  std::string compare;
};

// What --json prints.
struct Report {
  int64_t snapshot_count = 0;
  Snapshot latest;
  std::vector<Snapshot> all;

  static constexpr const char* kGoType = "troubleshooting.Output";
  static data::Fields fields() {
    return {data::field("snapshotCount", &Report::snapshot_count).always(),
            data::field("latest", &Report::latest),
            data::field("all", &Report::all)};
  }
};

Result<std::vector<Snapshot>> read_snapshots(std::string_view text) {
  std::vector<Snapshot> out;
  for (std::string_view line : split_lines(text)) {
    line = trim_suffix(line, "\r");
    if (line.empty()) continue;
    if (line.size() > kMaxLineBytes) {
      return Error(Code::RequestEntityTooLarge,
                   "failed to read input: bufio.Scanner: token too long");
    }
    auto value = TRY(json::parse(line).within("failed to parse snapshot"));
    out.push_back(TRY(data::decode<Snapshot>(value).within("failed to parse snapshot")));
  }
  return out;
}

Result<Snapshot> last_snapshot(const std::string& path) {
  const std::string text = TRY(read_input(path).within("failed to open " + path));
  auto snapshots = TRY(read_snapshots(text).within("failed to read " + path));
  if (snapshots.empty()) return Error(Code::Invalid, "no snapshots in " + path);
  return std::move(snapshots.back());
}

Result<> compare_files(std::string first, std::string second, std::ostream& out) {
  Snapshot before = TRY(last_snapshot(first));
  Snapshot after = TRY(last_snapshot(second));
  if (before.timestamp > after.timestamp) {
    std::swap(first, second);
    std::swap(before, after);
  }
  out << snapshot::report_header("COMPARING SNAPSHOTS");
  out << "Before: " << first << " (" << before.timestamp << ")\n";
  out << "After:  " << second << " (" << after.timestamp << ")\n";
  out << snapshot::report_change(before, after);
  return {};
}

std::string rule() {
  return repeat("─", 60) + "\n";
}

void print_all(const std::vector<Snapshot>& snapshots, std::ostream& out) {
  out << snapshot::report_header(cat("Analyzing ", snapshots.size(), " snapshots"));
  for (size_t i = 0; i < snapshots.size(); ++i) {
    out << "\nℹ Snapshot " << i + 1 << "/" << snapshots.size() << "\n"
        << snapshot::report_summary(snapshots[i]) << rule();
  }
}

Result<> print_changes(const std::vector<Snapshot>& snapshots, std::ostream& out) {
  if (snapshots.size() < 2) {
    return Error(Code::Invalid, "need at least 2 snapshots to show diff");
  }
  out << snapshot::report_header(cat("Changes Across ", snapshots.size(), " Snapshots"));
  for (size_t i = 1; i < snapshots.size(); ++i) {
    const Snapshot& before = snapshots[i - 1];
    const Snapshot& after = snapshots[i];
    out << "\nSnapshot " << i << " → " << i + 1 << "\nTime: " << before.timestamp << " → "
        << after.timestamp << "\n"
        << snapshot::report_change(before, after) << rule();
  }
  out << "\n"
      << snapshot::report_header("Final Snapshot Summary")
      << snapshot::report_summary(snapshots.back());
  return {};
}

Result<int> analyze(const AnalyzeFlags& flags, Invocation& invocation) {
  std::ostream& out = invocation.out;
  const bool has_file = !invocation.args.empty();
  const std::string path = has_file ? invocation.args[0] : kStandardInput;
  if (!flags.compare.empty() && !has_file) {
    return Error(Code::Invalid, "--compare requires two snapshot files");
  }
  const std::string text = TRY(read_input(path).within("failed to open file"));
  if (!flags.compare.empty()) {
    TRY(compare_files(path, flags.compare, out));
    return 0;
  }
  const auto snapshots = TRY(read_snapshots(text));
  if (snapshots.empty()) return Error(Code::Invalid, "no snapshots found");
  if (flags.json) {
    Report report{static_cast<int64_t>(snapshots.size()), snapshots.back(), {}};
    if (flags.all) report.all = snapshots;
    out << json::print_indented(data::encode(report), json::Keys::AsWritten, {"", "  "}) << "\n";
  } else if (flags.all) {
    print_all(snapshots, out);
  } else if (flags.diff) {
    TRY(print_changes(snapshots, out));
  } else if (flags.issues) {
    out << snapshot::report_issues(snapshots.back());
  } else if (flags.detailed) {
    out << snapshot::report_details(snapshots.back());
  } else {
    out << snapshot::report_summary(snapshots.back());
  }
  return 0;
}

}  // namespace

Command analyze_command() {
  return {.name = "analyze",
          .usage = "[flags] [FILE]",
          .summary = "Say what snapshots of Fleet's state show.",
          .details =
              "Reads snapshots, one JSON text a line, from FILE or standard input, and "
              "prints a summary of the last one.",
          .origin = Origin::Upstream,
          .setup = [](Setup& setup) -> Run {
            auto flags = setup.state<AnalyzeFlags>();
            setup.flag("all", flags->all, "Summarise every snapshot.");
            setup.flag("diff", flags->diff, "Show what changed from each snapshot to the next.");
            setup.flag("issues", flags->issues, "Show only what is in trouble.");
            setup.flag("detailed", flags->detailed, "Show summary, troubles, controllers, events.");
            setup.flag("json", flags->json, "Print JSON.");
            setup.text(
                "compare", flags->compare, "Another file, to compare the last ones of both.");
            setup.flag("no-color", flags->no_color, "Accepted; nothing is coloured.");
            return [flags](Invocation& invocation) { return analyze(*flags, invocation); };
          }};
}

}  // namespace fleet::cli
