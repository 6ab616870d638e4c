#include "kube/meta/status.h"

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "data/json/print.h"

namespace fleet::kube {
namespace {

struct HttpCode {
  Code code;
  int status;
};
// The first of several codes with one status is what that status means by itself.
constexpr std::array kHttpCodes = {
    HttpCode{Code::BadRequest, 400},
    HttpCode{Code::Unauthorized, 401},
    HttpCode{Code::Forbidden, 403},
    HttpCode{Code::NotFound, 404},
    HttpCode{Code::MethodNotAllowed, 405},
    HttpCode{Code::NotAcceptable, 406},
    HttpCode{Code::Conflict, 409},
    HttpCode{Code::AlreadyExists, 409},
    HttpCode{Code::Expired, 410},
    HttpCode{Code::Gone, 410},
    HttpCode{Code::RequestEntityTooLarge, 413},
    HttpCode{Code::UnsupportedMediaType, 415},
    HttpCode{Code::Invalid, 422},
    HttpCode{Code::Unsupported, 422},
    HttpCode{Code::TooManyRequests, 429},
    HttpCode{Code::InternalError, 500},
    HttpCode{Code::ServerTimeout, 500},
    HttpCode{Code::ServiceUnavailable, 503},
    HttpCode{Code::Timeout, 504},
    HttpCode{Code::InsufficientStorage, 507},
};

constexpr std::string_view kTypeWords[] = {"Not found",
                                           "Required value",
                                           "Duplicate value",
                                           "Invalid value",
                                           "Unsupported value",
                                           "Forbidden",
                                           "Too long",
                                           "Too many",
                                           "Internal error",
                                           "Invalid value"};

// As Go prints a bad value: text quoted, the rest as JSON.
std::string shown(const data::Value& value) {
  if (value.is_string()) return quote(value.as_string());
  return json::print(value, json::Keys::Sorted, json::Html::Plain);
}

// "deployments.apps" → {"apps", "deployments"}.
void set_resource(Status& status, std::string_view resource) {
  auto parts = cut(resource, ".");
  status.kind = parts ? parts->before : resource;
  if (parts) status.group = parts->after;
}

Status failure(Code code, std::string message) {
  Status out;
  out.reason = code;
  out.http = http_status(code);
  out.message = std::move(message);
  return out;
}

Status about(Code code, std::string_view resource, std::string_view name, std::string message) {
  Status out = failure(code, std::move(message));
  set_resource(out, resource);
  out.name = name;
  return out;
}

void set_text(data::Value& out, std::string_view key, std::string_view text) {
  if (!text.empty()) out.set(key, text);
}

data::Value details_of(const Status& status) {
  data::Value out = data::Value::object();
  set_text(out, "name", status.name);
  set_text(out, "group", status.group);
  set_text(out, "kind", status.kind);
  set_text(out, "uid", status.uid);
  for (const StatusCause& cause : status.causes) {
    data::Value item = data::Value::object();
    set_text(item, "reason", cause.reason);
    set_text(item, "message", cause.message);
    set_text(item, "field", cause.field);
    out.edit("causes").push_back(std::move(item));
  }
  if (status.retry_after_seconds != 0) out.set("retryAfterSeconds", status.retry_after_seconds);
  return out;
}

}  // namespace

int http_status(Code code) {
  for (const HttpCode& row : kHttpCodes) {
    if (row.code == code) return row.status;
  }
  return 500;
}

Code code_from_http(int status) {
  for (const HttpCode& row : kHttpCodes) {
    if (row.status == status) return row.code;
  }
  return status >= 500 ? Code::InternalError : Code::Unknown;
}

std::string FieldError::body() const {
  std::string out(kTypeWords[static_cast<size_t>(type)]);
  bool shows_value = !omit_value && type != Type::Required && type != Type::Forbidden &&
                     type != Type::TooLong && type != Type::Internal;
  if (shows_value) out += ": " + shown(value);
  if (!detail.empty()) out += ": " + detail;
  return out;
}

std::string FieldError::str() const {
  return cat(field.empty() ? "<nil>" : std::string_view(field), ": ", body());
}

FieldError FieldError::required(std::string field, std::string detail) {
  return {Type::Required, std::move(field), "", std::move(detail), false};
}
FieldError FieldError::invalid(std::string field, data::Value value, std::string detail) {
  return {Type::Invalid, std::move(field), std::move(value), std::move(detail), false};
}
FieldError FieldError::type_invalid(std::string field, data::Value value, std::string detail) {
  return {Type::TypeInvalid, std::move(field), std::move(value), std::move(detail), false};
}
FieldError FieldError::duplicate(std::string field, data::Value value) {
  return {Type::Duplicate, std::move(field), std::move(value), "", false};
}
FieldError FieldError::not_found(std::string field, data::Value value) {
  return {Type::NotFound, std::move(field), std::move(value), "", false};
}
FieldError FieldError::forbidden(std::string field, std::string detail) {
  return {Type::Forbidden, std::move(field), "", std::move(detail), false};
}

FieldError FieldError::not_supported(std::string field,
                                     data::Value value,
                                     const std::vector<std::string>& supported) {
  std::vector<std::string> quoted;
  for (const std::string& one : supported) {
    quoted.push_back(quote(one));
  }
  std::string detail = quoted.empty() ? "" : "supported values: " + join(quoted, ", ");
  return {Type::NotSupported, std::move(field), std::move(value), std::move(detail), false};
}

FieldError FieldError::too_long(std::string field, size_t max_bytes) {
  return {Type::TooLong,
          std::move(field),
          "",
          cat("may not be more than ", max_bytes, max_bytes == 1 ? " byte" : " bytes"),
          false};
}

FieldError FieldError::too_many(std::string field, size_t actual, size_t max) {
  return {Type::TooMany,
          std::move(field),
          actual,
          cat("must have at most ", max, max == 1 ? " item" : " items"),
          false};
}

std::string_view cause_reason(FieldError::Type type) {
  constexpr std::string_view kWords[] = {"FieldValueNotFound",
                                         "FieldValueRequired",
                                         "FieldValueDuplicate",
                                         "FieldValueInvalid",
                                         "FieldValueNotSupported",
                                         "FieldValueForbidden",
                                         "FieldValueTooLong",
                                         "FieldValueTooMany",
                                         "InternalError",
                                         "FieldValueTypeInvalid"};
  return kWords[static_cast<size_t>(type)];
}

std::string join_field_errors(const FieldErrors& errors) {
  std::vector<std::string> texts;
  for (const FieldError& error : errors) {
    std::string text = error.str();
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
  }
  return texts.size() == 1 ? texts.front() : cat("[", join(texts, ", "), "]");
}

data::Value Status::to_value() const {
  data::Value out = data::Value::object({{"kind", "Status"},
                                         {"apiVersion", "v1"},
                                         {"metadata", data::Value::object()},
                                         {"status", success ? "Success" : "Failure"}});
  set_text(out, "message", message);
  if (!success && reason != Code::Unknown) out.set("reason", to_string(reason));
  if (data::Value details = details_of(*this); !details.empty()) {
    out.set("details", std::move(details));
  }
  if (!success) out.set("code", http);
  return out;
}

Status Status::from_value(const data::Value& value) {
  Status out;
  out.success = value["status"].as_string() == "Success";
  out.message = value["message"].to_string();
  out.http = static_cast<int>(value["code"].as_int(out.success ? 200 : 500));
  out.reason = code_from_string(value["reason"].as_string());
  if (out.reason == Code::Unknown && !out.success && value["reason"].as_string().empty()) {
    out.reason = code_from_http(out.http);
  }
  const data::Value& details = value["details"];
  out.name = details["name"].to_string();
  out.group = details["group"].to_string();
  out.kind = details["kind"].to_string();
  out.uid = details["uid"].to_string();
  out.retry_after_seconds = static_cast<int>(details["retryAfterSeconds"].as_int());
  for (const data::Value& cause : details["causes"].items()) {
    out.causes.push_back(
        {cause["reason"].to_string(), cause["message"].to_string(), cause["field"].to_string()});
  }
  return out;
}

Status Status::from_error(const Error& error) {
  return failure(error.code(), error.message());
}

Status Status::not_found(std::string_view resource, std::string_view name) {
  return about(Code::NotFound, resource, name, cat(resource, " ", quote(name), " not found"));
}

Status Status::already_exists(std::string_view resource, std::string_view name) {
  return about(
      Code::AlreadyExists, resource, name, cat(resource, " ", quote(name), " already exists"));
}

Status Status::conflict(std::string_view resource, std::string_view name, std::string_view why) {
  return about(Code::Conflict,
               resource,
               name,
               cat("Operation cannot be fulfilled on ", resource, " ", quote(name), ": ", why));
}

Status Status::forbidden(std::string_view resource, std::string_view name, std::string_view why) {
  std::string text = resource.empty() ? cat("forbidden: ", why)
                     : name.empty()   ? cat(resource, " is forbidden: ", why)
                                      : cat(resource, " ", quote(name), " is forbidden: ", why);
  return about(Code::Forbidden, resource, name, std::move(text));
}

Status Status::bad_request(std::string message) {
  return failure(Code::BadRequest, std::move(message));
}

Status Status::unauthorized() {
  return failure(Code::Unauthorized, "Unauthorized");
}

Status Status::expired(std::string message) {
  return failure(Code::Expired, std::move(message));
}

Status Status::method_not_allowed(std::string_view resource, std::string_view verb) {
  return about(Code::MethodNotAllowed,
               resource,
               "",
               cat(verb, " is not supported on resources of kind ", quote(resource)));
}

Status Status::too_large(std::string message) {
  return failure(Code::RequestEntityTooLarge, "Request entity too large: " + std::move(message));
}

Status Status::unsupported_media_type(std::string message) {
  return failure(Code::UnsupportedMediaType, std::move(message));
}

Status Status::too_many_requests(std::string message, int retry_after_seconds) {
  Status out = failure(Code::TooManyRequests, std::move(message));
  out.retry_after_seconds = retry_after_seconds;
  return out;
}

Status Status::internal(std::string message) {
  Status out = failure(Code::InternalError, "Internal error occurred: " + message);
  out.causes.push_back({"", std::move(message), ""});
  return out;
}

Status Status::invalid(std::string_view group,
                       std::string_view kind,
                       std::string_view name,
                       const FieldErrors& errors) {
  std::string qualified = group.empty() ? std::string(kind) : cat(kind, ".", group);
  std::string text = cat(qualified, " ", quote(name), " is invalid");
  if (!errors.empty()) text += ": " + join_field_errors(errors);
  Status out = failure(Code::Invalid, std::move(text));
  out.group = group;
  out.kind = kind;
  out.name = name;
  for (const FieldError& error : errors) {
    out.causes.push_back({std::string(cause_reason(error.type)),
                          error.body(),
                          error.field.empty() ? "<nil>" : error.field});
  }
  return out;
}

Status Status::ok() {
  Status out;
  out.success = true;
  out.http = 200;
  return out;
}

}  // namespace fleet::kube
