#include "sys/process.h"

#include <algorithm>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/strings.h"
#include "sys/environment.h"
#include "sys/wait_fd.h"

namespace fleet::sys {
namespace {

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

Result<Pipe> make_pipe() {
  int fds[2];
  if (::pipe2(fds, O_CLOEXEC) != 0) return system_error(errno, "make a pipe");
  return Pipe{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

Result<std::string> find_program(const std::string& name) {
  if (contains(name, "/")) return name;
  const std::string path = env("PATH").value_or("/usr/local/bin:/usr/bin:/bin");
  for (const std::string_view folder : split(path, ':')) {
    std::string candidate = cat(folder.empty() ? "." : folder, "/", name);
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return Error{Code::NotFound, cat("program ", name, ": not found in $PATH")};
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (std::string& text : texts)
    out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

// All that the child needs between fork and exec, where it may not allocate.
struct Launch {
  const char* program;
  char* const* args;
  char* const* env;
  const char* folder;  // or null
  int fds[3];          // become 0, 1, 2; -1: /dev/null; -2: inherit
  int report;          // the errno of a failure goes here
  int parent;          // pid to die with, or 0
};

[[noreturn]] void child_fails(const Launch& launch) {
  const int error = errno;
  [[maybe_unused]] const ssize_t n = ::write(launch.report, &error, sizeof error);
  ::_exit(127);
}

[[noreturn]] void run_child(const Launch& launch) {
  ::setpgid(0, 0);
  if (launch.parent != 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != launch.parent) ::_exit(127);
  }
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  for (int i = 0; i < 3; ++i) {
    int fd = launch.fds[i];
    if (fd == -2) continue;
    if (fd == -1) fd = ::open("/dev/null", i == 0 ? O_RDONLY : O_WRONLY);
    if (fd < 0 || ::dup2(fd, i) < 0) child_fails(launch);
    if (fd == i) ::fcntl(fd, F_SETFD, 0);
  }
  // Whatever descriptor somebody forgot to mark stays out; the report pipe closes itself on exec.
  ::syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */);
  if (launch.folder != nullptr && ::chdir(launch.folder) != 0) child_fails(launch);
  ::execve(launch.program, launch.args, launch.env);
  child_fails(launch);
}

int wait_status_code(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

struct Started {
  int pid;
  UniqueFd pid_fd;
};

// `fds` as in Launch; the caller's copies of the child's ends stay the caller's to close.
Result<Started> launch(const Command& command, const int (&fds)[3], bool die_with_parent) {
  CHECK(!command.args.empty());
  const std::string program = TRY(find_program(command.args[0]));
  std::vector<std::string> args = command.args;
  std::vector<std::string> env;
  env.reserve(command.env.size());
  for (const auto& [name, value] : command.env)
    env.push_back(name + "=" + value);
  const std::vector<char*> arg_pointers = pointers(args);
  const std::vector<char*> env_pointers = pointers(env);
  Pipe report = TRY(make_pipe());
  const Launch plan{program.c_str(),
                    arg_pointers.data(),
                    env_pointers.data(),
                    command.folder.empty() ? nullptr : command.folder.c_str(),
                    {fds[0], fds[1], fds[2]},
                    report.write.get(),
                    die_with_parent ? ::getpid() : 0};
  const pid_t pid = ::fork();
  if (pid < 0) return system_error(errno, cat("start ", command.args[0]));
  if (pid == 0) run_child(plan);
  ::setpgid(pid, pid);  // also here: whoever is first
  UniqueFd pid_fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U)));
  report.write.reset();
  int error = 0;
  ssize_t n = 0;
  do {
    n = ::read(report.read.get(), &error, sizeof error);
  } while (n < 0 && errno == EINTR);
  if (n == static_cast<ssize_t>(sizeof error)) {
    ::waitpid(pid, nullptr, 0);
    return system_error(error, cat("start ", command.args[0]));
  }
  return Started{pid, std::move(pid_fd)};
}

void set_nonblocking(const UniqueFd& fd) {
  ::fcntl(fd.get(), F_SETFL, O_NONBLOCK);
}

// Moves bytes between us and the child's three pipes until both outputs are closed.
class Pump {
 public:
  Pump(Child& child, const Command& command)
      : child_(child),
        command_(command) {
    set_nonblocking(child.input);
    set_nonblocking(child.output);
    set_nonblocking(child.errors);
    if (command.input.empty()) child.input.reset();
  }

