#include "fleet/deploy/object_set.h"

#include "codec/digest.h"
#include "fleet/api/labels.h"
#include "fleet/api/names.h"

namespace fleet::deploy {

std::string set_id(std::string_view bundle_id,
                   std::string_view label_prefix,
                   std::string_view label_suffix) {
  constexpr std::string_view kAgent = "fleet-agent-bootstrap";
  if (bundle_id.starts_with("fleet-agent")) {
    return label_suffix.empty() ? std::string(kAgent)
                                : api::safe_concat_name({kAgent, label_suffix});
  }
  if (label_suffix.empty()) return api::safe_concat_name({label_prefix, bundle_id});
  return api::safe_concat_name({label_prefix, bundle_id, label_suffix});
}

api::StringMap set_labels(std::string_view set_id) {
  return {{std::string(api::label::kObjectSetHash), codec::hex_digest(codec::Hash::Sha1, set_id)}};
}

api::StringMap set_annotations(std::string_view set_id) {
  return {{std::string(api::annotation::kObjectSetId), std::string(set_id)}};
}

}  // namespace fleet::deploy
