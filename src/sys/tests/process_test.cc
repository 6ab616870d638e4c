#include "sys/process.h"

#include <csignal>

#include <gtest/gtest.h>
#include <unistd.h>

#include "sys/signals.h"
#include "sys/thread.h"
#include "sys/wait_fd.h"

namespace fleet::sys {
namespace {

using std::chrono::seconds;

Command shell(const std::string& script) {
  return {.args = {"sh", "-c", script}};
}

TEST(Process, HasAClosedEnvironmentAndThreePipes) {
  Command command = shell("cat; echo \"$X-$HOME\"; echo oops >&2; pwd; exit 3");
  command.env = {{"X", "1"}};
  command.input = "in\n";
  command.folder = "/";
  const auto done = run(Context::background(), command);
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->exit_code, 3);
  EXPECT_EQ(done->output, "in\n1-\n/\n");
  EXPECT_EQ(done->errors, "oops\n");
}

TEST(Process, ArgumentsAreNotSeenByAShell) {
  const auto done = run(Context::background(), {.args = {"printf", "%s|", "a b", "$X", ";"}});
  EXPECT_EQ(done->output, "a b|$X|;|");
}

TEST(Process, LargeInputAndOutputDoNotBlockEachOther) {
  Command command{.args = {"cat"}};
  command.input = std::string(4 << 20, 'x');
  const auto done = run(Context::background(), command);
  EXPECT_EQ(done->output.size(), command.input.size());
}

TEST(Process, MissingProgramsAndFoldersAreErrors) {
  EXPECT_EQ(run(Context::background(), {.args = {"no-such-program"}}).error().code(),
            Code::NotFound);
  Command command = shell("true");
  command.folder = "/nowhere";
  EXPECT_EQ(run(Context::background(), command).error().code(), Code::NotFound);
}

TEST(Process, OutputIsLimited) {
  Command command = shell("yes");
  command.max_output = 1000;
  EXPECT_EQ(run(Context::background(), command).error().code(), Code::RequestEntityTooLarge);
}

TEST(Process, ADeadlineKillsTheWholeGroup) {
  // The grandchild holds the pipe: only its death ends the read.
  const Context ctx = Context::background().with_timeout(std::chrono::milliseconds{200});
  Command command = shell("(trap '' TERM; tail -f /dev/null) & echo $!; wait");
  const auto done = run(ctx, command);
  EXPECT_EQ(done.error().code(), Code::Timeout);
}

TEST(Process, ASignalIsAnExitCode) {
  EXPECT_EQ(run(Context::background(), shell("kill -9 $$"))->exit_code, 137);
}

TEST(Child, RunsBesideUsAndIsTerminated) {
  Child child = Child::start({.args = {"tail", "-f", "/dev/null"}}).value();
  EXPECT_FALSE(child.exit_code().has_value());
  EXPECT_EQ(*child.terminate(Context::background(), seconds{30}), 128 + SIGTERM);
  EXPECT_EQ(child.exit_code(), 128 + SIGTERM);
}

TEST(Child, IsKilledWhenItsOwnerGoes) {
  int pid = 0;
  {
    Child child = Child::start({.args = {"tail", "-f", "/dev/null"}}).value();
    pid = child.pid();
    EXPECT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST(Child, ItsPipesAreOurs) {
  Child child =
      Child::start({.args = {"head", "-n1"}}, {Stream::Pipe, Stream::Pipe, Stream::Null}).value();
  ASSERT_EQ(::write(child.input.get(), "hi\n", 3), 3);
  ASSERT_TRUE(wait_fd(Context::background(), child.output.get(), Ready::Read).ok());
  char buffer[16];
  EXPECT_EQ(::read(child.output.get(), buffer, sizeof buffer), 3);
  EXPECT_EQ(*child.wait(Context::background()), 0);
}

TEST(WaitFd, EndsWithTheContext) {
  WakeFd quiet = WakeFd::make().value();
  StopScope scope(Context::background());
  Thread stopper("stopper", [&](std::stop_token) { scope.stop(); });
  EXPECT_EQ(wait_fd(scope.context(), quiet.fd(), Ready::Read).error().code(), Code::Cancelled);
  quiet.set();
  EXPECT_TRUE(wait_fd(Context::background(), quiet.fd(), Ready::Read).ok());
}

TEST(Signals, AreReadInOrder) {
  Signals signals = Signals::block({SIGUSR1}).value();
  ASSERT_EQ(::kill(::getpid(), SIGUSR1), 0);
  EXPECT_EQ(*signals.wait(Context::background()), SIGUSR1);
  StopScope scope(Context::background());
  scope.stop();
  EXPECT_EQ(signals.wait(scope.context()).error().code(), Code::Cancelled);
}

}  // namespace
}  // namespace fleet::sys
