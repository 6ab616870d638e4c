#include "fleet/api/states.h"

namespace fleet::api {

int state_rank(std::string_view state) {
  if (state == state::kErrApplied) return 7;
  if (state == state::kWaitApplied) return 6;
  if (state == state::kModified) return 5;
  if (state == state::kOutOfSync) return 4;
  if (state == state::kPending) return 3;
  if (state == state::kNotReady) return 2;
  if (state == state::kReady) return 1;
  return 0;
}

}  // namespace fleet::api
