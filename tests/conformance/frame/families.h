// Families of recorded cases, and what it takes to run one.
//
// A part (a folder beside this one) adds its families; `conformance` runs them. A case is named
// `family/path`. A case runs in a child process of its own kind of worker, so one that crashes or
// hangs is unequal and the rest goes on.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/value/value.h"

namespace fleet::conformance {

// Empty when equal; else what differs, for people.
using Difference = std::string;

struct Case {
  std::string name;  // "helm/values-nested", "tables/semver/parse/1a2b3c"
  std::function<Difference()> run;
};

struct Family {
  std::string name;  // "helm", "tables/semver"
  std::function<Result<std::vector<Case>>(const std::string& corpus)> load;
};

class Families {
 public:
  void add(Family family) { families_.push_back(std::move(family)); }
  const std::vector<Family>& all() const { return families_; }

 private:
  std::vector<Family> families_;
};

// A table `corpus/tables/NAME.json`: a list of {name, in, out | error}. `run` answers `out` for
// `in`, or the error. Out is compared as JSON, errors as text, or as lines in any order where the
// recording has `errorLines`.
using TableRow =
    std::function<Result<data::Value>(const std::string& group, const data::Value& in)>;
void add_table(Families& families, const std::string& table, TableRow run);
// The same with the corpus folder at hand, for tables with data files beside them.
using TableOpen = std::function<Result<TableRow>(const std::string& corpus)>;
void add_table_with_data(Families& families, const std::string& table, TableOpen open);

// A string as recorded: plain, or {"$b64": "..."} for bytes that are not UTF-8. The inverse for
// outs.
std::string recorded_bytes(const data::Value& value);
data::Value record_bytes(std::string_view bytes);

// The bytes of a file, or an error that names it.
Result<std::string> read_file(const std::string& path);
// Names of the sub-folders of a folder, sorted.
Result<std::vector<std::string>> list_folders(const std::string& path);
// The tables of a corpus, sorted: `tables/NAME.json`, but not the data that tables name.
Result<std::vector<std::string>> list_tables(const std::string& corpus);
// The first lines in which two texts differ, with a few lines around; empty if they are equal.
Difference text_difference(std::string_view want, std::string_view got);

}  // namespace fleet::conformance
