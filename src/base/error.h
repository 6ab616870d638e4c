// What went wrong, as data: it becomes a condition on an object, a response body or a retry.
//
// Codes are the reasons of a Kubernetes Status, so servers and clients map them to HTTP and back
// with no table of synonyms. Decide on `code()`, never on message text.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace fleet {

enum class Code {
  BadRequest,
  Unauthorized,
  Forbidden,
  NotFound,
  AlreadyExists,
  Conflict,
  Gone,
  Expired,
  Invalid,
  Timeout,
  ServerTimeout,
  TooManyRequests,
  MethodNotAllowed,
  NotAcceptable,
  RequestEntityTooLarge,
  UnsupportedMediaType,
  InternalError,
  ServiceUnavailable,
  InsufficientStorage,
  Unsupported,  // we do not do this; stalls until someone changes something, as Invalid does
  Cancelled,    // the caller's Context was stopped
  Unknown,
};

// The reason as a Status spells it: "NotFound". Cancelled and Unsupported are ours alone.
std::string_view to_string(Code code);
// The inverse; Unknown for a word that is not a reason.
Code code_from_string(std::string_view reason);

class [[nodiscard]] Error {
 public:
  Error(Code code, std::string message)
      : code_(code),
        message_(std::move(message)) {}

  Code code() const { return code_; }
  const std::string& message() const { return message_; }

  // Puts "doing: " in front: the outermost place comes first.
  Error within(std::string_view doing) &&;

 private:
  Code code_;
  std::string message_;
};

}  // namespace fleet
