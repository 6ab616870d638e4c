// conformance --family NAME [--corpus DIR] [--case GLOB] [--diff] [--open FILE] [--jobs N]
//
// Prints the names of unequal cases (with --diff what differs), then `NAME: N of M equal`. Exits 0
// only if all are equal. With --open FILE, the cases named there are owed: they may be unequal, but
// one of them that is equal is an error, so the list only shrinks.
#include <algorithm>
#include <cstdio>
#include <set>
#include <string>
#include <vector>

#include <fnmatch.h>

#include "base/strings.h"
#include "frame/families.h"
#include "frame/parts.h"
#include "frame/workers.h"

namespace fleet::conformance {
namespace {

struct Options {
  std::vector<std::string> families;
  std::string corpus = "../shared/corpus";
  std::string glob = "*";
  std::string open;
  bool diff = false;
  int jobs = 2;
};

void print_usage(const Families& families) {
  std::fprintf(
      stderr,
      "usage: conformance --family NAME [--corpus DIR] [--case GLOB] [--diff] [--open FILE] "
      "[--jobs N]\nfamilies: all tables");
  for (const Family& family : families.all())
    std::fprintf(stderr, " %s", family.name.c_str());
  std::fprintf(stderr, "\n");
}

// False when the words cannot be understood.
bool read_options(const std::vector<std::string>& words, Options& options) {
  for (size_t i = 0; i < words.size(); ++i) {
    std::string word = words[i];
    if (word == "--diff") {
      options.diff = true;
      continue;
    }
    std::string value;
    if (auto parts = cut(word, "=")) {
      value = parts->after;
      word = std::string(parts->before);
    } else {
      if (i + 1 == words.size()) return false;
      value = words[++i];
    }
    if (word == "--family") {
      options.families.push_back(value);
    } else if (word == "--corpus") {
      options.corpus = value;
    } else if (word == "--case") {
      options.glob = value;
    } else if (word == "--open") {
      options.open = value;
    } else if (word == "--jobs" && parse_int(value).value_or(0) > 0) {
      options.jobs = static_cast<int>(parse_int(value).value_or(1));
    } else {
      return false;
    }
  }
  return !options.families.empty();
}

bool is_wanted(const Family& family, const std::string& name) {
  return name == "all" || family.name == name || family.name.starts_with(name + "/");
}

// One unequal case for each table of the corpus that no part runs, so that it is not overlooked.
Result<std::vector<Case>> unknown_tables(const Families& families, const std::string& corpus) {
  std::vector<Case> cases;
  for (const std::string& table : TRY(list_tables(corpus))) {
    const std::string name = cat("tables/", table);
    const bool known = std::ranges::any_of(
        families.all(), [&](const Family& family) { return family.name == name; });
    if (!known) cases.push_back({name, [] { return Difference("no part runs this table\n"); }});
  }
  return cases;
}

// The cases of all families that a name means and the glob matches; an error names what is missing.
Result<std::vector<Case>> select_cases(const Families& families,
                                       const std::string& name,
                                       const Options& options) {
  std::vector<Case> cases;
  bool known = false;
  for (const Family& family : families.all()) {
    if (!is_wanted(family, name)) continue;
    known = true;
    for (Case& one : TRY(family.load(options.corpus).within(family.name))) {
      if (::fnmatch(options.glob.c_str(), one.name.c_str(), 0) == 0) {
        cases.push_back(std::move(one));
      }
    }
  }
  if (has_every_part() && (name == "tables" || name == "all")) {
    for (Case& one : TRY(unknown_tables(families, options.corpus))) {
      if (::fnmatch(options.glob.c_str(), one.name.c_str(), 0) == 0)
        cases.push_back(std::move(one));
    }
  }
  if (!known) return Error(Code::NotFound, cat("no family is named '", name, "'"));
  if (cases.empty()) {
    return Error(Code::NotFound, cat(name, ": no case matches '", options.glob, "'"));
  }
  return cases;
}

// Prints what is to be said of one case; true if it is as it should be.
bool report_case(const std::string& name,
                 const Difference& difference,
                 bool owed,
                 const Options& options) {
  if (difference.empty() && owed) {
    std::printf("%s: equal, but named in %s: take it out\n", name.c_str(), options.open.c_str());
    return false;
  }
  if (difference.empty()) return true;
  if (!owed || options.diff) std::printf("%s\n", name.c_str());
  if (options.diff) std::printf("%s", difference.c_str());
  return owed;
}

// Runs one named selection; true if nothing is wrong with it.
bool run_selection(const Families& families,
                   const std::string& name,
                   const Options& options,
                   const std::set<std::string>& open) {
  auto cases = select_cases(families, name, options);
  if (!cases.ok()) {
    std::fprintf(stderr, "%s\n", cases.error().message().c_str());
    return false;
  }
  std::vector<Difference> differences(cases->size());
  run_cases(*cases, options.jobs, [&](size_t i, const Difference& d) { differences[i] = d; });
  size_t equal = 0;
  bool good = true;
  for (size_t i = 0; i < cases->size(); ++i) {
    const std::string& one = (*cases)[i].name;
    if (differences[i].empty()) ++equal;
    good = report_case(one, differences[i], open.contains(one), options) && good;
  }
  std::printf("%s: %zu of %zu equal\n", name.c_str(), equal, cases->size());
  return good;
}

int run(const std::vector<std::string>& words) {
  Families families;
  add_parts(families);
  Options options;
  if (!read_options(words, options)) {
    print_usage(families);
    return 2;
  }
  std::set<std::string> open;
  if (!options.open.empty()) {
    auto text = read_file(options.open);
    if (!text.ok()) {
      std::fprintf(stderr, "%s\n", text.error().message().c_str());
      return 2;
    }
    for (std::string_view line : split_lines(*text)) {
      std::string_view name = trim(line.substr(0, line.find('#')));
      if (!name.empty()) open.emplace(name);
    }
  }
  bool good = true;
  for (const std::string& name : options.families)
    good = run_selection(families, name, options, open) && good;
  return good ? 0 : 1;
}

}  // namespace
}  // namespace fleet::conformance

int main(int argc, char** argv) {
  return fleet::conformance::run(std::vector<std::string>(argv + 1, argv + argc));
}
