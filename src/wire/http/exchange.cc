#include "wire/http/exchange.h"

#include <utility>

#include "base/strings.h"
#include "codec/gzip.h"

namespace fleet::http {

// The last handle answers for those who did not.
struct ResponderOwner {
  explicit ResponderOwner(std::shared_ptr<Exchange> owned)
      : exchange(std::move(owned)) {}
  ResponderOwner(const ResponderOwner&) = delete;
  ResponderOwner& operator=(const ResponderOwner&) = delete;
  ~ResponderOwner() {
    if (exchange->answered()) return;
    exchange->answer({.status = 500, .body = "no answer\n"});
  }
  std::shared_ptr<Exchange> exchange;
};

struct StreamOwner {
  explicit StreamOwner(std::shared_ptr<Exchange> owned)
      : exchange(std::move(owned)) {}
  StreamOwner(const StreamOwner&) = delete;
  StreamOwner& operator=(const StreamOwner&) = delete;
  ~StreamOwner() { exchange->cut_off(); }
  std::shared_ptr<Exchange> exchange;
};

Exchange::Exchange(std::function<void()> wake, size_t max_buffer_bytes, size_t gzip_from_bytes)
    : wake_loop_(std::move(wake)),
      max_buffer_(max_buffer_bytes),
      gzip_from_(gzip_from_bytes) {}

Responder Exchange::responder(const std::shared_ptr<Exchange>& exchange) {
  return Responder(exchange);
}

template <typename Change>
bool Exchange::change_and_wake(Change change) {
  struct Outcome {
    bool changed;
    bool wake;
  };
  const Outcome outcome = state_.with([&](State& state) {
    if (state.gone || !change(state)) return Outcome{false, false};
    return Outcome{true, !std::exchange(state.waking, true)};
  });
  if (outcome.wake) wake_loop_();
  return outcome.changed;
}

bool Exchange::answer(Response response) {
  if (accepts_gzip && response.body.size() >= gzip_from_ &&
      response.headers.find("content-encoding") == nullptr) {
    response.body = codec::gzip(response.body, codec::kGzipFast);
    response.headers.set("content-encoding", "gzip");
    response.headers.add("vary", "Accept-Encoding");
  }
  const size_t size = response.body.size();
  Chunk chunk = size == 0 ? nullptr : std::make_shared<const std::string>(std::move(response.body));
  return change_and_wake([&](State& state) {
    if (std::exchange(state.answered, true)) return false;
    state.head = AnswerHead{response.status, std::move(response.headers), size};
    if (chunk) state.out.push_back(std::move(chunk));
    state.buffered = size;
    state.finished = true;
    return true;
  });
}

bool Exchange::start(int status, Headers headers) {
  return change_and_wake([&](State& state) {
    if (std::exchange(state.answered, true)) return false;
    state.head = AnswerHead{status, std::move(headers), std::nullopt};
    return true;
  });
}

bool Exchange::offer(Chunk chunk) {
  bool full = false;
  const bool taken = change_and_wake([&](State& state) {
    if (state.finished || state.cut) return false;
    full = state.buffered + chunk->size() > max_buffer_;
    if (full) {
      state.cut = true;
      state.out.clear();
      state.buffered = 0;
      return true;
    }
    if (chunk->empty()) return true;
    state.buffered += chunk->size();
    state.out.push_back(std::move(chunk));
    return true;
  });
  return taken && !full;
}

Result<> Exchange::write(const Context& ctx, std::string bytes, size_t low) {
  state_.with([](State& state) { ++state.writers; });
  const Result<> room = state_.wait(
      ctx, [&](const State& s) { return s.gone || s.cut || s.buffered <= low; }, [](State&) {});
  state_.with([](State& state) { --state.writers; });
  if (!room.ok()) return room;
  if (!offer(std::make_shared<const std::string>(std::move(bytes)))) {
    return Error{Code::Cancelled, "the peer is gone"};
  }
  return {};
}

void Exchange::finish() {
  change_and_wake([](State& state) { return !std::exchange(state.finished, true); });
}

void Exchange::cut_off() {
  change_and_wake([](State& state) {
    if (state.finished || state.cut) return false;
    state.cut = true;
    return true;
  });
}

void Exchange::on_close(std::function<void()> closed) {
  const bool gone = state_.with([&](State& state) {
    if (!state.gone) state.on_close.push_back(std::move(closed));
    return state.gone;
  });
  if (gone) closed();
}

bool Exchange::answered() const {
  return state_.with([](const State& state) { return state.answered; });
}
bool Exchange::closed() const {
  return state_.with([](const State& s) { return s.gone || s.cut || s.finished; });
}
size_t Exchange::buffered() const {
  return state_.with([](const State& state) { return state.buffered; });
}

Exchange::Taken Exchange::take(size_t max_bytes) {
  bool notify = false;
  Taken taken = state_.with([&](State& state) {
    Taken out;
    state.waking = false;
    out.head = std::exchange(state.head, std::nullopt);
    size_t bytes = 0;
    while (!state.out.empty() && bytes < max_bytes) {
      bytes += state.out.front()->size();
      out.chunks.push_back(std::move(state.out.front()));
      state.out.pop_front();
    }
    state.buffered -= bytes;
    out.end = state.finished && state.out.empty();
    out.cut = state.cut;
    notify = state.writers > 0;
    return out;
  });
  if (notify) state_.notify_all();
  return taken;
}

void Exchange::leave() {
  auto callbacks = state_.with([](State& state) {
    if (std::exchange(state.gone, true)) return std::vector<std::function<void()>>();
    state.out.clear();
    state.buffered = 0;
    return std::exchange(state.on_close, {});
  });
  state_.notify_all();
  cancel.request_stop();
  for (const auto& closed : callbacks)
    closed();
}

Responder::Responder(std::shared_ptr<Exchange> exchange)
    : owner_(std::make_shared<ResponderOwner>(std::move(exchange))) {}

void Responder::send(Response response) {
  owner_->exchange->answer(std::move(response));
}

BodyStream Responder::stream(int status, Headers headers) {
  owner_->exchange->start(status, std::move(headers));
  return BodyStream(owner_->exchange);
}

bool Responder::answered() const {
  return owner_->exchange->answered();
}

BodyStream::BodyStream(std::shared_ptr<Exchange> exchange)
    : owner_(std::make_shared<StreamOwner>(std::move(exchange))) {}

bool BodyStream::offer(Chunk chunk) {
  return owner_->exchange->offer(std::move(chunk));
}
Result<> BodyStream::write(const Context& ctx, std::string bytes, size_t low) {
  return owner_->exchange->write(ctx, std::move(bytes), low);
}
void BodyStream::finish() {
  owner_->exchange->finish();
}
void BodyStream::cut_off() {
  owner_->exchange->cut_off();
}
bool BodyStream::closed() const {
  return owner_->exchange->closed();
}
size_t BodyStream::buffered() const {
  return owner_->exchange->buffered();
}
void BodyStream::on_close(std::function<void()> closed) {
  owner_->exchange->on_close(std::move(closed));
}

}  // namespace fleet::http
