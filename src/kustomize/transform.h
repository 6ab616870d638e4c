// The built-in transformers: each changes the resources gathered so far.
//
// The kustomization's own fields and configurations of `transformers:` both end here.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "kustomize/config.h"
#include "kustomize/kustomization.h"
#include "kustomize/loader.h"
#include "kustomize/resmap.h"
#include "kustomize/schema.h"

namespace fleet::kustomize {

Result<> add_prefix(ResMap& resources, const std::string& prefix, const FieldSpecs& specs);
Result<> add_suffix(ResMap& resources, const std::string& suffix, const FieldSpecs& specs);
Result<> add_labels(ResMap& resources, const StringMap& labels, const FieldSpecs& specs);
Result<> add_annotations(ResMap& resources, const StringMap& annotations, const FieldSpecs& specs);
Result<> set_images(ResMap& resources, const Image& image, const FieldSpecs& specs);
Result<> set_replicas(ResMap& resources, const Replica& replica, const FieldSpecs& specs);

// Which subjects of role bindings get the namespace.
enum class SubjectMode { DefaultOnly, AllServiceAccounts, None };
struct NamespaceOptions {
  std::string ns;
  FieldSpecs specs;
  bool unset_only = false;
  SubjectMode subjects = SubjectMode::DefaultOnly;
};
Result<> set_namespace(ResMap& resources, const NamespaceOptions& options);

// Adds the hashes of generated objects to their names.
Result<> add_hashes(ResMap& resources);

// Names that changed are followed to where they are used.
Result<> fix_references(ResMap& resources, const std::vector<NameReference>& references);

// `plugin` names the configuration file's object for errors; empty for a field of the
// kustomization.
Result<> apply_replacements(ResMap& resources,
                            const std::vector<Replacement>& replacements,
                            const Loader& loader,
                            const std::string& plugin = {});

// One entry of `patches`; `config` is its text for messages.
Result<> apply_patch(ResMap& resources,
                     const Patch& patch,
                     const Loader& loader,
                     const KustomizeSchema& schema,
                     const std::string& plugin = {});
Result<> apply_strategic_patches(ResMap& resources,
                                 const Strings& patches,
                                 const std::string& inline_text,
                                 const Loader& loader,
                                 const KustomizeSchema& schema,
                                 const std::string& plugin = {});
Result<> apply_json6902(ResMap& resources,
                        const Patch& patch,
                        const Loader& loader,
                        const std::string& plugin = {});

// What is said in front of errors in a plugin's configuration.
std::string config_failure(std::string_view kind,
                           const std::string& config_yaml,
                           const std::string& plugin);

}  // namespace fleet::kustomize
