// Walking to the places that a field spec names, and doing something there.
//
// A path has "/" between names ("\/" is a slash in a name). Lists are entered by themselves; a name
// that ends in "[]" must be a list and is never made.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "kustomize/kustomization.h"
#include "kustomize/resource.h"

namespace fleet::kustomize {

using Setter = std::function<Result<>(yaml::Node&)>;

// What is made at the end of a path that is not there, if the spec says "create".
enum class Make { Nothing, Scalar, Map, List };

std::vector<std::string> split_path(std::string_view path);

// Appends a member that the mapping does not have. As the original, its key is written plain:
// "true" becomes the key of a boolean, which no object can have at the end of a build.
yaml::Node& append_member(yaml::Node& mapping, std::string_view key, yaml::Node value);

// A field spec with its path split.
struct ReadySpec {
  const FieldSpec* spec = nullptr;
  std::vector<std::string> path;
};

// True if the spec is for objects of this kind.
bool is_for(const FieldSpec& spec, std::string_view api_version, std::string_view kind);

// Field specs made ready for many resources: the specs of a kind are found once.
// Lifetime: the given specs outlive this.
class ReadySpecs {
 public:
  explicit ReadySpecs(const FieldSpecs& specs);

  // The specs for objects of this kind, in their order. Valid as long as this.
  const std::vector<const ReadySpec*>& of(std::string_view api_version, std::string_view kind);
  const std::vector<const ReadySpec*>& of(const Resource& resource);
  // Applies `set` at the places of all specs for the resource's kind. Errors: as apply_spec.
  Result<> apply(Resource& resource, Make make, const Setter& set);

 private:
  std::vector<ReadySpec> specs_;
  std::unordered_map<std::string, std::vector<const ReadySpec*>> by_kind_;
  std::string last_api_version_;
  std::string last_kind_;
  const std::vector<const ReadySpec*>* last_ = nullptr;
};

// Applies `set` at the places of `spec` in the resource, whatever its kind.
// Errors: "considering field 'a/b' of object Kind.v1.g/n.ns: expected sequence or mapping node".
Result<> apply_spec(Resource& resource, const ReadySpec& spec, Make make, const Setter& set);

// The same for a path split beforehand, in a node of any kind.
Result<> walk(yaml::Node& node,
              const std::vector<std::string>& path,
              size_t from,
              bool create,
              Make make,
              const Setter& set);

}  // namespace fleet::kustomize
