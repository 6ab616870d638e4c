// The mark on every object that an agent deploys: which bundle it belongs to.
//
// As Fleet 0.16: an id made of the bundle's name, and its SHA-1 as a label. Pure.
#pragma once

#include <string>
#include <string_view>

#include "fleet/api/kinds.h"

namespace fleet::deploy {

// "default-NAME[-SCOPE]"; agents' own bundles are "fleet-agent-bootstrap[-SCOPE]".
std::string set_id(std::string_view bundle_id,
                   std::string_view label_prefix,
                   std::string_view label_suffix);
api::StringMap set_labels(std::string_view set_id);
api::StringMap set_annotations(std::string_view set_id);

}  // namespace fleet::deploy
