#include "wire/http/date.h"

#include "base/strings.h"

namespace fleet::http {
namespace {

std::string two_digits(int number) {
  return cat(number < 10 ? "0" : "", number);
}

}  // namespace

std::string http_date(TimePoint time) {
  constexpr std::string_view kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::string_view kMonths[] = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const CivilTime t = to_civil(time);
  return cat(kDays[t.weekday],
             ", ",
             two_digits(t.day),
             " ",
             kMonths[t.month - 1],
             " ",
             t.year,
             " ",
             two_digits(t.hour),
             ":",
             two_digits(t.minute),
             ":",
             two_digits(t.second),
             " GMT");
}

std::string_view DateText::at(TimePoint now) {
  const TimePoint second = std::chrono::floor<std::chrono::seconds>(now);
  if (text_.empty() || second != second_) {
    second_ = second;
    text_ = http_date(now);
  }
  return text_;
}

}  // namespace fleet::http
