// Problem: why a document is not valid, as a tree. For this room's use.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace fleet::schema {

struct Problem {
  enum class Kind {
    Plain,
    Group,      // several problems of one value; its own line is left out below a root
    Reference,  // of what a $ref leads to; left out when it has one cause
  };
  Kind kind = Kind::Plain;
  std::string at;  // pointer to the value
  std::string text;
  std::vector<Problem> causes;
};

inline constexpr size_t kMaxProblemBytes = size_t{1} << 20;  // of one text; then "... and more"

// The text of the original: a first line about the schema, then a line for each problem.
std::string print_problem(const std::string& schema_location, const Problem& problem);

}  // namespace fleet::schema
