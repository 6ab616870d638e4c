// The packed tables of built-in types: gzip of JSON, written by scripts/pack_table.py. Private.
#pragma once

#include <string_view>

namespace fleet::kube {

// Types for server-side apply: k8s_smd_schema of Kubernetes 1.36.3.
std::string_view packed_smd_schema();
// Patch strategies and merge keys of Go's struct tags: k8s_smp_tags of Kubernetes 1.36.3.
std::string_view packed_patch_tags();

}  // namespace fleet::kube
