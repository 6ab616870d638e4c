#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "base/strings.h"
#include "data/fields/fields.h"

namespace fleet::data {
namespace {

// "v1alpha1.Partition" is shown as Partition; a struct type without a name has none to show.
std::string_view bare_name(std::string_view go_type) {
  if (go_type.starts_with("struct {")) return {};
  size_t dot = go_type.rfind('.');
  return dot == std::string_view::npos ? go_type : go_type.substr(dot + 1);
}

// The number as it stands in the JSON text, for messages.
std::string number_text(const Value& number) {
  switch (number.type()) {
    case Type::Int:
      return std::to_string(number.as_int());
    case Type::UInt:
      return std::to_string(number.as_uint());
    case Type::Number:
      return number.to_string();
    default:
      break;
  }
  double real = number.as_double();
  double size = std::fabs(real);
  bool plain = size == 0 || (size >= 1e-6 && size < 1e21);
  char buffer[400];
  auto end = std::to_chars(buffer,
                           buffer + sizeof(buffer),
                           real,
                           plain ? std::chars_format::fixed : std::chars_format::scientific)
                 .ptr;
  std::string text(buffer, end);
  size_t exponent = text.size() - std::min<size_t>(text.size(), 4);
  if (!plain && text.substr(exponent, 3) == "e-0") text.erase(exponent + 2, 1);
  return text;
}

std::string_view kind_of(const Value& value) {
  switch (value.type()) {
    case Type::Null:
      return "null";
    case Type::Bool:
      return "bool";
    case Type::String:
      return "string";
    case Type::Array:
      return "array";
    case Type::Object:
      return "object";
    default:
      return "number";
  }
}

// A number that an integer type cannot hold is named in the message; others are only "number".
bool is_integer(std::string_view go_type) {
  std::string_view name = trim_prefix(go_type, "u");
  if (!name.starts_with("int")) return false;
  std::string_view bits = name.substr(3);
  return bits.empty() || bits == "8" || bits == "16" || bits == "32" || bits == "64";
}

template <typename T>
void store(void* out, T value) {
  *static_cast<T*>(out) = value;
}

void store_signed(void* out, uint8_t bytes, int64_t value) {
  if (bytes == 1) store(out, static_cast<int8_t>(value));
  if (bytes == 2) store(out, static_cast<int16_t>(value));
  if (bytes == 4) store(out, static_cast<int32_t>(value));
  if (bytes == 8) store(out, value);
}

void store_unsigned(void* out, uint8_t bytes, uint64_t value) {
  if (bytes == 1) store(out, static_cast<uint8_t>(value));
  if (bytes == 2) store(out, static_cast<uint16_t>(value));
  if (bytes == 4) store(out, static_cast<uint32_t>(value));
  if (bytes == 8) store(out, value);
}

class Decoder final : public DecodeContext {
 public:
  explicit Decoder(DecodeOptions options)
      : options_(options) {}

  Result<> run(const TypeInfo& type, const Value& value, void* out) {
    TRY(read(type, value, out));
    if (first_error_) return *std::move(first_error_);
    return {};
  }

  Error type_error(const Value& found, std::string_view go_type) const override {
    if (!found.is_number() || !is_integer(go_type)) return mismatch(kind_of(found), go_type);
    return mismatch("number " + number_text(found), go_type);
  }

 private:
  // As Go's saveError: the first wrong type is reported, but reading goes on, since an error of a
  // custom type further on takes precedence.
  void save(Error error) {
    if (!first_error_) first_error_ = std::move(error);
  }

  Error mismatch(std::string_view found, std::string_view go_type) const {
    if (struct_.empty() && path_.empty()) {
      return Error(Code::Invalid,
                   cat("json: cannot unmarshal ", found, " into Go value of type ", go_type));
    }
    return Error(Code::Invalid,
                 cat("json: cannot unmarshal ",
                     found,
                     " into Go struct field ",
                     struct_,
                     ".",
                     path_,
                     " of type ",
                     go_type));
  }

  Result<> read(const TypeInfo& type, const Value& value, void* out) {
    switch (type.shape) {
      case Shape::Custom:
        return type.custom->decode(*this, value, out);
      case Shape::Any:
        *static_cast<Value*>(out) = value;
        return {};
      case Shape::Optional:
        if (value.is_null()) {
          type.optional->reset(out);
          return {};
        }
        return read(type.element(), value, type.optional->emplace(out));
      case Shape::List:
        return read_list(type, value, out);
      case Shape::Map:
        return read_map(type, value, out);
      case Shape::Struct:
        return read_struct(type, value, out);
      default:
        if (!value.is_null()) read_scalar(type, value, out);
        return {};
    }
  }

