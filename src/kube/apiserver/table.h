// The Table and PartialObjectMetadata forms of objects.
#pragma once

#include <span>

#include "kube/apiserver/core.h"

namespace fleet::kube::apiserver {

// {"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":...}
data::Value partial_metadata(const data::Value& object, const Format& format);

// What stands in the rows' `object`: Metadata (default), Object or None, by `includeObject`.
Reply<std::string> include_object(const http::Query& query);

// Column definitions; a watch sends them with its first event only.
data::Value table_columns(const Served& served);
data::Value table_row(const Served& served,
                      const data::Value& object,
                      std::string_view include,
                      const Format& format,
                      TimePoint now);
data::Value make_table(const Format& format,
                       data::Value list_metadata,
                       data::Value columns,
                       data::Value rows);

}  // namespace fleet::kube::apiserver
