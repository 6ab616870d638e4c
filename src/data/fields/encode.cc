#include <string>

#include "data/fields/fields.h"

namespace fleet::data {
namespace {

template <typename T>
T load(const void* in) {
  return *static_cast<const T*>(in);
}

int64_t load_signed(const TypeInfo& type, const void* in) {
  if (type.bytes == 1) return load<int8_t>(in);
  if (type.bytes == 2) return load<int16_t>(in);
  if (type.bytes == 4) return load<int32_t>(in);
  return load<int64_t>(in);
}

uint64_t load_unsigned(const TypeInfo& type, const void* in) {
  if (type.bytes == 1) return load<uint8_t>(in);
  if (type.bytes == 2) return load<uint16_t>(in);
  if (type.bytes == 4) return load<uint32_t>(in);
  return load<uint64_t>(in);
}

double load_double(const TypeInfo& type, const void* in) {
  return type.bytes == 4 ? double{load<float>(in)} : load<double>(in);
}

bool is_empty(const TypeInfo& type, const void* in) {
  switch (type.shape) {
    case Shape::Bool:
      return !load<bool>(in);
    case Shape::Int:
      return load_signed(type, in) == 0;
    case Shape::UInt:
      return load_unsigned(type, in) == 0;
    case Shape::Double:
      return load_double(type, in) == 0;
    case Shape::String:
      return static_cast<const std::string*>(in)->empty();
    case Shape::List:
      return type.list->size(in) == 0;
    case Shape::Map:
      return type.map->size(in) == 0;
    case Shape::Optional:
      return type.optional->get(in) == nullptr;
    case Shape::Any:
      return static_cast<const Value*>(in)->is_null();
    case Shape::Struct:
    case Shape::Custom:
      return false;
  }
  return false;
}

Value encode_list(const TypeInfo& type, const void* in) {
  Value out = Value::array();
  size_t size = type.list->size(in);
  if (size == 0) return nullptr;
  out.reserve(size);
  for (size_t i = 0; i < size; ++i) {
    out.push_back(encode_from(type.element(), type.list->item(in, i)));
  }
  return out;
}

Value encode_map(const TypeInfo& type, const void* in) {
  if (type.map->size(in) == 0) return nullptr;
  struct Context {
    Value out = Value::object();
    const TypeInfo* element;
  } context{.element = &type.element()};
  type.map->each(in, &context, [](void* at, std::string_view key, const void* value) {
    auto& to = *static_cast<Context*>(at);
    to.out.set(key, encode_from(*to.element, value));
  });
  return std::move(context.out);
}

Value encode_struct(const TypeInfo& type, const void* in) {
  Value out = Value::object();
  for (const Field& field : type.fields()) {
    const void* at = static_cast<const char*>(in) + field.offset;
    const TypeInfo& member = field.type();
    if (!field.is_always && is_empty(member, at)) continue;
    if (field.is_omitzero && member.shape == Shape::Custom && member.custom->is_zero(at)) continue;
    out.set(field.name, encode_from(member, at));
  }
  return out;
}

// A list or map that is there is written even if it is empty, unlike one that may be a nil one.
Value encode_present(const TypeInfo& type, const void* in) {
  if (type.shape == Shape::List && is_empty(type, in)) return Value::array();
  if (type.shape == Shape::Map && is_empty(type, in)) return Value::object();
  return encode_from(type, in);
}

}  // namespace

Value encode_from(const TypeInfo& type, const void* in) {
  switch (type.shape) {
    case Shape::Bool:
      return load<bool>(in);
    case Shape::Int:
      return load_signed(type, in);
    case Shape::UInt:
      return load_unsigned(type, in);
    case Shape::Double:
      return load_double(type, in);
    case Shape::String:
      return *static_cast<const std::string*>(in);
    case Shape::Optional: {
      const void* value = type.optional->get(in);
      return value != nullptr ? encode_present(type.element(), value) : Value();
    }
    case Shape::List:
      return encode_list(type, in);
    case Shape::Map:
      return encode_map(type, in);
    case Shape::Struct:
      return encode_struct(type, in);
    case Shape::Any:
      return static_cast<const Value*>(in)->sorted();
    case Shape::Custom:
      return type.custom->encode(in);
  }
  return nullptr;
}

}  // namespace fleet::data
