// Result<T>: a T or an Error. What can fail returns one; TRY shows every way out of a function.
//
//   Result<Chart> load(const FileTree& tree) {
//     auto meta = TRY(read_metadata(tree).within("Chart.yaml"));
//     ...
//   }
//
// Dropping a Result does not compile. T is a value: return a pointer or a value, no reference.
#pragma once

#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/error.h"

namespace fleet {

template <typename T = void>
class [[nodiscard]] Result {
  static_assert(!std::is_reference_v<T>, "return a pointer or a value");
  using Stored = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

 public:
  Result()  // NOLINT(google-explicit-constructor): success of Result<> is written `return {};`
      requires std::is_void_v<T>
  = default;

  template <typename U = Stored>
  requires(std::is_convertible_v<U&&, Stored> && !std::is_convertible_v<U&&, Error> &&
           !std::is_same_v<std::remove_cvref_t<U>, Result>)
      Result(U&& value)  // NOLINT(google-explicit-constructor): `return value;` is the point
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}

  Result(Error error)  // NOLINT(google-explicit-constructor): `return Error{...};` is the point
      : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }

  Stored& operator*() & {
    CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  const Stored& operator*() const& {
    CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  Stored* operator->() { return &**this; }
  const Stored* operator->() const { return &**this; }
  Stored value() && {
    CHECK(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  const Stored& value() const& { return **this; }
  Stored value_or(Stored fallback) && {
    return ok() ? std::move(*this).value() : std::move(fallback);
  }

  const Error& error() const& {
    CHECK(!ok());
    return *std::get_if<1>(&state_);
  }
  Error error() && {
    CHECK(!ok());
    return std::move(*std::get_if<1>(&state_));
  }

  Result within(std::string_view doing) && {
    return ok() ? std::move(*this) : Result(std::move(*this).error().within(doing));
  }

 private:
  std::variant<Stored, Error> state_;
};

}  // namespace fleet

#define FLEET_JOIN_INNER_(a, b) a##b
#define FLEET_JOIN_(a, b) FLEET_JOIN_INNER_(a, b)

// The value of `expr`, or returns its error from the enclosing function.
#define TRY(expr) TRY_NAMED_(FLEET_JOIN_(try_, __COUNTER__), expr)
#define TRY_NAMED_(name, expr)        \
  __extension__({                     \
    auto name = (expr);               \
    if (!name.ok()) [[unlikely]]      \
      return std::move(name).error(); \
    std::move(name).value();          \
  })
