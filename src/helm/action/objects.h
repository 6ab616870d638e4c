// From a rendered manifest to objects that a cluster can be asked for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kube/client/client.h"
#include "kube/client/rest_mapper.h"
#include "kube/meta/object.h"
#include "sys/context.h"

namespace fleet::helm {

// One object of a manifest, with the resource that serves its kind.
struct Target {
  kube::Object object;
  kube::Resource resource;

  kube::Key key() const { return {std::string(object.ns()), std::string(object.name())}; }
  // `Deployment "web" in namespace "default"`, as messages name it.
  std::string describe() const;
};
using Targets = std::vector<Target>;

// True if both name the same object: group, kind, namespace and name; versions may differ.
bool is_same_object(const Target& a, const Target& b);
const Target* find_same(const Targets& list, const Target& target);

// Reads all documents, flattens lists, fills in the namespace of namespaced kinds.
// Errors: Invalid for a document that is no object; NotFound for a kind that is not served:
// `resource mapping not found for name: "x" …`.
Result<Targets> build_targets(const Context& ctx,
                              kube::RestMapper& mapper,
                              std::string_view manifest,
                              std::string_view ns);

// Who owns an object: Helm's label and the two annotations with release name and namespace.
struct Owner {
  std::string release;
  std::string ns;
};
void set_owner(kube::Object& object, const Owner& owner);
// Invalid, in Helm's words, unless the object carries exactly this owner.
Result<> check_owner(const kube::Object& object, const Owner& owner);

// The targets that exist already. With Adopt::Owned, one that exists and is not the owner's is an
// error: "… exists and cannot be imported into the current release: invalid ownership metadata; …".
enum class Adopt { Owned, Any };
Result<Targets> existing_targets(const Context& ctx,
                                 kube::Client& client,
                                 const Targets& targets,
                                 const Owner& owner,
                                 Adopt adopt);

}  // namespace fleet::helm
