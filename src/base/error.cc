#include "base/error.h"

#include <array>

namespace fleet {
namespace {

struct Name {
  Code code;
  std::string_view text;
};

constexpr std::array kNames = {
    Name{Code::BadRequest, "BadRequest"},
    Name{Code::Unauthorized, "Unauthorized"},
    Name{Code::Forbidden, "Forbidden"},
    Name{Code::NotFound, "NotFound"},
    Name{Code::AlreadyExists, "AlreadyExists"},
    Name{Code::Conflict, "Conflict"},
    Name{Code::Gone, "Gone"},
    Name{Code::Expired, "Expired"},
    Name{Code::Invalid, "Invalid"},
    Name{Code::Timeout, "Timeout"},
    Name{Code::ServerTimeout, "ServerTimeout"},
    Name{Code::TooManyRequests, "TooManyRequests"},
    Name{Code::MethodNotAllowed, "MethodNotAllowed"},
    Name{Code::NotAcceptable, "NotAcceptable"},
    Name{Code::RequestEntityTooLarge, "RequestEntityTooLarge"},
    Name{Code::UnsupportedMediaType, "UnsupportedMediaType"},
    Name{Code::InternalError, "InternalError"},
    Name{Code::ServiceUnavailable, "ServiceUnavailable"},
    Name{Code::InsufficientStorage, "InsufficientStorage"},
    Name{Code::Unsupported, "Unsupported"},
    Name{Code::Cancelled, "Cancelled"},
    Name{Code::Unknown, "Unknown"},
};

}  // namespace

std::string_view to_string(Code code) {
  for (const Name& name : kNames) {
    if (name.code == code) return name.text;
  }
  return "Unknown";
}

Code code_from_string(std::string_view reason) {
  for (const Name& name : kNames) {
    if (name.text == reason) return name.code;
  }
  return Code::Unknown;
}

Error Error::within(std::string_view doing) && {
  std::string prefix(doing);
  prefix += ": ";
  message_.insert(0, prefix);
  return std::move(*this);
}

}  // namespace fleet
