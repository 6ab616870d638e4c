// Names of things in an OCI registry: "oci://host:5000/group/app:1.2.3" or "...@sha256:...".
//
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace fleet::oci {

struct Reference {
  std::string registry;    // "host:5000", "docker.io"
  std::string repository;  // "group/app"
  std::string tag{};
  std::string digest{};  // "sha256:..."; wins over the tag

  // With or without "oci://". A bare "app" or "group/app" is docker.io's, as container tools read
  // it. Invalid when it is not of that form.
  static Result<Reference> parse(std::string_view text);
  std::string name() const { return registry + "/" + repository; }
  std::string text() const;  // without "oci://"
  // The tag or digest to ask for; "latest" when neither is given.
  std::string target() const;

  friend bool operator==(const Reference&, const Reference&) = default;
};

// Chart versions may contain "+", tags may not: "1.0.0+b" is stored as "1.0.0_b".
std::string tag_of_version(std::string_view version);
std::string version_of_tag(std::string_view tag);

}  // namespace fleet::oci
