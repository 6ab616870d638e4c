#include "fleet/api/content.h"

#include "fleet/api/fields.h"

namespace fleet::api {

data::Fields ContentStatus::fields() {
  return {
      field("referenceCount", &ContentStatus::reference_count, "Deployments that use it."),
  };
}

data::Fields Content::fields() {
  return {
      field("metadata", &Content::metadata, "Standard object metadata.").always(),
      field("content", &Content::content, "The files as JSON, gzipped.").omitzero().nullable(),
      field("sha256sum", &Content::sha256_sum, "SHA-256 of the JSON."),
      field("status", &Content::status, "What is.").always(),
  };
}

}  // namespace fleet::api
