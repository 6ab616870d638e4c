// A rendered revision: its record and the objects it wants. Shared by the files of this room.
#pragma once

#include "helm/action/action.h"

namespace fleet::helm {

struct Actions::Plan {
  Release release;
  Targets targets;  // with ownership metadata; the record's manifest is without
  ApplyOptions apply;
};

inline std::string_view method_name(Method method) {
  return method == Method::ServerSide ? "ssa" : "csa";
}

// The event's hooks of a plan, run with the options of the action.
struct HookRunner;

}  // namespace fleet::helm
