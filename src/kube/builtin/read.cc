#include <algorithm>
#include <array>

#include "base/strings.h"
#include "codec/base64.h"
#include "kube/builtin/rules.h"
#include "kube/builtin/schema.h"
#include "kube/meta/quantity.h"

namespace fleet::kube::builtin {
namespace {

using data::Value;

// Where a Go type has another name than its schema says, in errors only.
std::string go_name(const Type& type) {
  switch (type.shape) {
    case Shape::String:
      return "string";
    case Shape::Int32:
    case Shape::IntOrString:
      return "int32";
    case Shape::Int64:
      return "int64";
    case Shape::Double:
      return "float64";
    case Shape::Bool:
      return "bool";
    case Shape::Bytes:
      return "[]uint8";
    case Shape::Quantity:
      return "resource.Quantity";
    case Shape::Time:
    case Shape::MicroTime:
      return "string";
    case Shape::Any:
      return "interface {}";
    case Shape::Struct: {
      auto parts = split(type.name, '.');
      return cat(parts[1], ".", parts[2]);
    }
    case Shape::List:
      return "[]" + go_name(*type.element);
    case Shape::Map:
      return "map[string]" + go_name(*type.element);
  }
  return {};
}

std::string_view kind_of(const Value& value) {
  if (value.is_bool()) return "bool";
  if (value.is_string()) return "string";
  if (value.is_array()) return "array";
  if (value.is_object()) return "object";
  return "number";
}

// Lists that Go writes even when they are empty.
bool keeps_empty(const Type& owner, std::string_view field) {
  return (owner.name == "rbac.v1.PolicyRule" && field == "verbs") ||
         ((owner.name == "rbac.v1.Role" || owner.name == "rbac.v1.ClusterRole") &&
          field == "rules") ||
         (owner.name == "discovery.v1.EndpointSlice" && (field == "endpoints" || field == "ports"));
}

class Reader {
 public:
  explicit Reader(std::vector<std::string>& unknown)
      : unknown_(unknown) {}

  // `owner` is the struct whose field is read. False: drop the field.
  Result<bool> read(const Type& type, std::string_view owner, Value& value) {
    if (value.is_null()) return false;
    switch (type.shape) {
      case Shape::Any:
        return true;
      case Shape::Struct:
        return read_struct(type, owner, value);
      case Shape::List:
        return read_list(type, owner, value);
      case Shape::Map:
        return read_map(type, owner, value);
      default:
        TRY(read_scalar(type, owner, value));
        return true;
    }
  }

 private:
  Error mismatch(std::string_view found, const Type& type, std::string_view owner) const {
    if (owner.empty()) {
      return Error(Code::BadRequest,
                   cat("json: cannot unmarshal ", found, " into Go value of type ", go_name(type)));
    }
    return Error(Code::BadRequest,
                 cat("json: cannot unmarshal ",
                     found,
                     " into Go struct field ",
                     owner,
                     ".",
                     go_path_,
                     " of type ",
                     go_name(type)));
  }

  Result<> read_scalar(const Type& type, std::string_view owner, Value& value) {
    bool fits = false;
    switch (type.shape) {
      case Shape::Int32:
      case Shape::Int64:
        return read_integer(type, owner, value);
      case Shape::Double:
        fits = value.is_number();
        break;
      case Shape::Bool:
        fits = value.is_bool();
        break;
      case Shape::IntOrString:
        if (value.is_number()) return read_integer(type, owner, value);
        fits = value.is_string();
        break;
      case Shape::Quantity: {
        auto quantity = Quantity::from_value(value);
        if (!quantity.ok()) return Error(Code::BadRequest, quantity.error().message());
        value = quantity->str();
        return {};
      }
      case Shape::Bytes:
        fits = value.is_string();
        if (fits) {
          auto bytes = codec::base64_decode(value.as_string());
          if (!bytes.ok()) return Error(Code::BadRequest, bytes.error().message());
        }
        break;
      case Shape::Time:
      case Shape::MicroTime:
        fits = value.is_string();
        if (fits) return read_time(type, value);
        break;
      default:
        fits = value.is_string();
        break;
    }
    if (!fits) return mismatch(kind_of(value), type, owner);
    return {};
  }

  Result<> read_time(const Type& type, Value& value) {
    std::string text = value.to_string();
    auto time = parse_rfc3339(text);
    if (!time) {
      return Error(Code::BadRequest,
                   cat("parsing time ",
                       quote(text),
                       " as \"2006-01-02T15:04:05Z07:00\": cannot parse ",
                       quote(text),
                       " as \"2006\""));
    }
    value = type.shape == Shape::Time ? format_rfc3339(*time) : format_rfc3339_micro(*time);
    return {};
  }

