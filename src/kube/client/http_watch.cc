#include "kube/client/http_watch.h"

#include "base/strings.h"
#include "data/json/parse.h"
#include "kube/meta/status.h"
#include "wire/http/client.h"

namespace fleet::kube {
namespace {

constexpr size_t kMaxEventBytes = size_t{64} << 20;

class HttpWatch final : public Watch {
 public:
  HttpWatch(http::BodyReader reader, std::optional<GroupVersionKind> gvk)
      : reader_(std::move(reader)),
        gvk_(std::move(gvk)) {}

  Result<std::optional<WatchEvent>> next(const Context& ctx) override {
    while (true) {
      const size_t end = held_.find('\n', scanned_);
      if (end != std::string::npos) {
        const std::string_view line = std::string_view(held_).substr(taken_, end - taken_);
        taken_ = scanned_ = end + 1;
        if (trim(line).empty()) continue;
        return event_of(line);
      }
      held_.erase(0, taken_);
      taken_ = 0;
      scanned_ = held_.size();
      if (held_.size() > kMaxEventBytes) {
        return Error{Code::RequestEntityTooLarge, "watch: an event is too large"};
      }
      std::optional<std::string> piece = TRY(reader_.read(ctx).within("watch"));
      if (!piece) return std::optional<WatchEvent>();
      held_ += *piece;
    }
  }

 private:
  Result<std::optional<WatchEvent>> event_of(std::string_view line) const {
    data::Value document = TRY(json::parse(line).within("watch"));
    const std::string_view type = document["type"].as_string();
    if (type == "ERROR") {
      Error error = Status::from_value(document["object"]).to_error();
      // A server may call the same thing by either name.
      if (error.code() == Code::Gone) return Error{Code::Expired, error.message()};
      return error;
    }
    const auto known = parse_watch_event_type(type);
    if (!known)
      return Error{Code::InternalError, cat("watch: event of unknown type ", quote(type))};
    WatchEvent event{*known, Object(document["object"])};
    if (gvk_) event.object.set_gvk(*gvk_);
    return std::optional<WatchEvent>(std::move(event));
  }

  http::BodyReader reader_;
  const std::optional<GroupVersionKind> gvk_;
  std::string held_;  // bytes read; those before taken_ have been given out
  size_t taken_ = 0;
  size_t scanned_ = 0;  // no line end before this
};

}  // namespace

std::unique_ptr<Watch> make_http_watch(http::BodyReader&& reader,
                                       std::optional<GroupVersionKind> gvk) {
  return std::make_unique<HttpWatch>(std::move(reader), std::move(gvk));
}

}  // namespace fleet::kube
