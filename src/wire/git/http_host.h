// HttpHost: bare repositories of a folder, served over smart HTTP, for demos and tests.
//
// Requests go to the installed `git http-backend`, one child a request. Plain HTTP; with a user and
// password, others are answered 401. Pushes are accepted from whoever may read: never offer it to
// strangers.
// Threads: as http::Server.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "base/secret.h"
#include "sys/context.h"

namespace fleet::http {
class Server;
}

namespace fleet::git {

struct HttpHostOptions {
  std::string folder;  // holds NAME.git or NAME folders
  std::string address = "127.0.0.1";
  int port = 0;        // 0: any free one
  std::string user{};  // empty: no login
  Secret<> password{};
};

class HttpHost {
 public:
  static Result<std::unique_ptr<HttpHost>> start(const Context& ctx, HttpHostOptions options);
  ~HttpHost();

  std::string url(const std::string& repository) const;  // "http://127.0.0.1:4711/sample"
  int port() const;

 private:
  explicit HttpHost(std::unique_ptr<http::Server> server);
  std::unique_ptr<http::Server> server_;
};

}  // namespace fleet::git
