// Child processes: an argument vector, a closed environment, never a shell.
//
// A child leads its own process group; when its Context ends or its owner goes, the whole group is
// killed. It inherits no file descriptors but its three pipes.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sys/context.h"
#include "sys/unique_fd.h"

namespace fleet::sys {

struct Command {
  std::vector<std::string> args{};           // args[0] is looked up in $PATH of this process
  std::map<std::string, std::string> env{};  // all of the child's environment
  std::string folder{};                      // its current folder; empty: ours
  std::string input{};                       // what it reads
  size_t max_output = size_t{64} << 20;      // more from either pipe: killed, RequestEntityTooLarge
};

struct Finished {
  int exit_code = 0;  // 128 + signal when a signal ended it, as shells say
  std::string output;
  std::string errors;
};

// Runs to the end. A failing exit code is not an error of `run`; NotFound when there is no such
// program, Timeout or Cancelled when the Context ended first (the group is then dead).
Result<Finished> run(const Context& ctx, const Command& command);

enum class Stream {
  Null,     // /dev/null
  Inherit,  // ours
  Pipe,     // a pipe whose other end the Child holds
};
struct Streams {
  Stream input = Stream::Null;
  Stream output = Stream::Inherit;
  Stream errors = Stream::Inherit;
};

// A child that runs beside us. Threads: one at a time.
class Child {
 public:
  // `command.input` is not used. With DieWithParent the kernel kills it when our thread that
  // started it ends, so start such children from the main thread.
  enum class Lifetime { Independent, DieWithParent };
  static Result<Child> start(const Command& command,
                             const Streams& streams = {},
                             Lifetime lifetime = Lifetime::Independent);
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();  // kills the group and waits for the child

  int pid() const { return pid_; }
  // The exit code, as in Finished. Cancelled or Timeout leaves it running.
  Result<int> wait(const Context& ctx);
  std::optional<int> exit_code();  // nothing while it runs
  void signal_group(int signal);
  // SIGTERM, then SIGKILL after `grace`.
  Result<int> terminate(const Context& ctx, Duration grace);

  UniqueFd input;   // we write
  UniqueFd output;  // we read
  UniqueFd errors;  // we read

 private:
  Child() = default;
  int pid_ = -1;
  UniqueFd pid_fd_;  // readable when the child has ended
  std::optional<int> exit_code_;
};

}  // namespace fleet::sys
