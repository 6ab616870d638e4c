// The names of container images as an ImageScan gives them: "nginx", "ghcr.io/rancher/fleet:v1",
// "quay.io/x/y@sha256:...".
//
// As google/go-containerregistry 0.21: a name without a host is Docker Hub's, there a name of one
// word lies under "library/", a name without tag or digest means "latest", and the digest of a name
// that has both counts. It is more lenient than the grammar of registries (wire/oci/reference.h):
// words may begin with "_" or be empty, but a repository has at least two characters.
//
// Errors: Invalid, "could not parse reference: x". Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace fleet::imagescan {

inline constexpr size_t kMinRepositoryCharacters = 2;
inline constexpr size_t kMaxRepositoryCharacters = 255;
inline constexpr size_t kMaxTagCharacters = 128;

struct ImageName {
  std::string registry;    // "index.docker.io", "localhost:5000"
  std::string repository;  // "library/nginx"
  std::string identifier;  // the tag, or "sha256:..."
  bool is_digest = false;

  static Result<ImageName> parse(std::string_view text);
  std::string context() const { return registry + "/" + repository; }
  std::string full() const { return context() + (is_digest ? "@" : ":") + identifier; }
};

}  // namespace fleet::imagescan
