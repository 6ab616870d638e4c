#include "wire/http/client_call.h"

#include <utility>

#include "base/strings.h"

namespace fleet::http {

Result<> BodyReader::State::wait_head(const Context& ctx) {
  Result<Result<>> head = progress_.wait(
      ctx,
      [](const Progress& p) { return p.head || p.error; },
      [this](Progress& p) -> Result<> {
        again = p.again;
        if (!p.head) return *p.error;
        status = p.status;
        answer_headers = p.headers;
        return {};
      });
  if (!head.ok()) return std::move(head).error();
  return std::move(head).value();
}

Result<std::optional<std::string>> BodyReader::State::read(const Context& ctx) {
  struct Got {
    std::optional<std::string> bytes;
    std::optional<Error> error;
    std::function<void(size_t)> consumed;
  };
  Got got = TRY(progress_.wait(
      ctx,
      [](const Progress& p) { return !p.data.empty() || p.ended || p.error; },
      [](Progress& p) {
        Got out;
        if (!p.data.empty()) {
          out.bytes = std::exchange(p.data, {});
          out.consumed = p.hooks.consumed;
        } else if (!p.ended) {
          out.error = p.error;
        }
        return out;
      }));
  if (got.error) return *got.error;
  if (got.consumed) got.consumed(got.bytes->size());
  return std::move(got.bytes);
}

void BodyReader::State::abandon() {
  struct Left {
    Hooks hooks;
    size_t unread = 0;
    bool over = false;
  };
  auto left = progress_.with([](Progress& p) {
    p.abandoned = true;
    return Left{std::exchange(p.hooks, {}), std::exchange(p.data, {}).size(), p.ended || p.error};
  });
  // What nobody will read is given back, or the connection's window would shrink for good.
  if (left.unread > 0 && left.hooks.consumed) left.hooks.consumed(left.unread);
  if (!left.over && left.hooks.abandoned) left.hooks.abandoned();
}

void BodyReader::State::loop_head(int head_status, Headers head) {
  progress_.with([&](Progress& p) {
    p.head = true;
    p.status = head_status;
    p.headers = std::move(head);
  });
  progress_.notify_all();
}

size_t BodyReader::State::loop_data(std::string_view bytes) {
  const size_t held = progress_.with([&](Progress& p) {
    if (!p.abandoned) p.data += bytes;
    return p.data.size();
  });
  progress_.notify_all();
  return held;
}

void BodyReader::State::loop_end() {
  // The rest may still be read, and is then given back to the connection's window.
  progress_.with([](Progress& p) {
    p.ended = true;
    return std::exchange(p.hooks.abandoned, {});
  });
  progress_.notify_all();
}

void BodyReader::State::loop_fail(Error error, Again may_repeat) {
  progress_.with([&](Progress& p) {
    if (!p.ended && !p.error) {
      p.error = std::move(error);
      p.again = p.head ? Again::No : may_repeat;
    }
    return std::exchange(p.hooks.abandoned, {});
  });
  progress_.notify_all();
}

bool BodyReader::State::loop_has_head() const {
  return progress_.with([](const Progress& p) { return p.head; });
}

void BodyReader::State::set_hooks(Hooks hooks) {
  auto run_now = progress_.with([&](Progress& p) {
    if (p.abandoned) return std::move(hooks.abandoned);
    p.hooks = std::move(hooks);
    return std::function<void()>();
  });
  if (run_now) run_now();
}

BodyReader::BodyReader(std::shared_ptr<State> state)
    : state_(std::move(state)) {}
BodyReader::BodyReader(BodyReader&&) noexcept = default;

BodyReader& BodyReader::operator=(BodyReader&& other) noexcept {
  if (state_ && state_ != other.state_) state_->abandon();
  state_ = std::move(other.state_);
  return *this;
}

BodyReader::~BodyReader() {
  if (state_) state_->abandon();
}

int BodyReader::status() const {
  return state_->status;
}
const Headers& BodyReader::headers() const {
  return state_->answer_headers;
}

Result<std::optional<std::string>> BodyReader::read(const Context& ctx) {
  return state_->read(ctx);
}

Result<std::string> BodyReader::read_all(const Context& ctx, size_t max_bytes) {
  std::string all;
  while (true) {
    std::optional<std::string> piece = TRY(state_->read(ctx));
    if (!piece) return all;
    if (all.size() + piece->size() > max_bytes) {
      return Error{Code::RequestEntityTooLarge, cat("answer is larger than ", max_bytes, " bytes")};
    }
    if (all.empty()) {
      all = std::move(*piece);
    } else {
      all += *piece;
    }
  }
}

}  // namespace fleet::http
