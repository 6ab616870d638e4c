// How this module holds OpenSSL's contexts. Not for others.
#pragma once

#include <memory>

#include "wire/tls/context.h"

struct ssl_ctx_st;

namespace fleet::tls {

struct SslContextFree {
  void operator()(ssl_ctx_st* context) const;
};
using SslContextPtr = std::unique_ptr<ssl_ctx_st, SslContextFree>;

struct ServerContextState {
  SslContextPtr ssl{};
  bool http2 = true;
};

struct ClientContextState {
  SslContextPtr ssl{};
  bool verify = true;
};

}  // namespace fleet::tls
