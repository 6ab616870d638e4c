// Files as resources of a bundle, and a bundle's files as the Content that agents download.
//
// A file that is valid UTF-8 travels as text, any other gzipped and in base64.
// As Fleet 0.16. Errors: Invalid. Limits: codec::kMaxUnpackedBytes. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fleet/api/bundle.h"
#include "fleet/api/content.h"
#include "fleet/api/hashes.h"

namespace fleet::bundle {

enum class Compress { No, Yes };

api::BundleResource encode_resource(std::string_view name,
                                    std::string_view bytes,
                                    Compress compress);
// The file's bytes, whatever its encoding: "", base64, gz, base64+gz.
Result<std::string> decode_resource(const api::BundleResource& resource);

// The Content object of a manifest.
api::Content make_content(const api::Manifest& manifest);

// A Content's files, after its checksum was compared.
// Errors: Invalid: "content does not match hash got X, expected Y".
Result<std::vector<api::BundleResource>> read_content(const api::Content& content);
// The same for the JSON itself; an empty checksum is not compared.
Result<std::vector<api::BundleResource>> read_manifest(std::string_view json,
                                                       std::string_view sha256);

}  // namespace fleet::bundle
