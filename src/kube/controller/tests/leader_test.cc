#include "kube/controller/leader.h"

#include <map>

#include <gtest/gtest.h>

#include "base/strings.h"

namespace fleet::kube {
namespace {

struct Case {
  const char* rule;
  const char* lease;
  const char* renew;
  const char* retry;
  const char* want;
};
constexpr Case kCases[] = {
    {"Go durations", "1m30s", "25s", "500ms", "90000 25000 500"},
    {"one is missing",
     "30s",
     "",
     "10s",
     "environment variable CATTLE_ELECTION_RENEW_DEADLINE not set"},
    {"none is zero", "30s", "25s", "0s", "CATTLE_ELECTION_RETRY_PERIOD: \"0s\" is not above zero"},
    {"renewing ends before the lease",
     "25s",
     "25s",
     "10s",
     "the renew deadline must be below the lease duration"},
    {"there is time to try again",
     "30s",
     "10s",
     "10s",
     "the retry period must be below the renew deadline"},
};

TEST(LeaderTimings, Rules) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.rule);
    const std::map<std::string, std::string> set = {{"CATTLE_ELECTION_LEASE_DURATION", c.lease},
                                                    {"CATTLE_ELECTION_RENEW_DEADLINE", c.renew},
                                                    {"CATTLE_ELECTION_RETRY_PERIOD", c.retry}};
    auto environment = [&](const std::string& name) -> std::optional<std::string> {
      return set.at(name);
    };
    LeaderOptions options;
    const Result<> read = read_timings(environment, options);
    auto milliseconds = [](Duration d) {
      return std::chrono::duration_cast<std::chrono::milliseconds>(d).count();
    };
    EXPECT_EQ(read.ok() ? cat(milliseconds(options.lease_duration),
                              " ",
                              milliseconds(options.renew_deadline),
                              " ",
                              milliseconds(options.retry_period))
                        : read.error().message(),
              c.want);
  }
}

TEST(LeaderTimings, ABadDurationNamesItsVariable) {
  LeaderOptions options;
  const Result<> read = read_timings([](const std::string&) { return "soon"; }, options);
  ASSERT_FALSE(read.ok());
  EXPECT_TRUE(read.error().message().starts_with("CATTLE_ELECTION_LEASE_DURATION: "))
      << read.error().message();
}

}  // namespace
}  // namespace fleet::kube