  Result<> run(const Context& ctx, Finished& result) {
    WakeFd wake = TRY(WakeFd::make());
    std::stop_callback on_stop(ctx.stop(), [&wake] { wake.set(); });
    while (child_.output.valid() || child_.errors.valid()) {
      TRY(ctx.check());
      pollfd fds[4] = {{child_.input.get(), POLLOUT, 0},
                       {child_.output.get(), POLLIN, 0},
                       {child_.errors.get(), POLLIN, 0},
                       {wake.fd(), POLLIN, 0}};
      if (::poll(fds, 4, poll_ms(ctx)) < 0 && errno != EINTR) return system_error(errno, "poll");
      if (fds[0].revents != 0) feed();
      if (fds[1].revents != 0) TRY(drain(child_.output, result.output));
      if (fds[2].revents != 0) TRY(drain(child_.errors, result.errors));
    }
    return {};
  }

 private:
  static int poll_ms(const Context& ctx) {
    if (!ctx.deadline()) return -1;
    const auto left = ctx.clock().wake_time(*ctx.deadline()) - std::chrono::steady_clock::now();
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    return static_cast<int>(std::clamp<int64_t>(ms, 0, 1 << 30));
  }

  void feed() {
    const std::string_view rest = std::string_view(command_.input).substr(sent_);
    const ssize_t n = ::write(child_.input.get(), rest.data(), rest.size());
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n > 0) sent_ += static_cast<size_t>(n);
    if (n < 0 || sent_ == command_.input.size()) child_.input.reset();
  }

  Result<> drain(UniqueFd& fd, std::string& into) {
    char buffer[65536];
    const ssize_t n = ::read(fd.get(), buffer, sizeof buffer);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return {};
    if (n <= 0) {
      fd.reset();
      return {};
    }
    into.append(buffer, static_cast<size_t>(n));
    if (into.size() <= command_.max_output) return {};
    return Error{Code::RequestEntityTooLarge,
                 cat(command_.args[0], ": wrote more than ", command_.max_output, " bytes")};
  }

  Child& child_;
  const Command& command_;
  size_t sent_ = 0;
};

}  // namespace

Result<Finished> run(const Context& ctx, const Command& command) {
  TRY(ctx.check());
  Child child = TRY(Child::start(command, {Stream::Pipe, Stream::Pipe, Stream::Pipe}));
  Finished result;
  Pump pump(child, command);
  TRY(pump.run(ctx, result).within(command.args[0]));
  result.exit_code = TRY(child.wait(ctx).within(command.args[0]));
  return result;
}

Result<Child> Child::start(const Command& command, const Streams& streams, Lifetime lifetime) {
  Child child;
  int fds[3] = {-1, -1, -1};
  UniqueFd theirs[3];
  const Stream wanted[3] = {streams.input, streams.output, streams.errors};
  UniqueFd* ours[3] = {&child.input, &child.output, &child.errors};
  for (int i = 0; i < 3; ++i) {
    if (wanted[i] == Stream::Inherit) fds[i] = -2;
    if (wanted[i] != Stream::Pipe) continue;
    Pipe pipe = TRY(make_pipe());
    theirs[i] = std::move(i == 0 ? pipe.read : pipe.write);
    *ours[i] = std::move(i == 0 ? pipe.write : pipe.read);
    fds[i] = theirs[i].get();
  }
  Started started = TRY(launch(command, fds, lifetime == Lifetime::DieWithParent));
  child.pid_ = started.pid;
  child.pid_fd_ = std::move(started.pid_fd);
  return child;
}

Child::Child(Child&& other) noexcept
    : input(std::move(other.input)),
      output(std::move(other.output)),
      errors(std::move(other.errors)),
      pid_(std::exchange(other.pid_, -1)),
      pid_fd_(std::move(other.pid_fd_)),
      exit_code_(other.exit_code_) {}

Child& Child::operator=(Child&& other) noexcept {
  std::swap(input, other.input);
  std::swap(output, other.output);
  std::swap(errors, other.errors);
  std::swap(pid_, other.pid_);
  std::swap(pid_fd_, other.pid_fd_);
  std::swap(exit_code_, other.exit_code_);
  return *this;
}

Child::~Child() {
  if (pid_ < 0) return;
  // Also when the leader has ended: what it started may still run.
  ::kill(-pid_, SIGKILL);
  if (!exit_code_) ::waitpid(pid_, nullptr, 0);
}

std::optional<int> Child::exit_code() {
  int status = 0;
  if (!exit_code_ && pid_ > 0 && ::waitpid(pid_, &status, WNOHANG) == pid_) {
    exit_code_ = wait_status_code(status);
  }
  return exit_code_;
}

Result<int> Child::wait(const Context& ctx) {
  while (!exit_code())
    TRY(wait_fd(ctx, pid_fd_.get(), Ready::Read));
  return *exit_code_;
}

void Child::signal_group(int signal) {
  if (pid_ > 0) ::kill(-pid_, signal);
}

Result<int> Child::terminate(const Context& ctx, Duration grace) {
  signal_group(SIGTERM);
  Result<int> code = wait(ctx.with_timeout(grace));
  if (code.ok()) return code;
  signal_group(SIGKILL);
  return wait(ctx);
}

}  // namespace fleet::sys
