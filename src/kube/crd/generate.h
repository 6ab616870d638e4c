// From a table of fields to a CustomResourceDefinition, as controller-gen and a chart write it.
//
//   crd::Generated what{.group = "fleet.cattle.io", .version = "v1alpha1", .kind = "GitRepo", ...};
//   data::Value object = crd::generate(what, data::type_of<api::GitRepo>());
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/fields/type.h"
#include "data/value/value.h"

namespace fleet::kube::crd {

struct GeneratedColumn {
  std::string name;
  std::string json_path;
  std::string type = "string";
  std::string description;
  int priority = 0;
};

struct Generated {
  std::string group;
  std::string version;
  std::string kind;
  std::string plural;
  std::string singular;   // empty: the kind in lower case
  std::string list_kind;  // empty: the kind and "List"
  bool namespaced = true;
  bool status = true;
  std::vector<std::string> short_names;
  std::vector<std::string> categories;
  std::vector<GeneratedColumn> columns;
  std::string description;
};

// `root` is the struct of the whole object; its apiVersion, kind and metadata, if it has them, are
// replaced by the usual three.
data::Value generate(const Generated& what, const data::TypeInfo& root);

}  // namespace fleet::kube::crd
