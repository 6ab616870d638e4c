// ConfigMaps and Secrets out of files, literals and environment files.
#pragma once

#include "base/result.h"
#include "kustomize/kustomization.h"
#include "kustomize/loader.h"
#include "kustomize/resource.h"

namespace fleet::kustomize {

// Errors: "a configmap must have a name", "loading KV pairs: literal sources [..]: invalid literal
// source x, ...".
Result<Resource> make_config_map(const GeneratorArgs& args, const Loader& loader);
Result<Resource> make_secret(const GeneratorArgs& args, const Loader& loader);

// The local options with the global ones merged in: local labels win, flags are or-ed.
std::optional<GeneratorOptions> merged_options(const std::optional<GeneratorOptions>& local,
                                               const std::optional<GeneratorOptions>& global);

}  // namespace fleet::kustomize
