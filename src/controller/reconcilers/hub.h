// Where agents reach this hub, and its own namespaces.
#pragma once

#include <string>

namespace fleet::controller {

struct Hub {
  std::string api_server_url;
  std::string api_server_ca;  // PEM
  std::string system_namespace = "cattle-fleet-system";
  std::string registration_namespace = "cattle-fleet-clusters-system";
};

}  // namespace fleet::controller
