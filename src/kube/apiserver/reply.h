// Reply<T>: a T, or the Status that a client is told. Works with TRY; an Error becomes a Status.
#pragma once

#include <type_traits>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/result.h"
#include "kube/meta/status.h"

namespace fleet::kube::apiserver {

template <typename T = void>
class [[nodiscard]] Reply {
  using Stored = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

 public:
  Reply() requires std::is_void_v<T>
  = default;
  template <typename U = Stored>
  requires(std::is_convertible_v<U&&, Stored> && !std::is_convertible_v<U&&, Error> &&
           !std::is_convertible_v<U&&, Status> && !std::is_same_v<std::remove_cvref_t<U>, Reply>)
      Reply(U&& value)  // NOLINT(google-explicit-constructor): `return value;` is the point
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}
  Reply(Status status)  // NOLINT(google-explicit-constructor)
      : state_(std::in_place_index<1>, std::move(status)) {}
  Reply(const Error& error)  // NOLINT(google-explicit-constructor)
      : state_(std::in_place_index<1>, Status::from_error(error)) {}

  bool ok() const { return state_.index() == 0; }
  Stored& operator*() & {
    CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  Stored* operator->() { return &**this; }
  Stored value() && {
    CHECK(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  const Status& error() const& {
    CHECK(!ok());
    return *std::get_if<1>(&state_);
  }
  Status error() && {
    CHECK(!ok());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<Stored, Status> state_;
};

}  // namespace fleet::kube::apiserver
