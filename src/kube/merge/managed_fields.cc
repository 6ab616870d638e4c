#include "kube/merge/managed_fields.h"

#include <algorithm>
#include <tuple>

#include "base/strings.h"

namespace fleet::kube {
namespace {

std::string_view operation_text(Operation operation) {
  return operation == Operation::Apply ? "Apply" : "Update";
}

Error invalid(std::string message) {
  return Error(Code::Invalid, std::move(message));
}

Result<ManagedEntry> read_entry(const data::Value& value, size_t index) {
  ManagedEntry entry;
  entry.manager = value["manager"].to_string();
  std::string_view operation = value["operation"].as_string();
  if (operation != "Apply" && operation != "Update")
    return invalid("operation must be `Apply` or `Update`");
  entry.operation = operation == "Apply" ? Operation::Apply : Operation::Update;
  entry.api_version = value["apiVersion"].to_string();
  if (entry.api_version.empty()) return invalid("apiVersion must not be empty");
  std::string_view fields_type = value["fieldsType"].as_string();
  if (fields_type.empty())
    return invalid(cat("missing fieldsType in managed fields entry ", index));
  if (fields_type != "FieldsV1") {
    return invalid(
        cat("invalid fieldsType ", quote(fields_type), " in managed fields entry ", index));
  }
  entry.subresource = value["subresource"].to_string();
  entry.time = parse_rfc3339(value["time"].as_string());
  entry.fields = TRY(FieldSet::from_fields_v1(value["fieldsV1"]));
  return entry;
}

}  // namespace

std::string ManagedEntry::identity() const {
  std::string_view version = operation == Operation::Apply ? std::string_view() : api_version;
  return cat(operation_text(operation), "\n", manager, "\n", subresource, "\n", version);
}

Result<std::vector<ManagedEntry>> read_managed_fields(const data::Value& list) {
  std::vector<ManagedEntry> entries;
  if (list.is_null()) return entries;
  if (!list.is_array()) return invalid("managedFields must be a list");
  for (size_t i = 0; i < list.size(); i++)
    entries.push_back(TRY(read_entry(list[i], i)));
  return entries;
}

data::Value write_managed_fields(std::vector<ManagedEntry> entries) {
  auto order = [](const ManagedEntry& entry) {
    return std::tuple(entry.operation,
                      entry.time.value_or(TimePoint::min()),
                      std::string_view(entry.manager),
                      std::string_view(entry.api_version),
                      std::string_view(entry.subresource));
  };
  std::ranges::stable_sort(entries,
                           [&](const auto& a, const auto& b) { return order(a) < order(b); });
  data::Value list = data::Value::array();
  for (const ManagedEntry& entry : entries) {
    data::Value value = data::Value::object();
    if (!entry.manager.empty()) value.set("manager", entry.manager);
    value.set("operation", operation_text(entry.operation));
    value.set("apiVersion", entry.api_version);
    if (entry.time) value.set("time", format_rfc3339(*entry.time));
    value.set("fieldsType", "FieldsV1");
    value.set("fieldsV1", entry.fields.to_fields_v1());
    if (!entry.subresource.empty()) value.set("subresource", entry.subresource);
    list.push_back(std::move(value));
  }
  return list;
}

}  // namespace fleet::kube
