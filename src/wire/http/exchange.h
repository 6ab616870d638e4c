// One request and its answer, between the loop that owns the socket and the threads that answer.
//
// Threads: `answer`, `start`, `offer`, `write`, `finish`, `cut_off`, `on_close` from any; `take`,
// `leave` on the loop's.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "sys/guarded.h"
#include "wire/http/server.h"

namespace fleet::http {

struct AnswerHead {
  int status = 0;
  Headers headers;
  std::optional<size_t> length;  // nothing: a stream
};

struct Exchange : std::enable_shared_from_this<Exchange> {
  // `wake_loop` makes the loop call `take` soon; `max_buffer` is in bytes.
  Exchange(std::function<void()> wake, size_t max_buffer_bytes, size_t gzip_from_bytes);

  static Responder responder(const std::shared_ptr<Exchange>& exchange);

  // The answerers' side.
  bool answer(Response response);  // false when there was an answer already
  bool start(int status, Headers headers);
  bool offer(Chunk chunk);
  Result<> write(const Context& ctx, std::string bytes, size_t low);
  void finish();
  void cut_off();
  void on_close(std::function<void()> closed);
  bool answered() const;
  bool closed() const;
  size_t buffered() const;

  // The loop's side.
  struct Taken {
    std::optional<AnswerHead> head;  // the first time
    std::deque<Chunk> chunks;
    bool end = false;
    bool cut = false;
  };
  // What there is to send, at most about `max_bytes` (at least one chunk).
  Taken take(size_t max_bytes);
  // The socket or the stream is gone, or all is sent: nothing more will be taken.
  void leave();

  std::stop_source cancel;    // stopped by `leave`
  bool accepts_gzip = false;  // set before the handler runs

 private:
  struct State {
    std::optional<AnswerHead> head;
    bool answered = false;
    std::deque<Chunk> out;
    size_t buffered = 0;
    bool finished = false;
    bool cut = false;
    bool gone = false;
    bool waking = false;  // the loop is told already
    int writers = 0;      // that wait for room
    std::vector<std::function<void()>> on_close;
  };
  // Calls `change` under the lock, then tells the loop if it returned true and must be told.
  template <typename Change>
  bool change_and_wake(Change change);

  const std::function<void()> wake_loop_;
  const size_t max_buffer_;
  const size_t gzip_from_;
  Guarded<State> state_;
};

}  // namespace fleet::http
