// A folder → a Bundle, and the ImageScans it asks for. Read this first.
//
// As `fleet apply` of Fleet 0.16. Errors: Invalid, in Fleet's words: "failed to process bundle:
// reading fleet.yaml: …". Limits: kCompressAbove. Pure, but for what `Surroundings` does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "fleet/api/bundle.h"
#include "fleet/api/imagescan.h"
#include "fleet/bundle/resources.h"
#include "fleet/bundle/surroundings.h"

namespace fleet::bundle {

// A bundle whose JSON has this many bytes is read again with all files compressed.
inline constexpr size_t kCompressAbove = 1'000'000;

struct ReadOptions {
  std::string bundle_file;  // the options file in the folder; fleet.yaml or fleet.yml when empty
  Compress compress = Compress::No;
  api::StringMap labels;
  std::string service_account;
  std::string targets_file;  // path of a file with targets and targetRestrictions
  std::string target_namespace;
  bool paused = false;
  int64_t sync_generation = 0;
  Auth auth;
  std::string helm_repo_url_regex;
  bool keep_resources = false;
  bool delete_namespace = false;
  api::CorrectDrift correct_drift;
  bool image_scan_enabled = false;
  std::string ns;  // namespace of the bundle
  // Whether an options file that was named is one of the bundle's files, too.
  bool is_bundle_file_taken = false;
};

struct ReadResult {
  api::Bundle bundle;
  std::vector<api::ImageScan> scans;  // without namespace and gitrepoName
};

// `name` is the bundle's name unless fleet.yaml has one.
Result<ReadResult> read_bundle_folder(const std::string& name,
                                      const std::string& base,
                                      const ReadOptions& options,
                                      Surroundings& around);

}  // namespace fleet::bundle
