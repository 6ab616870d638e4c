// Leader election: of several programs with one job, the one that holds a Lease does it.
//
// As client-go: the holder renews every `retry`; it gives up when it could not renew for `renew`;
// others take over when the lease was not renewed for `lease`, measured with their own clock from
// the moment they saw the last renewal, so clocks that differ do no harm. Stopping gives the lease
// back, so that a successor need not wait.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "kube/client/client.h"
#include "sys/context.h"

namespace fleet::kube {

struct LeaderOptions {
  Key lease;
  std::string identity;  // of this process
  Duration lease_duration = std::chrono::seconds(30);
  Duration renew_deadline = std::chrono::seconds(25);
  Duration retry_period = std::chrono::seconds(10);
};

// Timings from CATTLE_ELECTION_LEASE_DURATION, _RENEW_DEADLINE and _RETRY_PERIOD, Go durations.
// Errors: NotFound "environment variable X not set"; Invalid when one is no duration above zero, or
// when they do not grow in this order: retry, deadline, lease. As Fleet 0.16 and client-go.
Result<> read_timings(
    const std::function<std::optional<std::string>(const std::string&)>& environment,
    LeaderOptions& options);

// Waits for the lease, then runs `lead` with a Context that stops when the lease is lost. Returns
// when `lead` has returned: {} after a stop, Conflict ("stopped leading") after a lost lease.
Result<> run_as_leader(const Context& ctx,
                       Client& client,
                       const LeaderOptions& options,
                       const std::function<Result<>(const Context&)>& lead);

}  // namespace fleet::kube
