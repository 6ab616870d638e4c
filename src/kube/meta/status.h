// Status: the answer of an API server that something failed (or succeeded), and field errors.
//
// An `Error` is reason and message; a `Status` adds the HTTP code, details and causes. Convert at
// the edge: servers build a Status, clients turn it into an Error. Texts are kube-apiserver's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/value/value.h"

namespace fleet::kube {

// HTTP status of a reason; 500 for Unknown and Cancelled, 422 for Unsupported.
int http_status(Code code);
// The reason that fits an HTTP status when a peer did not say.
Code code_from_http(int status);

// What is wrong with one field. Printed: `spec.replicas: Invalid value: -1: must be …`.
struct FieldError {
  enum class Type {
    NotFound,
    Required,
    Duplicate,
    Invalid,
    NotSupported,
    Forbidden,
    TooLong,
    TooMany,
    Internal,
    TypeInvalid,
  };
  Type type = Type::Invalid;
  std::string field;   // "spec.containers[0].name"; "" is printed as <nil>
  data::Value value;   // the bad value, if the type shows one
  std::string detail;  // for TooLong/TooMany: the whole sentence
  bool omit_value = false;
  // Texts as Go prints them: strings quoted, numbers plain, objects as JSON.
  std::string str() const;
  std::string body() const;  // the same without the field

  static FieldError required(std::string field, std::string detail);
  static FieldError invalid(std::string field, data::Value value, std::string detail);
  static FieldError type_invalid(std::string field, data::Value value, std::string detail);
  static FieldError duplicate(std::string field, data::Value value);
  static FieldError not_found(std::string field, data::Value value);
  static FieldError forbidden(std::string field, std::string detail);
  static FieldError not_supported(std::string field,
                                  data::Value value,
                                  const std::vector<std::string>& supported);
  static FieldError too_long(std::string field, size_t max_bytes);
  static FieldError too_many(std::string field, size_t actual, size_t max);
};
using FieldErrors = std::vector<FieldError>;

// The words of a FieldError's type, as in causes: "FieldValueInvalid".
std::string_view cause_reason(FieldError::Type type);
// As apimachinery's aggregate: one text, or "[a, b]" without doubles.
std::string join_field_errors(const FieldErrors& errors);

struct StatusCause {
  std::string reason;
  std::string message;
  std::string field;
};

struct Status {
  bool success = false;
  Code reason = Code::Unknown;
  int http = 500;
  std::string message;
  // details
  std::string name;
  std::string group;
  std::string kind;  // the resource's plural in errors about a request
  std::string uid;
  std::vector<StatusCause> causes;
  int retry_after_seconds = 0;

  // {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",...} in wire order.
  data::Value to_value() const;
  static Status from_value(const data::Value& value);  // lenient

  Error to_error() const { return Error(reason, message); }
  static Status from_error(const Error& error);

  // Texts as kube-apiserver: `pods "x" not found`. `resource` is "pods" or "deployments.apps".
  static Status not_found(std::string_view resource, std::string_view name);
  static Status already_exists(std::string_view resource, std::string_view name);
  static Status conflict(std::string_view resource, std::string_view name, std::string_view why);
  static Status forbidden(std::string_view resource, std::string_view name, std::string_view why);
  static Status bad_request(std::string message);
  static Status unauthorized();
  static Status expired(std::string message);
  static Status method_not_allowed(std::string_view resource, std::string_view verb);
  static Status too_large(std::string message);
  static Status unsupported_media_type(std::string message);
  static Status too_many_requests(std::string message, int retry_after_seconds);
  static Status internal(std::string message);
  // `Deployment.apps "x" is invalid: [..]`, one cause a field.
  static Status invalid(std::string_view group,
                        std::string_view kind,
                        std::string_view name,
                        const FieldErrors& errors);
  static Status ok();
};

}  // namespace fleet::kube
