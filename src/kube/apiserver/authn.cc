#include "kube/apiserver/authn.h"

#include "base/strings.h"

namespace fleet::kube::apiserver {

namespace {

// Fields of one CSV line; quotes may hold commas.
std::vector<std::string> csv_fields(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

std::string_view bearer_token(const http::Headers& headers) {
  const std::string_view value = headers.value("authorization");
  const auto parts = cut(value, " ");
  if (!parts || !equal_fold(parts->before, "Bearer")) return {};
  return trim(parts->after);
}

}  // namespace

Result<TokenFile> parse_token_file(std::string_view text) {
  TokenFile file;
  int number = 0;
  for (const std::string_view line : split_lines(text)) {
    ++number;
    if (trim(line).empty() || trim(line).starts_with('#')) continue;
    const auto fields = csv_fields(trim(line));
    if (fields.size() < 3 || fields[0].empty()) {
      return Error(Code::Invalid, cat("line ", number, ": must be token,user,uid[,\"groups\"]"));
    }
    Identity user;
    user.name = fields[1];
    user.uid = fields[2];
    if (fields.size() > 3) {
      for (const auto group : split(fields[3], ','))
        user.groups.emplace_back(trim(group));
    }
    user.groups.emplace_back(kAuthenticated);
    file.emplace(fields[0], std::move(user));
  }
  return file;
}

Reply<Identity> StandardAuthenticator::authenticate(const Context& ctx,
                                                    const Request& request) const {
  const std::string_view token = bearer_token(request.headers);
  if (!token.empty()) return TRY(check_token(ctx, token, {})).user;
  if (request.headers.find("authorization") != nullptr) return Status::unauthorized();
  Identity user;
  if (request.peer && !request.peer->common_name.empty()) {
    user.name = request.peer->common_name;
    user.groups = request.peer->organizations;
    user.groups.emplace_back(kAuthenticated);
    return user;
  }
  user.name = std::string(kAnonymous);
  user.groups.emplace_back(kUnauthenticated);
  return user;
}

Reply<TokenService::Verified> StandardAuthenticator::check_token(
    const Context& ctx, std::string_view token, const std::vector<std::string>& audiences) const {
  auto known = file_.find(token);
  if (known != file_.end()) return TokenService::Verified{known->second, audiences};
  auto verified = TRY(tokens_.verify(ctx, core_, token, audiences));
  if (!verified) return Status::unauthorized();
  return std::move(*verified);
}

}  // namespace fleet::kube::apiserver
