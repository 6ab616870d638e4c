// What a small program that runs for long does with memory that it needs no more.
#pragma once

namespace fleet::sys {

// One heap for all threads instead of one for each few: they hold little, and what one frees
// another takes up. For programs that mostly wait; call it first in main.
void share_one_heap();

// Gives free pages of the heap back to the system. Takes about a millisecond for some megabytes:
// for the end of a burst of work. Threads: any.
void give_back_memory();

}  // namespace fleet::sys
