#include "kube/apiserver/table.h"

#include "base/strings.h"

namespace fleet::kube::apiserver {

using data::Value;

Value partial_metadata(const Value& object, const Format& format) {
  return Value::object({{"kind", "PartialObjectMetadata"},
                        {"apiVersion", cat("meta.k8s.io/", format.meta_version)},
                        {"metadata", object["metadata"]}});
}

Reply<std::string> include_object(const http::Query& query) {
  const std::string_view asked = query.value("includeObject");
  if (asked.empty()) return std::string("Metadata");
  if (asked == "Metadata" || asked == "Object" || asked == "None") return std::string(asked);
  return Status::bad_request(
      cat("includeObject: unrecognized value \"", asked, "\": must be None, Metadata or Object"));
}

Value table_columns(const Served& served) {
  Value columns = Value::array();
  for (const Column& column : served.rules->columns()) {
    columns.push_back(Value::object({{"name", column.name},
                                     {"type", column.type},
                                     {"format", column.format},
                                     {"description", column.description},
                                     {"priority", column.priority}}));
  }
  return columns;
}

Value table_row(const Served& served,
                const Value& object,
                std::string_view include,
                const Format& format,
                TimePoint now) {
  Value cells = Value::array();
  for (Value& cell : served.rules->cells(object, now))
    cells.push_back(std::move(cell));
  Value row = Value::object({{"cells", std::move(cells)}});
  if (include == "Metadata") row.set("object", partial_metadata(object, format));
  if (include == "Object") row.set("object", object);
  if (include == "None") row.set("object", Value());
  return row;
}

Value make_table(const Format& format, Value list_metadata, Value columns, Value rows) {
  return Value::object({{"kind", "Table"},
                        {"apiVersion", cat("meta.k8s.io/", format.meta_version)},
                        {"metadata", std::move(list_metadata)},
                        {"columnDefinitions", std::move(columns)},
                        {"rows", std::move(rows)}});
}

}  // namespace fleet::kube::apiserver
