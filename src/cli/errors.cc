#include "cli/errors.h"

#include <ostream>

#include "base/strings.h"
#include "base/time.h"
#include "data/json/print.h"
#include "data/value/value.h"
#include "sys/environment.h"

namespace fleet::cli {

namespace {

// As logrus decides whether a text needs quotes.
bool is_plain(std::string_view text) {
  for (char c : text) {
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!is_letter && std::string_view("-._/@^+").find(c) == std::string_view::npos) return false;
  }
  return true;
}

}  // namespace

void print_failure(const Error& error, const Context& ctx, std::ostream& err) {
  std::string time = format_rfc3339(ctx.clock().now());
  const std::string& message = error.message();
  if (equal_fold(sys::env("FLEET_JSON_OUTPUT").value_or(""), "true")) {
    data::Value line = data::Value::object(
        {{"fleetErrorMessage", message}, {"level", "fatal"}, {"msg", message}, {"time", time}});
    err << json::print(line, json::Keys::Sorted) << "\n";
    return;
  }
  err << "time=\"" << time
      << "\" level=fatal msg=" << (is_plain(message) ? message : quote(message)) << "\n";
}

}  // namespace fleet::cli
