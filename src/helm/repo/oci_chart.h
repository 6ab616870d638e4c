// Charts in OCI registries: which tag a version means, and the archive behind it.
//
// As Helm 4.2 and Fleet 0.16: "+" of a version is "_" in its tag; an exact tag wins, else the
// highest version that satisfies the constraint; provenance layers are passed over, never checked.
// Errors: as oci::Registry; Invalid: "improper constraint: x", or a manifest that holds no chart;
// NotFound: `could not find tag matching constraint "x" in registry r: %!w(<nil>)`, which is the
// original's text to the letter. Threads: any.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "helm/repo/download.h"
#include "sys/context.h"

namespace fleet::helm {

struct OciChart {
  std::string file_name;  // "app-1.2.3.tgz"
  std::string archive;
};

// The version that a constraint names now. `source`: "oci://host/path/app".
Result<std::string> oci_version(const Context& ctx,
                                std::string_view source,
                                std::string_view constraint,
                                const RepoAuth& auth);

// `source` may carry a tag or digest, which then wins; an empty version is the newest stable one.
Result<OciChart> pull_oci_chart(const Context& ctx,
                                std::string_view source,
                                std::string_view version,
                                const RepoAuth& auth);

}  // namespace fleet::helm
