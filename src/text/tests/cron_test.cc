#include "text/cron.h"

#include <gtest/gtest.h>

#include "base/strings.h"
#include "base/time.h"

namespace fleet::text {
namespace {

int64_t seconds(std::string_view text) {
  auto time = parse_rfc3339(text);
  EXPECT_TRUE(time.has_value()) << text;
  return std::chrono::duration_cast<std::chrono::seconds>(time->time_since_epoch()).count();
}

// The next `count` times, as text; "expired" ends them.
std::string times(std::string_view expression, std::string_view after, int count, Zone zone = {}) {
  auto cron = Cron::parse(expression);
  if (!cron.ok()) return cron.error().message();
  std::vector<std::string> out;
  int64_t at = seconds(after);
  for (int i = 0; i < count; ++i) {
    auto next = cron->next(at, zone);
    if (!next) {
      out.emplace_back("expired");
      break;
    }
    at = *next;
    out.push_back(format_rfc3339(TimePoint(std::chrono::seconds(at))));
  }
  return join(out, " ");
}

struct Case {
  const char* rule;
  const char* expression;
  const char* after;
  const char* want;  // as many times as stand here
};

TEST(Cron, Next) {
  const Case cases[] = {
      {"every second",
       "* * * * * *",
       "2024-02-29T23:59:58Z",
       "2024-02-29T23:59:59Z 2024-03-01T00:00:00Z"},
      {"a step begins at its number",
       "5/20 * * * * *",
       "2024-01-01T00:00:00Z",
       "2024-01-01T00:00:05Z 2024-01-01T00:00:25Z 2024-01-01T00:00:45Z 2024-01-01T00:01:05Z"},
      {"a list of words, numbers and ranges",
       "0 0 0 ? 1 TUE,5-6",
       "2024-01-01T00:00:00Z",
       "2024-01-02T00:00:00Z 2024-01-04T00:00:00Z 2024-01-05T00:00:00Z 2024-01-09T00:00:00Z"},
      {"the year may be given",
       "0 0 12 1 6 ? 2030-2031",
       "2024-01-01T00:00:00Z",
       "2030-06-01T12:00:00Z 2031-06-01T12:00:00Z expired"},
      {"a day that does not exist is the day after",
       "0 0 0 30 2 ?",
       "2024-01-01T00:00:00Z",
       "2024-03-01T00:00:00Z 2025-03-02T00:00:00Z"},
      {"so is the 31st of a shorter month",
       "0 0 0 31 * ?",
       "2024-02-01T00:00:00Z",
       "2024-03-02T00:00:00Z 2024-03-31T00:00:00Z"},
      {"the last day",
       "0 0 0 L * ?",
       "2024-01-31T00:00:00Z",
       "2024-02-29T00:00:00Z 2024-03-31T00:00:00Z"},
      {"two before the last",
       "0 0 0 L-2 * ?",
       "2024-01-31T00:00:00Z",
       "2024-02-27T00:00:00Z 2024-03-29T00:00:00Z"},
      {"the working day next to the 1st stays in the month",
       "0 0 0 1W * ?",
       "2024-05-31T00:00:00Z",
       "2024-06-03T00:00:00Z 2024-07-01T00:00:00Z"},
      {"the last working day",
       "0 0 0 LW * ?",
       "2024-06-01T00:00:00Z",
       "2024-06-28T00:00:00Z 2024-07-31T00:00:00Z"},
      {"the last Friday",
       "0 0 0 ? * 6L",
       "2024-05-01T00:00:00Z",
       "2024-05-31T00:00:00Z 2024-06-28T00:00:00Z"},
      {"the fifth Friday, in months that have one",
       "0 0 0 ? * FRI#5",
       "2024-01-01T00:00:00Z",
       "2024-03-29T00:00:00Z 2024-05-31T00:00:00Z"},
      {"a free hour runs on into the next day",
       "0 30 * 15 * ?",
       "2024-01-15T22:30:00Z",
       "2024-01-15T23:30:00Z 2024-01-16T00:30:00Z 2024-02-15T00:30:00Z"},
      {"numbers in a list may roll over",
       "0 0,70 0 * * *",
       "2024-01-01T00:00:00Z",
       "2024-01-01T01:10:00Z"},
      {"never: a fifth Friday in a February of 28 days",
       "0 0 0 ? 2 6#5 2025",
       "2024-01-01T00:00:00Z",
       "expired"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.rule);
    const int count = static_cast<int>(split(c.want, ' ').size());
    EXPECT_EQ(times(c.expression, c.after, count), c.want);
  }
}

TEST(Cron, ReachesBeyondWhatNanosecondsHold) {
  auto cron = Cron::parse("0 0 0 1 1 ? 3000");
  ASSERT_TRUE(cron.ok());
  EXPECT_EQ(cron->next(seconds("2024-01-01T00:00:00Z"), Zone()), 32503680000);
}

TEST(Cron, Names) {
  EXPECT_EQ(times("@weekly", "2024-01-01T00:00:00Z", 1), "2024-01-07T00:00:00Z");
  EXPECT_EQ(times("  0\t0 0  * * * ", "2024-01-01T00:00:00Z", 1), "2024-01-02T00:00:00Z");
}

TEST(Cron, Errors) {
  struct Refused {
    const char* expression;
    const char* want;
  };
  const Refused cases[] = {
      {"", "invalid expression length"},
      {"* * * * *", "invalid expression length"},
      {"@every 5m", "invalid expression length"},
      {"0 0 0 1 * MON", "day field set twice"},
      {"60 * * * * *", "invalid numeric field 60"},
      {"1-2-3 * * * * *", "invalid range field 1-2-3"},
      {"50-10 * * * * *", "fill range values"},
      {"*/0 * * * * *", "invalid step field */0"},
      {"5-1/2 * * * * *", "fill step values"},
      {"1,x,5-1 * * * * *", "unknown literal x"},
      {"1,, * * * * *", "unknown literal "},
      {"0 0 0 ? FOO *", "unknown literal FOO"},
      {"0 0 0 L-40 * ?", "invalid last field L-40"},
      {"0 0 0 32W * ?", "invalid weekday field 32W"},
      {"0 0 0 ? * 9L", "invalid last field 9L"},
      {"0 0 0 ? * 5#6", "invalid hash field 5#6"},
      {"99999999999999999999 * * * * *", "unknown literal 99999999999999999999"},
  };
  for (const Refused& c : cases) {
    SCOPED_TRACE(c.expression);
    auto cron = Cron::parse(c.expression);
    ASSERT_FALSE(cron.ok());
    EXPECT_EQ(cron.error().message(), cat("parse cron expression: ", c.want));
  }
}

}  // namespace
}  // namespace fleet::text
