// Defer: runs a function when the scope ends. For C calls only; what we own has a type.
#pragma once

#include <utility>

namespace fleet {

template <typename Function>
class [[nodiscard]] Defer {
 public:
  explicit Defer(Function function)
      : function_(std::move(function)) {}
  Defer(const Defer&) = delete;
  Defer& operator=(const Defer&) = delete;
  ~Defer() { function_(); }

 private:
  Function function_;
};

}  // namespace fleet
