#include "sys/thread.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <thread>
#include <utility>

#include <pthread.h>
#include <sched.h>

namespace fleet::sys {

struct Thread::State {
  std::jthread thread;
};

namespace {

void run_named(const std::string& name, const Thread::Body& body, const std::stop_token& stop) {
  pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
  try {
    body(stop);
  } catch (const std::exception& thrown) {
    std::fprintf(stderr, "thread %s: uncaught exception: %s\n", name.c_str(), thrown.what());
    std::abort();
  }
}

}  // namespace

Thread::Thread() = default;
Thread::Thread(Thread&&) noexcept = default;
Thread::~Thread() = default;

Thread& Thread::operator=(Thread&& other) noexcept {
  state_ = std::move(other.state_);  // the old one is stopped and joined here
  return *this;
}

Thread::Thread(std::string name, Body body)
    : state_(std::make_unique<State>()) {
  state_->thread = std::jthread([name = std::move(name), body = std::move(body)](
                                    const std::stop_token& stop) { run_named(name, body, stop); });
}

void Thread::request_stop() {
  if (state_) state_->thread.request_stop();
}

void Thread::join() {
  if (joinable()) state_->thread.join();
}

bool Thread::joinable() const {
  return state_ && state_->thread.joinable();
}

int processor_count() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return std::max(1, CPU_COUNT(&set));
}

}  // namespace fleet::sys
