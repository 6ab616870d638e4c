// How a command's failure is told on stderr: one line that people and the git job's parent read.
#pragma once

#include <iosfwd>
#include <string>

#include "base/error.h"
#include "sys/context.h"

namespace fleet::cli {

// As Fleet 0.16: `time="…" level=fatal msg="…"`, or one line of JSON where FLEET_JSON_OUTPUT is
// true.
void print_failure(const Error& error, const Context& ctx, std::ostream& err);

}  // namespace fleet::cli