  Result<> read_integer(const Type& type, std::string_view owner, Value& value) {
    if (!value.is_number()) return mismatch(kind_of(value), type, owner);
    bool wide = type.shape == Shape::Int64;
    bool whole = value.is_integer() && value.type() != data::Type::UInt;
    int64_t number = value.as_int();
    if (whole && (wide || (number >= INT32_MIN && number <= INT32_MAX))) return {};
    std::string text = value.type() == data::Type::Double   ? to_text(value.as_double())
                       : value.type() == data::Type::UInt   ? std::to_string(value.as_uint())
                       : value.type() == data::Type::Number ? value.to_string()
                                                            : std::to_string(number);
    return mismatch("number " + text, type, owner);
  }

  Result<bool> read_struct(const Type& type, std::string_view owner, Value& value) {
    if (!value.is_object()) return mismatch(kind_of(value), type, owner);
    std::vector<std::string> gone;
    std::string_view me = bare_name(type);
    size_t path = path_.size();
    size_t go_path = go_path_.size();
    for (size_t i = 0; i < value.members().size(); ++i) {
      std::string field(name(value.members()[i]));
      const Type* member = type.find(field);
      path_ += path_.empty() ? field : "." + field;
      if (member == nullptr) {
        unknown_.push_back(cat("unknown field ", quote(path_)));
        gone.push_back(field);
      } else {
        go_path_ += go_path_.empty() ? field : "." + field;
        bool kept = TRY(read_member(type, *member, me, field, value));
        if (!kept) gone.push_back(field);
      }
      path_.resize(path);
      go_path_.resize(go_path);
    }
    for (const std::string& field : gone) {
      value.erase(field);
    }
    return true;
  }

  // Leaves shared nodes alone where nothing changes: most fields of most objects.
  Result<bool> read_member(const Type& type,
                           const Type& member,
                           std::string_view me,
                           const std::string& field,
                           Value& value) {
    Value copy = value[field];
    bool kept = TRY(read(member, me, copy));
    bool is_container = member.shape == Shape::List || member.shape == Shape::Map;
    if (is_container && copy.empty() && !keeps_empty(type, field)) return false;
    if (kept && !copy.same_node(value[field])) value.set(field, std::move(copy));
    return kept;
  }

  Result<bool> read_list(const Type& type, std::string_view owner, Value& value) {
    if (!value.is_array()) return mismatch(kind_of(value), type, owner);
    size_t path = path_.size();
    for (size_t i = 0; i < value.size(); ++i) {
      path_ += cat("[", i, "]");
      Value copy = value[i];
      if (!TRY(read(*type.element, owner, copy))) copy = zero(*type.element);
      if (!copy.same_node(value[i])) value.edit(i) = std::move(copy);
      path_.resize(path);
    }
    return true;
  }

  Result<bool> read_map(const Type& type, std::string_view owner, Value& value) {
    if (!value.is_object()) return mismatch(kind_of(value), type, owner);
    size_t path = path_.size();
    for (size_t i = 0; i < value.members().size(); ++i) {
      std::string key(name(value.members()[i]));
      path_ += "." + key;
      Value copy = value.members()[i].value;
      if (!TRY(read(*type.element, owner, copy))) copy = zero(*type.element);
      if (!copy.same_node(value[key])) value.set(key, std::move(copy));
      path_.resize(path);
    }
    return true;
  }

  // What Go makes of a null item: the zero value.
  static Value zero(const Type& type) {
    if (type.shape == Shape::Struct) return Value::object();
    if (type.shape == Shape::String || type.shape == Shape::Bytes) return "";
    if (type.shape == Shape::Quantity) return "0";
    if (type.shape == Shape::Bool) return false;
    if (type.shape == Shape::List || type.shape == Shape::Map || type.shape == Shape::Any) {
      return nullptr;
    }
    return 0;
  }

  std::vector<std::string>& unknown_;
  std::string path_;     // with positions: spec.containers[0].image
  std::string go_path_;  // without: spec.containers.image
};

}  // namespace

Result<> read_strictly(const Kind& kind, Value& object, std::vector<std::string>& unknown) {
  const Type* type = find_type(kind.schema);
  if (type == nullptr) return {};
  auto read = Reader(unknown).read(*type, "", object);
  if (read.ok()) return {};
  return Error(read.error().code(),
               cat(kind.kind,
                   " in version ",
                   quote(kind.version),
                   " cannot be handled as a ",
                   kind.kind,
                   ": ",
                   read.error().message()));
}

}  // namespace fleet::kube::builtin
