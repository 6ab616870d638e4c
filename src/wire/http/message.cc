#include "wire/http/message.h"

#include <algorithm>

#include "base/strings.h"

namespace fleet::http {

Headers::Headers(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  for (const auto& [name, value] : fields)
    add(name, value);
}

void Headers::set(std::string_view name, std::string_view value) {
  erase(name);
  add(name, value);
}

void Headers::add(std::string_view name, std::string_view value) {
  fields_.push_back({to_lower(name), std::string(value)});
}

void Headers::erase(std::string_view name) {
  std::erase_if(fields_, [&](const Field& field) { return equal_fold(field.name, name); });
}

const std::string* Headers::find(std::string_view name) const {
  for (const Field& field : fields_) {
    if (equal_fold(field.name, name)) return &field.value;
  }
  return nullptr;
}

std::string_view Headers::value(std::string_view name) const {
  const std::string* found = find(name);
  return found == nullptr ? std::string_view() : std::string_view(*found);
}

std::vector<std::string_view> Headers::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const Field& field : fields_) {
    if (equal_fold(field.name, name)) values.push_back(field.value);
  }
  return values;
}

bool Headers::lists(std::string_view name, std::string_view member) const {
  for (const std::string_view value : all(name)) {
    for (const std::string_view part : split(value, ',')) {
      const std::string_view word = trim(part.substr(0, part.find(';')));
      if (equal_fold(word, member)) return true;
    }
  }
  return false;
}

Query::Query(std::initializer_list<std::pair<std::string_view, std::string_view>> parameters) {
  for (const auto& [name, value] : parameters)
    add(name, value);
}

Query Query::parse(std::string_view text) {
  Query query;
  for (const std::string_view pair : split(text, '&')) {
    if (pair.empty() || contains(pair, ";")) continue;
    const auto parts = cut(pair, "=");
    const auto name = unescape_query(parts ? parts->before : pair);
    const auto value = unescape_query(parts ? parts->after : std::string_view());
    if (name && value) query.add(*name, *value);
  }
  return query;
}

void Query::add(std::string_view name, std::string_view value) {
  parameters_.push_back({std::string(name), std::string(value)});
}

void Query::set(std::string_view name, std::string_view value) {
  std::erase_if(parameters_, [&](const Parameter& p) { return p.name == name; });
  add(name, value);
}

const std::string* Query::find(std::string_view name) const {
  for (const Parameter& parameter : parameters_) {
    if (parameter.name == name) return &parameter.value;
  }
  return nullptr;
}

std::string_view Query::value(std::string_view name) const {
  const std::string* found = find(name);
  return found == nullptr ? std::string_view() : std::string_view(*found);
}

std::vector<std::string_view> Query::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const Parameter& parameter : parameters_) {
    if (parameter.name == name) values.push_back(parameter.value);
  }
  return values;
}

std::string Query::text() const {
  std::string out;
  for (const Parameter& p : parameters_) {
    out += cat(out.empty() ? "" : "&", escape_query(p.name), "=", escape_query(p.value));
  }
  return out;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 100:
      return "Continue";
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Request Entity Too Large";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Requested Range Not Satisfiable";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Entity";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    case 507:
      return "Insufficient Storage";
    default:
      return {};
  }
}

int status_of(Code code) {
  switch (code) {
    case Code::BadRequest:
      return 400;
    case Code::Unauthorized:
      return 401;
    case Code::Forbidden:
      return 403;
    case Code::NotFound:
      return 404;
    case Code::MethodNotAllowed:
      return 405;
    case Code::NotAcceptable:
      return 406;
    case Code::AlreadyExists:
    case Code::Conflict:
      return 409;
    case Code::Gone:
    case Code::Expired:
      return 410;
    case Code::RequestEntityTooLarge:
      return 413;
    case Code::UnsupportedMediaType:
      return 415;
    case Code::Invalid:
    case Code::Unsupported:
      return 422;
    case Code::TooManyRequests:
      return 429;
    case Code::ServiceUnavailable:
      return 503;
    case Code::Timeout:
    case Code::ServerTimeout:
      return 504;
    case Code::InsufficientStorage:
      return 507;
    case Code::InternalError:
    case Code::Cancelled:
    case Code::Unknown:
      return 500;
  }
  return 500;
}

Code code_of_status(int status) {
  switch (status) {
    case 400:
      return Code::BadRequest;
    case 401:
      return Code::Unauthorized;
    case 403:
      return Code::Forbidden;
    case 404:
      return Code::NotFound;
    case 405:
      return Code::MethodNotAllowed;
    case 406:
      return Code::NotAcceptable;
    case 409:
      return Code::Conflict;
    case 410:
      return Code::Gone;
    case 413:
      return Code::RequestEntityTooLarge;
    case 415:
      return Code::UnsupportedMediaType;
    case 422:
      return Code::Invalid;
    case 429:
      return Code::TooManyRequests;
    case 500:
      return Code::InternalError;
    case 503:
      return Code::ServiceUnavailable;
    case 504:
      return Code::Timeout;
    case 507:
      return Code::InsufficientStorage;
    default:
      return Code::Unknown;
  }
}

}  // namespace fleet::http
