// Thread: a named thread that is told to stop and joined when its owner goes.
//
// Its name (at most 15 bytes are shown) stands in debuggers and in `ps -L`. An exception that
// leaves the body is reported and aborts the program.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace fleet::sys {

class Thread {
 public:
  using Body = std::function<void(std::stop_token)>;

  Thread();  // no thread
  Thread(std::string name, Body body);
  Thread(Thread&&) noexcept;
  Thread& operator=(Thread&&) noexcept;
  ~Thread();  // asks to stop and joins

  void request_stop();
  void join();  // does not ask to stop
  bool joinable() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Number of processors this process may use; at least 1.
int processor_count();

}  // namespace fleet::sys

namespace fleet {
using sys::Thread;
}  // namespace fleet
