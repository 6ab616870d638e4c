#include "wire/oci/login.h"

#include "base/strings.h"
#include "data/json/parse.h"
#include "wire/http/client.h"

namespace fleet::oci {
namespace {

// One `name="value"` or `name=value` from the front; false at the end or for something else.
bool take_parameter(std::string_view& text, std::string& name, std::string& value) {
  text = trim_left(text, " ,\t");
  const auto parts = cut(text, "=");
  if (!parts) return false;
  name = to_lower(trim(parts->before));
  text = parts->after;
  value.clear();
  if (!text.starts_with('"')) {
    const size_t end = std::min(text.find_first_of(", "), text.size());
    value = std::string(text.substr(0, end));
    text.remove_prefix(end);
    return true;
  }
  size_t at = 1;
  while (at < text.size() && text[at] != '"') {
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    value += text[at++];
  }
  text.remove_prefix(std::min(at + 1, text.size()));
  return true;
}

}  // namespace

std::optional<Challenge> parse_challenge(std::string_view header) {
  const auto parts = cut(trim(header), " ");
  if (!parts) return {};
  Challenge challenge{to_lower(parts->before), {}};
  std::string_view rest = parts->after;
  std::string name;
  std::string value;
  while (take_parameter(rest, name, value))
    challenge.parameters[name] = value;
  return challenge;
}

Result<std::string> answer_challenge(const Context& ctx,
                                     http::Client& client,
                                     const Challenge& challenge,
                                     std::string_view scope,
                                     const RegistryOptions& options) {
  const bool has_login = !options.username.empty() || !options.password.empty();
  const std::string basic = http::basic_authorization(options.username, options.password.reveal());
  if (challenge.scheme == "basic") {
    if (has_login) return basic;
    return Error{Code::Unauthorized, "authentication required"};
  }
  const auto realm = challenge.parameters.find("realm");
  if (challenge.scheme != "bearer" || realm == challenge.parameters.end()) {
    return Error{Code::Unauthorized,
                 cat("login by ", quote(challenge.scheme), " is not supported")};
  }
  http::Query query;
  if (const auto service = challenge.parameters.find("service");
      service != challenge.parameters.end()) {
    query.add("service", service->second);
  }
  query.add("scope", scope);
  http::Call call;
  call.url = cat(realm->second, contains(realm->second, "?") ? "&" : "?", query.text());
  if (has_login) call.headers.add("authorization", basic);
  call.max_answer_bytes = size_t{1} << 20;
  const http::Answer answer = TRY(client.request(ctx, call).within("token service"));
  if (answer.status != 200) {
    return Error{Code::Unauthorized, cat("token service answers ", answer.status)};
  }
  const data::Value document = TRY(json::parse(answer.body).within("token service"));
  std::string token = document["token"].to_string();
  if (token.empty()) token = document["access_token"].to_string();
  if (token.empty()) return Error{Code::Unauthorized, "token service gives no token"};
  return "Bearer " + token;
}

}  // namespace fleet::oci
