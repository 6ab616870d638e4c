#include <algorithm>
#include <set>

#include "base/strings.h"
#include "kube/crd/json_path.h"
#include "kube/crd/schema.h"
#include "kube/crd/structural.h"
#include "kube/meta/condition.h"
#include "kube/meta/names.h"

namespace fleet::kube::crd {
namespace {

using data::Value;

std::string without_dot(const Value& path) {
  std::string_view text = path.as_string();
  return std::string(trim_prefix(text, "."));
}

std::vector<std::string> texts(const Value& list) {
  std::vector<std::string> out;
  for (const Value& item : list.items()) {
    out.push_back(item.to_string());
  }
  return out;
}

void obey(FieldErrors& errors, std::string path, const Value& value, const Complaints& complaints) {
  if (complaints.empty()) return;
  errors.push_back(FieldError::invalid(std::move(path), value, join(complaints, ",")));
}

void read_columns(const Value& from, Version& out, const std::string& path, FieldErrors& errors) {
  Column name;
  name.name = "Name";
  name.format = "name";
  out.columns.push_back(name);
  const Value& columns = from["additionalPrinterColumns"];
  if (columns.empty()) {
    Column age;
    age.name = "Age";
    age.type = "date";
    out.columns.push_back(age);
    out.column_paths.push_back(".metadata.creationTimestamp");
    return;
  }
  for (size_t i = 0; i < columns.size(); ++i) {
    const Value& one = columns[i];
    std::string at = cat(path, ".additionalPrinterColumns[", i, "]");
    Column column{one["name"].to_string(),
                  one["type"].to_string(),
                  one["format"].to_string(),
                  one["description"].to_string(),
                  static_cast<int>(one["priority"].as_int())};
    if (column.name.empty()) errors.push_back(FieldError::required(at + ".name", ""));
    if (column.type.empty()) {
      errors.push_back(
          FieldError::required(at + ".type", "must be one of boolean,date,integer,number,string"));
    }
    auto parsed = JsonPath::parse(one["jsonPath"].as_string());
    if (one["jsonPath"].as_string().empty()) {
      errors.push_back(FieldError::required(at + ".jsonPath", ""));
    } else if (!parsed.ok()) {
      errors.push_back(
          FieldError::invalid(at + ".jsonPath", one["jsonPath"], parsed.error().message()));
    }
    out.columns.push_back(std::move(column));
    out.column_paths.push_back(one["jsonPath"].to_string());
  }
}

void read_scale(const Value& scale, Version& out, const std::string& path, FieldErrors& errors) {
  if (scale.is_null()) return;
  out.scale = ScalePaths{without_dot(scale["specReplicasPath"]),
                         without_dot(scale["statusReplicasPath"]),
                         without_dot(scale["labelSelectorPath"])};
  if (out.scale->spec_replicas.empty()) {
    errors.push_back(FieldError::required(path + ".scale.specReplicasPath", ""));
  } else if (!out.scale->spec_replicas.starts_with("spec.")) {
    errors.push_back(FieldError::invalid(path + ".scale.specReplicasPath",
                                         scale["specReplicasPath"],
                                         "should be a json path under .spec"));
  }
  if (out.scale->status_replicas.empty()) {
    errors.push_back(FieldError::required(path + ".scale.statusReplicasPath", ""));
  } else if (!out.scale->status_replicas.starts_with("status.")) {
    errors.push_back(FieldError::invalid(path + ".scale.statusReplicasPath",
                                         scale["statusReplicasPath"],
                                         "should be a json path under .status"));
  }
}

Version read_version(const Value& from, const std::string& path, FieldErrors& errors) {
  Version out;
  out.name = from["name"].to_string();
  out.served = from["served"].as_bool();
  out.storage = from["storage"].as_bool();
  out.deprecated = from["deprecated"].as_bool();
  out.deprecation_warning = from["deprecationWarning"].to_string();
  obey(errors, path + ".name", from["name"], check_dns1035_label(out.name));
  out.has_status = !from["subresources"]["status"].is_null();
  read_scale(from["subresources"]["scale"], out, path + ".subresources", errors);
  read_columns(from, out, path, errors);
  for (const Value& field : from["selectableFields"].items()) {
    out.selectable_paths.push_back(without_dot(field["jsonPath"]));
  }
  std::string at = path + ".schema.openAPIV3Schema";
  out.raw_schema = from["schema"]["openAPIV3Schema"];
  if (out.raw_schema.is_null()) {
    errors.push_back(FieldError::required(at, "schemas are required"));
    return out;
  }
  out.schema = compile_schema(out.raw_schema, at, errors);
  return out;
}

void read_versions(const Value& spec, Definition& out, FieldErrors& errors) {
  const Value& versions = spec["versions"];
  std::set<std::string> names;
  size_t stored = 0;
  for (size_t i = 0; i < versions.size(); ++i) {
    Version version = read_version(versions[i], cat("spec.versions[", i, "]"), errors);
    if (!names.insert(version.name).second) {
      errors.push_back(
          FieldError::invalid(cat("spec.versions[", i, "].name"), version.name, "must be unique"));
    }
    stored += version.storage ? 1 : 0;
    out.versions.push_back(std::move(version));
  }
  if (stored != 1) {
    FieldError error = FieldError::invalid(
        "spec.versions", nullptr, "must have exactly one version marked as storage version");
    error.omit_value = true;
    errors.push_back(std::move(error));
  }
}

void check_names(const Definition& definition, const Value& names, FieldErrors& errors) {
  if (definition.plural.empty()) {
    errors.push_back(FieldError::required("spec.names.plural", ""));
  } else {
    obey(errors, "spec.names.plural", names["plural"], check_dns1035_label(definition.plural));
  }
  if (definition.kind.empty()) {
    errors.push_back(FieldError::required("spec.names.kind", ""));
  } else {
    obey(errors, "spec.names.kind", names["kind"], check_dns1035_label(to_lower(definition.kind)));
  }
  if (!definition.singular.empty()) {
    obey(
        errors, "spec.names.singular", names["singular"], check_dns1035_label(definition.singular));
  }
  if (!definition.list_kind.empty() && definition.list_kind == definition.kind) {
    errors.push_back(FieldError::invalid(
        "spec.names.listKind", definition.list_kind, "kind and listKind may not be the same"));
  }
}

}  // namespace

const Version* Definition::find(std::string_view version) const {
  auto at = std::find_if(versions.begin(), versions.end(), [version](const Version& one) {
    return one.name == version;
  });
  return at == versions.end() ? nullptr : &*at;
}

const Version* Definition::storage() const {
  auto at = std::find_if(
      versions.begin(), versions.end(), [](const Version& one) { return one.storage; });
  return at == versions.end() ? nullptr : &*at;
}

Resource Definition::resource(const Version& version) const {
  return {{group, version.name, plural}, kind, namespaced};
}

Definition::Compiled Definition::compile(const Value& crd) {
  Compiled out;
  Definition& definition = out.definition;
  const Value& spec = crd["spec"];
  const Value& names = spec["names"];
  definition.name = crd["metadata"]["name"].to_string();
  definition.group = spec["group"].to_string();
  definition.kind = names["kind"].to_string();
  definition.list_kind = names["listKind"].to_string();
  definition.plural = names["plural"].to_string();
  definition.singular = names["singular"].to_string();
  definition.short_names = texts(names["shortNames"]);
  definition.categories = texts(names["categories"]);
  std::string scope = spec["scope"].to_string();
  definition.namespaced = scope != "Cluster";
  definition.preserve_unknown_fields = spec["preserveUnknownFields"].as_bool();
  if (definition.name != cat(definition.plural, ".", definition.group)) {
    out.errors.push_back(FieldError::invalid(
        "metadata.name", definition.name, "must be spec.names.plural+\".\"+spec.group"));
  }
  if (definition.group.empty()) {
    out.errors.push_back(FieldError::required("spec.group", ""));
  } else {
    obey(out.errors, "spec.group", spec["group"], check_dns1123_subdomain(definition.group));
    if (split(definition.group, '.').size() < 2) {
      out.errors.push_back(FieldError::invalid(
          "spec.group", definition.group, "should be a domain with at least one dot"));
    }
  }
  if (scope.empty()) {
    out.errors.push_back(FieldError::required("spec.scope", ""));
  } else if (scope != "Cluster" && scope != "Namespaced") {
    out.errors.push_back(FieldError::not_supported("spec.scope", scope, {"Cluster", "Namespaced"}));
  }
  if (definition.preserve_unknown_fields) {
    out.errors.push_back(FieldError::invalid("spec.preserveUnknownFields",
                                             true,
                                             "cannot set to true, set "
                                             "x-kubernetes-preserve-unknown-fields to true in "
                                             "spec.versions[*].schema instead"));
  }
  // A webhook has nothing to convert where there is one version.
  std::string strategy = spec["conversion"]["strategy"].to_string();
  bool idle_webhook = strategy == "Webhook" && spec["versions"].size() == 1;
  if (!strategy.empty() && strategy != "None" && !idle_webhook) {
    out.errors.push_back(FieldError::not_supported("spec.conversion.strategy", strategy, {"None"}));
  }
  check_names(definition, names, out.errors);
  read_versions(spec, definition, out.errors);
  return out;
}

void set_crd_defaults(Value& crd) {
  Value& names = crd.edit({"spec", "names"});
  const std::string kind = names["kind"].to_string();
  if (names["singular"].as_string().empty()) names.set("singular", to_lower(kind));
  if (names["listKind"].as_string().empty()) names.set("listKind", kind + "List");
  if (crd.at({"spec", "conversion", "strategy"}).is_null()) {
    crd.set({"spec", "conversion", "strategy"}, "None");
  }
}

void set_crd_status(Value& crd, std::string_view conflict, TimePoint now) {
  bool fine = conflict.empty();
  MetaCondition accepted{
      "NamesAccepted",
      fine ? "True" : "False",
      fine ? "NoConflicts" : "NamesConflict",
      fine ? std::string("no conflicts found") : cat(quote(conflict), " is already in use")};
  bool was_established = has_condition(crd, "Established");
  set_meta_condition(crd, accepted, now);
  if (fine) {
    set_meta_condition(
        crd,
        {"Established", "True", "InitialNamesAccepted", "the initial names have been accepted"},
        now);
  } else if (!was_established) {
    set_meta_condition(
        crd, {"Established", "False", "NotAccepted", "not all names are accepted"}, now);
  }
  Value& status = crd.edit("status");
  if (fine) {
    status.set("acceptedNames", crd.at({"spec", "names"}));
  } else if (status["acceptedNames"].is_null()) {
    status.set("acceptedNames", Value::object({{"kind", ""}, {"plural", ""}}));
  }
  Value& stored = status.edit("storedVersions");
  if (stored.is_null()) stored = Value::array();
  for (const Value& version : crd.at({"spec", "versions"}).items()) {
    if (!version["storage"].as_bool()) continue;
    auto items = stored.items();
    bool there = std::any_of(
        items.begin(), items.end(), [&](const Value& one) { return one == version["name"]; });
    if (!there) stored.push_back(version["name"]);
  }
}

}  // namespace fleet::kube::crd