  void read_scalar(const TypeInfo& type, const Value& value, void* out) {
    switch (type.shape) {
      case Shape::Bool:
        if (value.is_bool()) return store(out, value.as_bool());
        break;
      case Shape::String:
        return read_string(type, value, out);
      case Shape::Double:
        if (!value.is_number()) break;
        if (type.bytes == 4) {
          store(out, static_cast<float>(value.as_double()));
        } else {
          store(out, value.as_double());
        }
        return;
      default:
        if (value.is_number()) return read_integer(type, value, out);
        break;
    }
    save(mismatch(kind_of(value), go_type_name(type)));
  }

  void read_string(const TypeInfo& type, const Value& value, void* out) {
    auto& text = *static_cast<std::string*>(out);
    if (value.is_string()) {
      text = value.to_string();
      return;
    }
    save(mismatch(kind_of(value), go_type_name(type)));
  }

  void read_integer(const TypeInfo& type, const Value& value, void* out) {
    std::string text = number_text(value);
    if (type.shape == Shape::Int) {
      auto number = parse_int(text);
      int bits = type.bytes * 8 - 1;
      int64_t most = bits == 63 ? INT64_MAX : (int64_t{1} << bits) - 1;
      if (number && *number <= most && *number >= -most - 1) {
        return store_signed(out, type.bytes, *number);
      }
    } else {
      auto number = parse_uint(text);
      uint64_t most = type.bytes == 8 ? UINT64_MAX : (uint64_t{1} << (type.bytes * 8)) - 1;
      if (number && *number <= most) return store_unsigned(out, type.bytes, *number);
    }
    save(mismatch("number " + text, go_type_name(type)));
  }

  Result<> read_list(const TypeInfo& type, const Value& value, void* out) {
    if (value.is_null()) {
      type.list->clear(out);
      return {};
    }
    if (!value.is_array()) {
      save(mismatch(kind_of(value), go_type_name(type)));
      return {};
    }
    type.list->clear(out);
    for (const Value& item : value.items()) {
      TRY(read(type.element(), item, type.list->append(out)));
    }
    return {};
  }

  Result<> read_map(const TypeInfo& type, const Value& value, void* out) {
    if (value.is_null()) {
      type.map->clear(out);
      return {};
    }
    if (!value.is_object()) {
      save(mismatch(kind_of(value), go_type_name(type)));
      return {};
    }
    for (const Member& member : value.members()) {
      TRY(read(type.element(), member.value, type.map->insert(out, name(member))));
    }
    return {};
  }

  const Field* find(const Fields& fields, std::string_view name) const {
    return options_.names == DecodeOptions::Case::Exact ? find_exact(fields, name)
                                                        : find_folded(fields, name);
  }

  Result<> read_struct(const TypeInfo& type, const Value& value, void* out) {
    if (value.is_null()) return {};
    if (!value.is_object()) {
      save(mismatch(kind_of(value), go_type_name(type)));
      return {};
    }
    const Fields& fields = type.fields();
    std::string_view outer_struct = struct_;
    size_t outer_path = path_.size();
    for (const Member& member : value.members()) {
      const Field* field = find(fields, name(member));
      if (field == nullptr) {
        if (options_.unknown == DecodeOptions::Unknown::Refused) {
          save(Error(Code::Invalid, cat("json: unknown field ", quote(name(member)))));
        }
        continue;
      }
      struct_ = bare_name(type.go_type);
      if (!path_.empty()) path_ += '.';
      path_ += field->embedded_path;
      path_ += field->name;
      TRY(read(field->type(), member.value, static_cast<char*>(out) + field->offset));
      path_.resize(outer_path);
      struct_ = outer_struct;
    }
    return {};
  }

  DecodeOptions options_;
  std::optional<Error> first_error_;
  std::string_view struct_;  // the innermost struct being read, without its package
  std::string path_;
};

}  // namespace

Result<> decode_into(const TypeInfo& type, const Value& value, void* out, DecodeOptions options) {
  return Decoder(options).run(type, value, out);
}

}  // namespace fleet::data
