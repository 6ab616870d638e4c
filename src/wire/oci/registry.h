// Registry: pulls and pushes manifests and blobs, lists tags (OCI distribution 1.1).
//
// Logs in with a name and password, or with the token that the registry's own token service gives
// for them; anonymous without. Every blob and manifest is checked against its digest.
// Errors: NotFound, Unauthorized, Forbidden, ServiceUnavailable, Invalid (a reference, a manifest,
// a wrong digest), RequestEntityTooLarge. Messages carry the registry's words, never a secret.
// Threads: all functions from any thread.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "sys/context.h"
#include "wire/oci/reference.h"

namespace fleet::oci {

inline constexpr std::string_view kManifestType = "application/vnd.oci.image.manifest.v1+json";
inline constexpr std::string_view kIndexType = "application/vnd.oci.image.index.v1+json";
inline constexpr std::string_view kEmptyType = "application/vnd.oci.empty.v1+json";
inline constexpr size_t kMaxManifestBytes = size_t{4} << 20;
inline constexpr size_t kMaxBlobBytes = size_t{1} << 30;

struct RegistryOptions {
  std::string username{};
  Secret<> password{};
  std::string ca_bundle{};  // PEM, trusted beside the system's authorities
  bool insecure_skip_tls_verify = false;
  bool plain_http = false;
};

using Annotations = std::map<std::string, std::string>;

struct Descriptor {
  std::string media_type{};
  std::string digest{};
  size_t size = 0;
  Annotations annotations{};
};

struct Manifest {
  std::string media_type{kManifestType};
  std::string artifact_type{};
  Descriptor config{};
  std::vector<Descriptor> layers{};
  Annotations annotations{};
};
Result<Manifest> parse_manifest(std::string_view json);
std::string print_manifest(const Manifest& manifest);

// "sha256:..." of these bytes.
std::string digest_of(std::string_view bytes);
// The config of artifacts that have none: "{}".
Descriptor empty_config();

struct Pulled {
  Manifest manifest;
  std::string digest;
};

class Registry {
 public:
  static Result<std::unique_ptr<Registry>> make(RegistryOptions options);
  ~Registry();

  Result<std::vector<std::string>> tags(const Context& ctx, const Reference& repository);
  // Invalid for an index of several manifests.
  Result<Pulled> manifest(const Context& ctx, const Reference& reference);
  Result<std::string> blob(const Context& ctx,
                           const Reference& repository,
                           const Descriptor& blob,
                           size_t max_bytes = kMaxBlobBytes);

  // Uploads unless the registry has it.
  Result<> push_blob(const Context& ctx, const Reference& repository, std::string_view bytes);
  // Under the reference's tag; its digest.
  Result<std::string> push_manifest(const Context& ctx,
                                    const Reference& reference,
                                    const Manifest& manifest);
  // A manifest, by tag or digest. Gone already: NotFound.
  Result<> remove(const Context& ctx, const Reference& reference);

 private:
  struct State;
  explicit Registry(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace fleet::oci
