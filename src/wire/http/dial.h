// From a URL to an open connection: proxy, TCP, TLS. Blocks.
#pragma once

#include "base/result.h"
#include "sys/context.h"
#include "wire/http/client.h"
#include "wire/tls/channel.h"

namespace fleet::http {

struct DialPlan {
  Url url;
  std::string proxy;        // its URL, or empty
  std::string server_name;  // for SNI and verification
  std::shared_ptr<const tls::ClientContext> tls;
};
Result<tls::Channel> dial(const Context& ctx, const DialPlan& plan);

}  // namespace fleet::http
