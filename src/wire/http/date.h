// The Date header's text, made once a second.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"

namespace fleet::http {

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string http_date(TimePoint time);

class DateText {
 public:
  // Valid until the next call.
  std::string_view at(TimePoint now);

 private:
  TimePoint second_;
  std::string text_;
};

}  // namespace fleet::http
