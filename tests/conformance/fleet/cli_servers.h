// The servers that cases of fleet-cli need: an API server with objects, a plain file server.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "kube/apiserver/server.h"
#include "sys/context.h"
#include "wire/http/server.h"

namespace fleet::conformance {

// Fleet's kinds, and the objects of a folder's YAML files in order of their names, with status.
Result<std::unique_ptr<kube::ApiServer>> serve_objects(const Context& ctx,
                                                       const std::string& folder);

// A folder's files over HTTP. `authorization` is what the header must say; empty: anybody.
Result<std::unique_ptr<http::Server>> serve_files(const Context& ctx,
                                                  const std::string& folder,
                                                  int port,
                                                  const std::string& authorization);

}  // namespace fleet::conformance
