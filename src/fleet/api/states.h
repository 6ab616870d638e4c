// The states of a bundle on a cluster, in the words of Rancher's Continuous Delivery.
//
// They travel as text and are kept as text, so that a word of a newer version survives.
#pragma once

#include <array>
#include <string_view>

namespace fleet::api {

namespace state {
inline constexpr std::string_view kReady = "Ready";
inline constexpr std::string_view kNotReady = "NotReady";
inline constexpr std::string_view kPending = "Pending";
inline constexpr std::string_view kOutOfSync = "OutOfSync";
inline constexpr std::string_view kModified = "Modified";
inline constexpr std::string_view kWaitApplied = "WaitApplied";
inline constexpr std::string_view kErrApplied = "ErrApplied";

// In the order in which messages list them.
inline constexpr std::array kAll = {
    kReady, kNotReady, kPending, kOutOfSync, kModified, kWaitApplied, kErrApplied};
}  // namespace state

// How bad a state is: 1 for Ready up to 7 for ErrApplied, 0 for "" and unknown words. The worst
// state of many speaks for all.
int state_rank(std::string_view state);

}  // namespace fleet::api
