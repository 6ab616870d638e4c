// One request of a client and its answer, between the caller and the loop that owns the socket.
//
// Threads: the `loop_*` functions on the loop's, the rest on the caller's.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sys/guarded.h"
#include "wire/http/client.h"

namespace fleet::http {

// Whether a failed call may be sent again: never, if that changes nothing, or in any case because
// the peer has not begun with it.
enum class Again { No, IfIdempotent, Yes };

struct BodyReader::State {
  // What to send; not changed once a connection has it.
  std::string method;
  std::string target;  // path and query, or the whole URL for a proxy
  std::string scheme;
  std::string authority;
  Headers headers;
  std::string body;
  std::string final_url;  // for messages and redirects

  // The caller's side.
  Result<> wait_head(const Context& ctx);
  Result<std::optional<std::string>> read(const Context& ctx);
  void abandon();
  int status = 0;  // both set by wait_head
  Headers answer_headers;
  Again again = Again::No;

  // The loop's side.
  void loop_head(int head_status, Headers head);
  // The number of bytes that the caller has not yet taken.
  size_t loop_data(std::string_view bytes);
  void loop_end();
  void loop_fail(Error error, Again may_repeat);
  bool loop_has_head() const;

  // Set by the connection when it takes the call. Called on the caller's thread; they post.
  struct Hooks {
    std::function<void(size_t bytes)> consumed;
    std::function<void()> abandoned;
  };
  void set_hooks(Hooks hooks);

 private:
  struct Progress {
    bool head = false;
    int status = 0;
    Headers headers;
    std::string data;
    bool ended = false;
    bool abandoned = false;
    std::optional<Error> error;
    Again again = Again::No;
    Hooks hooks;
  };
  Guarded<Progress> progress_;
};

using CallPtr = std::shared_ptr<BodyReader::State>;

}  // namespace fleet::http
