// Swagger documents as gnostic's protobuf messages: kubectl up to 1.26 reads no other form.
// Field numbers are those of gnostic's OpenAPIv2.proto.
#include <cstring>

#include "base/strings.h"
#include "data/json/print.h"
#include "kube/apiserver/openapi.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

// A protobuf message under construction; absent values are left out.
class Message {
 public:
  void text(unsigned field, std::string_view bytes) {
    if (!bytes.empty()) raw(field, bytes);
  }
  void raw(unsigned field, std::string_view bytes) {
    varint(field << 3 | 2);
    varint(bytes.size());
    bytes_ += bytes;
  }
  void number(unsigned field, uint64_t value) {
    if (value == 0) return;
    varint(field << 3);
    varint(value);
  }
  void real(unsigned field, double value) {
    varint(field << 3 | 1);
    char bits[sizeof value];
    std::memcpy(bits, &value, sizeof value);
    bytes_.append(bits, sizeof bits);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  void varint(uint64_t value) {
    while (value >= 0x80) {
      bytes_ += static_cast<char>(value | 0x80);
      value >>= 7;
    }
    bytes_ += static_cast<char>(value);
  }
  std::string bytes_;
};

// An Any holds its value as YAML text, and JSON is YAML.
std::string any(const Value& value) {
  Message message;
  message.raw(2, json::print(value, json::Keys::AsWritten, json::Html::Plain) + "\n");
  return message.bytes();
}

std::string named(std::string_view name, std::string_view value) {
  Message message;
  message.text(1, name);
  message.raw(2, value);
  return message.bytes();
}

void add_extensions(Message& message, unsigned field, const Value& value) {
  for (const data::Member& member : value.members()) {
    const std::string_view name = member.key.view();
    if (name.starts_with("x-")) message.raw(field, named(name, any(member.value)));
  }
}

std::string schema_message(const Value& schema);

std::string properties_message(const Value& properties) {
  Message message;
  for (const data::Member& member : properties.members()) {
    message.raw(1, named(member.key.view(), schema_message(member.value)));
  }
  return message.bytes();
}

std::string wrapped(unsigned field, std::string_view bytes) {
  Message message;
  message.raw(field, bytes);
  return message.bytes();
}

void add_limits(Message& message, const Value& schema) {
  if (schema["maximum"].is_number()) message.real(7, schema["maximum"].as_double());
  message.number(8, schema["exclusiveMaximum"].as_bool() ? 1 : 0);
  if (schema["minimum"].is_number()) message.real(9, schema["minimum"].as_double());
  message.number(10, schema["exclusiveMinimum"].as_bool() ? 1 : 0);
  message.number(11, schema["maxLength"].as_uint());
  message.number(12, schema["minLength"].as_uint());
  message.text(13, schema["pattern"].to_string());
  message.number(14, schema["maxItems"].as_uint());
  message.number(15, schema["minItems"].as_uint());
  message.number(17, schema["maxProperties"].as_uint());
  message.number(18, schema["minProperties"].as_uint());
}

std::string schema_message(const Value& schema) {
  Message message;
  message.text(1, schema["$ref"].to_string());
  message.text(2, schema["format"].to_string());
  message.text(4, schema["description"].to_string());
  if (schema.contains("default")) message.raw(5, any(schema["default"]));
  add_limits(message, schema);
  for (const Value& name : schema["required"].items())
    message.text(19, name.to_string());
  for (const Value& value : schema["enum"].items())
    message.raw(20, any(value));
  const Value& more = schema["additionalProperties"];
  if (more.is_object()) message.raw(21, wrapped(1, schema_message(more)));
  if (more.is_bool()) {
    Message flag;
    flag.number(2, more.as_bool() ? 1 : 0);
    message.raw(21, flag.bytes());
  }
  if (schema["type"].is_string()) message.raw(22, wrapped(1, schema["type"].to_string()));
  if (schema["items"].is_object()) message.raw(23, wrapped(1, schema_message(schema["items"])));
  for (const Value& part : schema["allOf"].items())
    message.raw(24, schema_message(part));
  if (schema["properties"].is_object()) {
    message.raw(25, properties_message(schema["properties"]));
  }
  add_extensions(message, 31, schema);
  return message.bytes();
}

std::string parameter_message(const Value& parameter) {
  Message query;
  query.text(2, parameter["in"].to_string());
  query.text(4, parameter["name"].to_string());
  query.text(6, parameter["type"].to_string());
  // ParametersItem.parameter, Parameter.non_body_parameter, query_parameter_sub_schema
  return wrapped(1, wrapped(2, wrapped(3, query.bytes())));
}

std::string operation_message(const Value& operation) {
  Message message;
  message.text(5, operation["operationId"].to_string());
  for (const Value& type : operation["consumes"].items())
    message.text(7, type.to_string());
  for (const Value& parameter : operation["parameters"].items()) {
    message.raw(8, parameter_message(parameter));
  }
  Message responses;
  Message response;
  response.text(1, "OK");
  responses.raw(1, named("200", wrapped(1, response.bytes())));
  message.raw(9, responses.bytes());
  add_extensions(message, 13, operation);
  return message.bytes();
}

std::string path_message(const Value& item) {
  struct Method {
    const char* name;
    unsigned field;
  };
  constexpr Method kMethods[] = {{"get", 2}, {"put", 3}, {"post", 4}, {"delete", 5}, {"patch", 8}};
  Message message;
  for (const Method& method : kMethods) {
    if (item.contains(method.name)) {
      message.raw(method.field, operation_message(item[method.name]));
    }
  }
  return message.bytes();
}

}  // namespace

std::string gnostic_v2(const Value& swagger) {
  Message info;
  info.text(1, swagger.at({"info", "title"}).to_string());
  info.text(2, swagger.at({"info", "version"}).to_string());
  Message paths;
  for (const data::Member& member : swagger["paths"].members()) {
    paths.raw(2, named(member.key.view(), path_message(member.value)));
  }
  Message document;
  document.text(1, swagger["swagger"].to_string());
  document.raw(2, info.bytes());
  document.raw(8, paths.bytes());
  document.raw(9, properties_message(swagger["definitions"]));
  return document.bytes();
}

}  // namespace fleet::kube::apiserver
