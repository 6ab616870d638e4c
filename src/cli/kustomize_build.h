// `fleet kustomize build [DIR]`: what `kustomize build` prints.
//
// As kustomize v5.8.1: the same output, warnings, errors and exit codes, for folders of this
// machine. Flags that need plugins, Helm or the network are refused with a sentence.
#pragma once

#include "cli/command.h"

namespace fleet::cli {

// The group `kustomize` with its one command.
Command kustomize_command();

}  // namespace fleet::cli
