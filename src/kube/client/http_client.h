// The Client of a remote API server: JSON over HTTP/2 (or 1.1), many watches on one connection.
//
// Answers 429 and 503 with Retry-After are tried again, at most 10 times and never past the
// Context. A token file is read again when it changes.
// Threads: as Client.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "kube/client/client.h"
#include "kube/client/kubeconfig.h"

namespace fleet::kube {

struct HttpClientOptions {
  std::string user_agent = "fleet";
  // For requests other than watches, when the Context has no earlier deadline.
  Duration request_timeout = std::chrono::seconds{60};
};

// Invalid for bad certificates or a bad address. Does not connect yet.
Result<std::unique_ptr<Client>> make_http_client(const Access& access,
                                                 const HttpClientOptions& options = {});

}  // namespace fleet::kube
