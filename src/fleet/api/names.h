// Names that Fleet derives from other names: short enough for Kubernetes, stable for ever.
//
// A name made here is the identity of a release, a namespace or a bundle. Another rule would make
// another object, so these follow Fleet 0.16 to the byte. Lengths are in bytes. Pure.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace fleet::api {

// The first `digits` hex digits of the MD5 of `text` (at most 32).
std::string hex(std::string_view text, size_t digits);

// The first 12 hex digits of the SHA-256 of the first 100 bytes of `text`.
std::string key_hash(std::string_view text);

// `text`, or, when longer than `limit`, its beginning, "-" and five digits of its MD5.
// A limit of 6 or less only cuts.
std::string limit_name(std::string_view text, size_t limit);

// The parts joined with "-"; from 64 bytes on cut, with some digits of the SHA-256 of the whole.
std::string safe_concat_name(std::span<const std::string_view> parts);
std::string safe_concat_name(std::initializer_list<std::string_view> parts);

// A valid release name (at most 53 bytes) for any text. What had to be changed leaves a hash.
std::string helm_release_name(std::string_view text);

// True for an RFC 1123 label: at most 63 of [a-z0-9-], neither beginning nor ending with "-".
bool is_dns_label(std::string_view text);

// The namespace on the hub that holds a cluster's BundleDeployments.
std::string cluster_namespace(std::string_view cluster_namespace_name, std::string_view cluster);

// The name a registering agent's Cluster gets when it has none.
std::string cluster_name_from_client_id(std::string_view client_id);

// The name of the bundle that `fleet apply REPO` makes of a folder, with the options file's name
// (without its extension) behind it when one was named.
std::string bundle_name(std::string_view repo, std::string_view dir, std::string_view file = "");

// The Secret in which the hub leaves an agent's credential: c- and a hash, 63 bytes.
std::string registration_secret_name(std::string_view client_id, std::string_view client_random);

}  // namespace fleet::api
