#include "kube/builtin/openapi.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/strings.h"
#include "kube/builtin/schema.h"

namespace fleet::kube::builtin {
namespace {

using data::Value;

struct Required {
  std::string_view type;
  std::string_view fields;  // sorted, with blanks between
};
constexpr std::array kRequired = {
    Required{"core.v1.ConfigMapKeySelector", "key"},
    Required{"core.v1.Container", "name"},
    Required{"core.v1.ContainerPort", "containerPort"},
    Required{"core.v1.EnvVar", "name"},
    Required{"core.v1.FileKeySelector", "key path volumeName"},
    Required{"core.v1.HTTPGetAction", "port"},
    Required{"core.v1.KeyToPath", "key path"},
    Required{"core.v1.NodeSelector", "nodeSelectorTerms"},
    Required{"core.v1.NodeSelectorRequirement", "key operator"},
    Required{"core.v1.ObjectFieldSelector", "fieldPath"},
    Required{"core.v1.PodAffinityTerm", "topologyKey"},
    Required{"core.v1.PodSpec", "containers"},
    Required{"core.v1.PreferredSchedulingTerm", "preference weight"},
    Required{"core.v1.ResourceClaim", "name"},
    Required{"core.v1.ResourceFieldSelector", "resource"},
    Required{"core.v1.SecretKeySelector", "key"},
    Required{"core.v1.TCPSocketAction", "port"},
    Required{"core.v1.Volume", "name"},
    Required{"core.v1.VolumeMount", "mountPath name"},
    Required{"core.v1.WeightedPodAffinityTerm", "podAffinityTerm weight"},
    Required{"meta.v1.LabelSelectorRequirement", "key operator"},
};

// Defaults that the published schemas of these types carry.
struct SchemaDefault {
  std::string_view type;
  std::string_view field;
  bool is_text;  // "" or false
};
constexpr std::array kDefaults = {
    SchemaDefault{"core.v1.ConfigMapKeySelector", "name", true},
    SchemaDefault{"core.v1.FileKeySelector", "optional", false},
    SchemaDefault{"core.v1.LocalObjectReference", "name", true},
    SchemaDefault{"core.v1.SecretKeySelector", "name", true},
};

Value int_or_string() {
  return Value::object(
      {{"anyOf",
        Value::array({Value::object({{"type", "integer"}}), Value::object({{"type", "string"}})})},
       {"x-kubernetes-int-or-string", true}});
}

class Writer {
 public:
  Value write(const Type& type) {
    switch (type.shape) {
      case Shape::String:
        return Value::object({{"type", "string"}});
      case Shape::Bytes:
        return Value::object({{"format", "byte"}, {"type", "string"}});
      case Shape::Int32:
        return Value::object({{"format", "int32"}, {"type", "integer"}});
      case Shape::Int64:
        return Value::object({{"format", "int64"}, {"type", "integer"}});
      case Shape::Double:
        return Value::object({{"type", "number"}});
      case Shape::Bool:
        return Value::object({{"type", "boolean"}});
      case Shape::Time:
      case Shape::MicroTime:
        return Value::object({{"format", "date-time"}, {"type", "string"}});
      case Shape::IntOrString:
        return int_or_string();
      case Shape::Quantity:
        return quantity();
      case Shape::Any:
        return Value::object({{"x-kubernetes-preserve-unknown-fields", true}});
      case Shape::List:
        return list(type);
      case Shape::Map: {
        Value out =
            Value::object({{"additionalProperties", write(*type.element)}, {"type", "object"}});
        if (type.atomic) out.set("x-kubernetes-map-type", "atomic");
        return out;
      }
      case Shape::Struct:
        return structure(type);
    }
    return nullptr;
  }

 private:
  static Value quantity() {
    Value out = int_or_string();
    out.set("pattern",
            "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?"
            "(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$");
    return out;
  }

  Value list(const Type& type) {
    Value out = Value::object({{"items", write(*type.element)}, {"type", "array"}});
    if (type.list == ListKind::Keyed) {
      for (std::string_view key : type.keys)
        out.edit("x-kubernetes-list-map-keys").push_back(key);
      out.set("x-kubernetes-list-type", "map");
    } else {
      out.set("x-kubernetes-list-type", type.list == ListKind::Set ? "set" : "atomic");
    }
    return out;
  }

  Value structure(const Type& type) {
    if (std::find(open_.begin(), open_.end(), &type) != open_.end()) {
      return Value::object({{"type", "object"}, {"x-kubernetes-preserve-unknown-fields", true}});
    }
    open_.push_back(&type);
    Value properties = Value::object();
    for (const Member& member : type.members) {
      Value schema = write(*member.type);
      for (const SchemaDefault& row : kDefaults) {
        if (row.type != type.name || row.field != member.name) continue;
        schema.set("default", row.is_text ? Value("") : Value(false));
      }
      properties.set(member.name, std::move(schema));
    }
    open_.pop_back();
    Value out = Value::object({{"type", "object"}});
    if (!properties.empty()) out.set("properties", std::move(properties));
    for (const Required& row : kRequired) {
      if (row.type != type.name) continue;
      for (std::string_view field : split_fields(row.fields))
        out.edit("required").push_back(field);
    }
    if (type.atomic) out.set("x-kubernetes-map-type", "atomic");
    return out;
  }

  std::vector<const Type*> open_;
};

}  // namespace

Value structural_schema(std::string_view type) {
  const Type* found = find_type(type);
  return found == nullptr ? Value() : Writer().write(*found).sorted();
}

}  // namespace fleet::kube::builtin
