// A column of the Table form, and the cells that kubectl prints.
#pragma once

#include <string>

namespace fleet::kube {

struct Column {
  std::string name;
  std::string type = "string";  // string, integer, number, boolean, date
  std::string format;
  std::string description;
  int priority = 0;  // above 0: only with -o wide
};

}  // namespace fleet::kube
