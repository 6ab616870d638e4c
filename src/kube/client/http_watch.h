// A watch over HTTP: one JSON document a line, for as long as the server sends.
#pragma once

#include <memory>
#include <optional>

#include "kube/client/client.h"

namespace fleet::http {
class BodyReader;
}

namespace fleet::kube {

// `gvk`: what objects are called instead of PartialObjectMetadata.
std::unique_ptr<Watch> make_http_watch(http::BodyReader&& reader,
                                       std::optional<GroupVersionKind> gvk);

}  // namespace fleet::kube
