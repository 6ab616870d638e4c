// Reports about snapshots for people: counts, what is wrong, what changed. Pure.
//
// As Fleet 0.16, without its colours.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/snapshot.h"

namespace fleet::cli::snapshot {

std::string report_header(std::string_view text);
// How many there are of each kind, and how many of each kind of trouble.
std::string report_summary(const Snapshot& snapshot);
// Only what is in trouble, by name.
std::string report_issues(const Snapshot& snapshot);
// Summary, issues, controllers, whether the API answered consistently, warnings.
std::string report_details(const Snapshot& snapshot);
// What changed from one snapshot to a later one.
std::string report_change(const Snapshot& before, const Snapshot& after);

}  // namespace fleet::cli::snapshot
