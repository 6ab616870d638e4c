// metadata.managedFields: reading its entries and writing them in the order of the API server.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "data/value/value.h"
#include "kube/merge/field_set.h"

namespace fleet::kube {

enum class Operation { Apply, Update };

struct ManagedEntry {
  std::string manager;
  Operation operation = Operation::Update;
  std::string api_version;
  std::string subresource;
  std::optional<TimePoint> time;  // whole seconds
  FieldSet fields;

  // What makes two entries one: an Apply entry is one for all versions.
  std::string identity() const;
};

// The entries of metadata.managedFields (null: none).
// Errors: Invalid: "operation must be `Apply` or `Update`", "apiVersion must not be empty",
// "missing fieldsType in managed fields entry 0", "invalid fieldsType \"x\" in managed fields entry
// 0".
Result<std::vector<ManagedEntry>> read_managed_fields(const data::Value& list);

// Sorted: Apply before Update, then by time, manager, version, subresource.
data::Value write_managed_fields(std::vector<ManagedEntry> entries);

}  // namespace fleet::kube
