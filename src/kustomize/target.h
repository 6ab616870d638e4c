// Target: one kustomization on the way from its file to resources. Private to this room.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "kustomize/build.h"
#include "kustomize/config.h"
#include "kustomize/kustomization.h"
#include "kustomize/loader.h"
#include "kustomize/resmap.h"
#include "kustomize/schema.h"

namespace fleet::kustomize {

// What all targets of one build share.
struct BuildState {
  Options options;
  Strings warnings;
  KustomizeSchema schema;
  bool schema_chosen = false;  // by a path or a version; the first choice stays
  bool custom_schema = false;
};

// A var with what it was found to mean.
struct FoundVar {
  Var var;
  std::string root;
};

// What a target gathers; a component adds to that of its parent.
struct Accumulator {
  ResMap resources;
  Config config;
  std::vector<Var> vars;

  Result<> merge(Accumulator other);
  Result<> merge_vars(const std::vector<Var>& vars);
};

class Target {
 public:
  // Reads the kustomization below the loader's root.
  static Result<Target> open(const Loader& loader, BuildState& state);

  const Kustomization& kustomization() const { return kustomization_; }

  // All steps that are done at every level.
  Result<Accumulator> accumulate();
  // Resources alone, for configurations of plugins.
  Result<> accumulate_resources(Accumulator& into, const Strings& paths);

  // Origins are kept if the top kustomization asks for build metadata.
  void track_origins(std::optional<std::string> path) { origin_path_ = std::move(path); }
  Result<> set_schema(bool reset);

 private:
  Target(const Loader& loader,
         BuildState& state,
         Kustomization kustomization,
         std::string file_name)
      : loader_(loader),
        state_(state),
        kustomization_(std::move(kustomization)),
        file_name_(std::move(file_name)) {}

  Result<> accumulate_into(Accumulator& into);
  Result<> accumulate_file(Accumulator& into, const std::string& path);
  Result<> accumulate_folder(Accumulator& into,
                             const Loader& loader,
                             const std::string& path,
                             bool component);
  Result<> accumulate_components(Accumulator& into);
  Result<> generate(Accumulator& into);
  Result<> transform(Accumulator& into);
  Result<> transform_labels(Accumulator& into);
  Result<> transform_patches(Accumulator& into);
  Result<> run_plugins(Accumulator& into, const Strings& entries);
  Result<> run_validators(Accumulator& into);
  Result<> run_generator_plugins(Accumulator& into);
  Result<ResMap> plugin_configs(const Strings& entries, std::string_view what);

  Origin builtin_origin(std::string_view kind) const;
  void note_transformation(Accumulator& into, const Origin& origin);
  void note_builtin(Accumulator& into, std::string_view kind) {
    if (origin_path_) note_transformation(into, builtin_origin(kind));
  }

  const Loader& loader_;
  BuildState& state_;
  Kustomization kustomization_;
  std::string file_name_;
  std::optional<std::string> origin_path_;
};

}  // namespace fleet::kustomize
