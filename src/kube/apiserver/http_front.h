// Between sockets and the front desk: HTTP requests in, answers, lists in pieces and watches out.
#pragma once

#include <string>
#include <vector>

#include "kube/apiserver/handle.h"
#include "kube/apiserver/watch_sender.h"
#include "wire/http/server.h"

namespace fleet::kube::apiserver {

Request from_http(const http::Request& request);

class HttpFront {
 public:
  struct Mount {
    std::string prefix;
    http::Handler handler;
  };

  HttpFront(const Handler& handler, WatchSender& sender, std::vector<Mount> mounts)
      : handler_(handler),
        sender_(sender),
        mounts_(std::move(mounts)) {}

  void answer(const Context& ctx, const http::Request& request, http::Responder responder) const;
  // Never refused for a full queue: health checks and leases.
  static bool is_exempt(const http::Request& request);

 private:
  const Handler& handler_;
  WatchSender& sender_;
  std::vector<Mount> mounts_;
};

}  // namespace fleet::kube::apiserver
