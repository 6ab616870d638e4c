// Secret<T>: a value that may be used but not shown. Its text form is "***".
#pragma once

#include <string>
#include <utility>

namespace fleet {

template <typename T = std::string>
class Secret {
 public:
  Secret() = default;
  explicit Secret(T value)
      : value_(std::move(value)) {}

  // The value itself; the name is meant to be seen in a review.
  const T& reveal() const { return value_; }
  bool empty() const { return value_.empty(); }
  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  T value_;
};

template <typename T>
std::string to_string(const Secret<T>&) {
  return "***";
}

}  // namespace fleet
