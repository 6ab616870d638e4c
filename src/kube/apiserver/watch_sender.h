// Sends the events of all HTTP watches from one thread: a watch costs a socket and a cursor.
//
// A watch ends when its time is over, when its client goes, and when its client reads so slowly
// that the stream's buffer is full; then the client resumes from the revision that it has seen.
// Threads: all functions from any thread.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <set>

#include "kube/apiserver/event_encoder.h"
#include "sys/thread.h"
#include "wire/http/server.h"

namespace fleet::kube::apiserver {

class WatchSender {
 public:
  explicit WatchSender(const Clock& clock);
  ~WatchSender();  // ends all watches

  void add(std::shared_ptr<EventSource> source, http::BodyStream stream);
  size_t watches() const;
  void stop();

 private:
  struct Session;
  using SessionPtr = std::shared_ptr<Session>;
  struct Queue {
    std::deque<SessionPtr> ready;
    std::set<SessionPtr> all;
    uint64_t added = 0;
  };

  void run(std::stop_token stop);
  void mark_ready(const SessionPtr& session);
  void drop(const SessionPtr& session);
  // False when the session is over. `more`: there may be more to send.
  bool send(Session& session, bool& more);
  bool offer(Session& session, const SourceEvent& event);
  void tick();

  const Clock& clock_;
  EventEncoder encoder_;
  std::shared_ptr<Guarded<Queue>> queue_;
  Thread thread_;
};

}  // namespace fleet::kube::apiserver
