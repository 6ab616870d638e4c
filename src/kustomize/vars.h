// Vars: `$(NAME)` in configured places becomes the value of a field of another object.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "kustomize/config.h"
#include "kustomize/kustomization.h"
#include "kustomize/resmap.h"

namespace fleet::kustomize {

// Adds vars to those known. Errors: "var 'X' already encountered".
Result<> add_vars(std::vector<Var>& known, const std::vector<Var>& more);
// Notes with each resource the vars it gives values for. Errors: "found 2 resId matches for var
// ...".
Result<> match_vars(ResMap& resources, const std::vector<Var>& vars);

// Replaces references in the places of `specs`. Unused vars give a warning.
Result<> resolve_vars(ResMap& resources,
                      const std::vector<Var>& vars,
                      const FieldSpecs& specs,
                      Strings& warnings);

// "merging vars [...]", as the original words it.
std::string vars_text(const std::vector<Var>& vars);

}  // namespace fleet::kustomize
