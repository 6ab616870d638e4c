// metav1.Time, metav1.MicroTime and metav1.Duration as members of API structs.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "data/fields/type.h"

namespace fleet::kube {

// A point in time, seconds on the wire: "2026-01-02T15:04:05Z". The zero time is JSON null.
// Reading null gives the zero time. Use std::optional<Time> for a Go pointer.
struct Time {
  TimePoint point{};
  bool is_set = false;

  static Time of(TimePoint point) { return {point, true}; }
  bool is_zero() const { return !is_set; }

  static const data::TypeInfo& data_type();
  friend bool operator==(const Time&, const Time&) = default;
};

struct MicroTime {
  TimePoint point{};
  bool is_set = false;

  static const data::TypeInfo& data_type();
  friend bool operator==(const MicroTime&, const MicroTime&) = default;
};

// A duration, on the wire as Go prints it: "1h30m0s". `omitempty` never drops it (a Go struct);
// use std::optional<Duration> for a Go pointer.
struct GoDuration {
  Duration value{};

  static const data::TypeInfo& data_type();
  friend bool operator==(const GoDuration&, const GoDuration&) = default;
};

}  // namespace fleet::kube
