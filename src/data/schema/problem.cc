#include "data/schema/problem.h"

#include "base/strings.h"
#include "data/schema/location.h"

namespace fleet::schema {
namespace {

void print(std::string& out, const Problem& problem, size_t indent) {
  if (out.size() > kMaxProblemBytes) return;
  bool hidden = problem.kind == Problem::Kind::Reference && problem.causes.size() == 1;
  if (!hidden) {
    out += cat("\n", repeat("  ", indent), "- at ", quote_single(problem.at), ": ", problem.text);
    ++indent;
  }
  for (const Problem& cause : problem.causes)
    print(out, cause, indent);
}

}  // namespace

std::string print_problem(const std::string& schema_location, const Problem& problem) {
  std::string out = cat("jsonschema validation failed with ", quote_single(schema_location));
  if (problem.kind == Problem::Kind::Group) {
    for (const Problem& cause : problem.causes)
      print(out, cause, 0);
  } else {
    print(out, problem, 0);
  }
  if (out.size() > kMaxProblemBytes) {
    out.resize(kMaxProblemBytes);
    out += "\n... and more";
  }
  return out;
}

}  // namespace fleet::schema
