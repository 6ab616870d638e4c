// Values named on the command line: -f, --set, --set-string, --set-file, --set-json, --set-literal.
//
// As Helm 4.2.3, pkg/cli/values: files first, then the flags in the order json, set, string, file,
// literal; later ones win. Errors in Helm's texts.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "data/value/value.h"

namespace fleet::cli {

struct ValueFlags {
  std::vector<std::string> files;
  std::vector<std::string> sets;
  std::vector<std::string> set_strings;
  std::vector<std::string> set_files;
  std::vector<std::string> set_json;
  std::vector<std::string> set_literal;
};

Result<data::Value> merge_value_flags(const ValueFlags& flags);

}  // namespace fleet::cli
