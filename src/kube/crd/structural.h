// CustomResourceDefinitions: from the object to checked rules, and what the rules do to objects.
//
//   auto definition = crd::Definition::compile(object);   // or FieldErrors
//   const crd::Version* version = definition.find("v1");
//   version->prune(value, unknown); version->set_defaults(value); version->validate(value, old);
//
// As kube-apiserver 1.36 with apiextensions.k8s.io/v1: structural schemas, pruning, defaulting,
// nullable, x-kubernetes-* extensions, CEL rules. Texts are its texts.
// Limits: kMaxSchemaDepth. Pure. Threads: a const Definition may be used from any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "data/value/value.h"
#include "kube/meta/column.h"
#include "kube/meta/gvk.h"
#include "kube/meta/status.h"

namespace fleet::kube::crd {

inline constexpr int kMaxSchemaDepth = 64;

struct Schema;  // schema.h

struct ScalePaths {
  std::string spec_replicas;  // "spec.replicas", without the leading dot
  std::string status_replicas;
  std::string selector;  // may be empty
};

class Version {
 public:
  std::string name;
  bool served = true;
  bool storage = false;
  bool deprecated = false;
  std::string deprecation_warning;
  bool has_status = false;
  std::optional<ScalePaths> scale;
  std::vector<Column> columns;                // Name first; Age last unless the CRD defines some
  std::vector<std::string> column_paths;      // JSONPath of each column after Name
  std::vector<std::string> selectable_paths;  // "spec.color"
  std::shared_ptr<const Schema> schema;       // null: anything goes
  data::Value raw_schema;                     // spec.versions[].schema.openAPIV3Schema

  // Drops fields that the schema does not know and names them, and the nulls that it does not
  // allow; apiVersion, kind and metadata stay, as they do in embedded resources.
  void prune(data::Value& object, std::vector<std::string>& unknown) const;
  void set_defaults(data::Value& object) const;
  // `old` is null for a creation. CEL rules included.
  FieldErrors validate(const data::Value& object, const data::Value* old) const;

  std::vector<data::Value> cells(const data::Value& object, TimePoint now) const;
  std::optional<std::string> selectable(const data::Value& object, std::string_view field) const;
};

class Definition {
 public:
  std::string name;  // "gitrepos.fleet.cattle.io"
  std::string group;
  std::string kind;
  std::string list_kind;
  std::string plural;
  std::string singular;
  std::vector<std::string> short_names;
  std::vector<std::string> categories;
  bool namespaced = true;
  bool preserve_unknown_fields = false;
  std::vector<Version> versions;

  const Version* find(std::string_view version) const;
  const Version* storage() const;
  Resource resource(const Version& version) const;

  struct Compiled;
  // What is wrong with the definition is in `errors`; it is then not usable.
  static Compiled compile(const data::Value& crd);
};

struct Definition::Compiled {
  Definition definition;
  FieldErrors errors;
};

// Defaults of a CustomResourceDefinition itself: names.singular, names.listKind, conversion None.
void set_crd_defaults(data::Value& crd);
// The status that a server writes: acceptedNames, NamesAccepted, Established, storedVersions.
// `conflict` says which name another CRD of the group has already ("" if none).
void set_crd_status(data::Value& crd, std::string_view conflict, TimePoint now);

}  // namespace fleet::kube::crd
