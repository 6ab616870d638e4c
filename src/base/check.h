// CHECK: a promise inside the program that must hold, in release builds too.
//
// For what no user, file or peer can cause. A broken promise prints where it was and aborts;
// restarts are cheap, since state is on disk and reconcilers are level-triggered.
#pragma once

namespace fleet {

[[noreturn]] void check_failed(const char* file, int line, const char* expression);

}  // namespace fleet

#define CHECK(expression)                                     \
  do {                                                        \
    if (!(expression)) [[unlikely]] {                         \
      ::fleet::check_failed(__FILE__, __LINE__, #expression); \
    }                                                         \
  } while (false)
