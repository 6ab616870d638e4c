#include "sys/memory.h"

#include <malloc.h>

namespace fleet::sys {

void share_one_heap() {
  ::mallopt(M_ARENA_MAX, 1);
}

void give_back_memory() {
  ::malloc_trim(0);
}

}  // namespace fleet::sys
