// How to log in to a registry: what its challenge asks for, and the token that answers it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "sys/context.h"
#include "wire/oci/registry.h"

namespace fleet::http {
class Client;
}

namespace fleet::oci {

// A WWW-Authenticate header: `Bearer realm="https://auth/token",service="s",scope="..."`.
struct Challenge {
  std::string scheme;  // lower case
  std::map<std::string, std::string> parameters;
};
std::optional<Challenge> parse_challenge(std::string_view header);

// The Authorization header's value that answers a challenge. Unauthorized when there is none.
Result<std::string> answer_challenge(const Context& ctx,
                                     http::Client& client,
                                     const Challenge& challenge,
                                     std::string_view scope,
                                     const RegistryOptions& options);

}  // namespace fleet::oci
