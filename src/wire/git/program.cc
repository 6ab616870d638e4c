#include "wire/git/program.h"

#include "base/strings.h"
#include "sys/environment.h"
#include "sys/process.h"

namespace fleet::git {
namespace {

constexpr size_t kMaxBundleBytes = size_t{16} << 20;
constexpr const char* kSystemAuthorities = "/etc/ssl/certs/ca-certificates.crt";

struct Sign {
  std::string_view text;
  Code code;
};
// In order: what comes first is the cause of what comes later.
constexpr Sign kSigns[] = {
    {"Host key verification failed", Code::Unauthorized},
    {"Permission denied", Code::Unauthorized},
    {"Authentication failed", Code::Unauthorized},
    {"could not read Username", Code::Unauthorized},
    {"could not read Password", Code::Unauthorized},
    {"Invalid username or password", Code::Unauthorized},
    {"error: 401", Code::Unauthorized},
    {"error: 403", Code::Forbidden},
    {"couldn't find remote ref", Code::NotFound},
    {"unknown revision", Code::NotFound},
    {"Needed a single revision", Code::NotFound},
    {"not our ref", Code::NotFound},
    {"does not allow request for unadvertised object", Code::NotFound},
    {"repository not found", Code::NotFound},
    {"Repository not found", Code::NotFound},
    {"does not appear to be a git repository", Code::NotFound},
    {"error: 404", Code::NotFound},
    {"' not found", Code::NotFound},
    {"[rejected]", Code::Conflict},
    {"Could not resolve host", Code::ServiceUnavailable},
    {"Could not resolve hostname", Code::ServiceUnavailable},
    {"unable to access", Code::ServiceUnavailable},
    {"Connection refused", Code::ServiceUnavailable},
    {"Connection timed out", Code::ServiceUnavailable},
    {"Connection closed by", Code::ServiceUnavailable},
    {"Connection reset", Code::ServiceUnavailable},
    {"The requested URL returned error: 5", Code::ServiceUnavailable},
    {"unable to connect", Code::ServiceUnavailable},
    {"Could not read from remote repository", Code::ServiceUnavailable},
    {"early EOF", Code::ServiceUnavailable},
    {"hung up unexpectedly", Code::ServiceUnavailable},
    {"No space left on device", Code::InsufficientStorage},
};

bool is_noise(std::string_view line) {
  return line.empty() || line.starts_with("hint:") || line.starts_with("warning:") ||
         line.starts_with("Warning:") || line.starts_with("Please make sure") ||
         line.starts_with("and the repository exists");
}

void pass_on(std::map<std::string, std::string>& env, const std::string& name) {
  for (const std::string& one : {name, to_lower(name)}) {
    if (auto value = sys::env(one); value && !value->empty()) {
      // curl reads http_proxy only in lower case.
      env[name] = *value;
      env[to_lower(name)] = *value;
    }
  }
}

std::string shell_quoted(const std::string& text) {
  return cat("'", replace_all(text, "'", "'\\''"), "'");
}

}  // namespace

Login login_of(const RemoteOptions& options, const RemoteUrl& url) {
  if (!options.username.empty()) return {options.username, options.password.reveal()};
  if (!options.password.empty()) return {options.password.reveal(), ""};
  return {url.user, url.password};
}

std::string trusted_authorities(const RemoteOptions& options) {
  std::string all = sys::read_file(kSystemAuthorities, kMaxBundleBytes).value_or("");
  for (const std::string& more : {options.ca_bundle, sys::env("PROXY_CA_BUNDLE").value_or("")}) {
    if (!more.empty()) all += cat("\n", more, "\n");
  }
  return all;
}

Error explain_failure(const std::string& errors, int exit_code) {
  Code code = Code::InternalError;
  std::vector<std::string> lines;
  for (const std::string_view raw : split_lines(errors)) {
    std::string_view line = trim(raw);
    if (is_noise(line)) continue;
    for (const std::string_view prefix : {"fatal: ", "error: ", "remote: "}) {
      line = trim_prefix(line, prefix);
    }
    lines.emplace_back(trim_right(line, ".\r"));
  }
  for (const Sign& sign : kSigns) {
    if (!contains(errors, sign.text)) continue;
    code = sign.code;
    break;
  }
  if (lines.empty()) return Error{code, cat("git ended with code ", exit_code)};
  constexpr size_t kShown = 3;
  if (lines.size() > kShown) lines.erase(lines.begin(), lines.end() - kShown);
  return Error{code, join(lines, "; ")};
}

Result<Program> Program::prepare(const RemoteOptions& options, const RemoteUrl& url) {
  Program program(TRY(sys::TempFolder::make("fleet-git")));
  program.configure(options, url);
  if (url.is_ssh()) TRY(program.configure_ssh(options));
  if (url.scheme == "https") {
    const bool extra = !options.ca_bundle.empty() || sys::env("PROXY_CA_BUNDLE").has_value();
    if (extra) {
      const std::string file = program.folder_.file("ca.pem");
      TRY(sys::write_file(file, trusted_authorities(options)));
      program.set_config("http.sslCAInfo", file);
    }
    if (options.insecure_skip_tls_verify) program.set_config("http.sslVerify", "false");
  }
  program.env_["GIT_CONFIG_COUNT"] = std::to_string(program.config_count_);
  return program;
}

void Program::configure(const RemoteOptions& options, const RemoteUrl& url) {
  env_ = {{"PATH", sys::env("PATH").value_or("/usr/local/bin:/usr/bin:/bin")},
          {"HOME", folder_.path()},
          {"LC_ALL", "C"},
          {"GIT_CONFIG_NOSYSTEM", "1"},
          {"GIT_CONFIG_GLOBAL", "/dev/null"},
          {"GIT_TERMINAL_PROMPT", "0"},
          {"GIT_ASKPASS", "true"},
          {"GIT_ALLOW_PROTOCOL", "http:https:ssh:git"},
          {"GIT_ATTR_NOSYSTEM", "1"}};
  for (const char* name : {"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"})
    pass_on(env_, name);
  set_config("protocol.version", "2");
  set_config("gc.auto", "0");
  set_config("maintenance.auto", "false");
  set_config("safe.directory", "*");
  set_config("core.hooksPath", "/dev/null");
  set_config("fetch.fsckObjects", "false");
  set_config("advice.detachedHead", "false");
  const Login login = url.is_http() ? login_of(options, url) : Login{};
  if (login.empty()) return;
  // Asked for this host alone, so that a redirect to another one gets nothing. The shell sees the
  // variables' names only.
  env_["FLEET_GIT_USER"] = login.name;
  env_["FLEET_GIT_PASSWORD"] = login.password;
  set_config(
      cat("credential.", url.origin(), ".helper"),
      "!printf 'username=%s\\npassword=%s\\n' \"$FLEET_GIT_USER\" \"$FLEET_GIT_PASSWORD\" #");
}

Result<> Program::configure_ssh(const RemoteOptions& options) {
  const std::string key_file = folder_.file("key");
  std::string key = options.ssh_private_key.reveal();
  if (!key.ends_with('\n')) key += '\n';  // ssh refuses a key without it
  TRY(sys::write_file(key_file, key, 0600));
  std::string command = cat("ssh -F /dev/null -i ",
                            shell_quoted(key_file),
                            " -o IdentitiesOnly=yes -o BatchMode=yes -o ConnectTimeout=30"
                            " -o GlobalKnownHostsFile=/dev/null -o LogLevel=ERROR");
  if (options.ssh_known_hosts.empty()) {
    command += " -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null";
  } else {
    const std::string hosts_file = folder_.file("known_hosts");
    TRY(sys::write_file(hosts_file, options.ssh_known_hosts + "\n", 0600));
    command +=
        cat(" -o StrictHostKeyChecking=yes -o UserKnownHostsFile=", shell_quoted(hosts_file));
  }
  env_["GIT_SSH_COMMAND"] = command;
  env_["GIT_SSH_VARIANT"] = "ssh";
  return {};
}

void Program::set_config(std::string key, std::string value) {
  env_[cat("GIT_CONFIG_KEY_", config_count_)] = std::move(key);
  env_[cat("GIT_CONFIG_VALUE_", config_count_)] = std::move(value);
  ++config_count_;
}

Result<> Program::make_repository(const Context& ctx) {
  repository_ = folder_.file("repository");
  const std::string path = std::exchange(repository_, {});
  TRY(run(ctx, {"init", "--quiet", "--bare", "--template=", path}));
  repository_ = path;
  return {};
}

Result<std::string> Program::run(const Context& ctx,
                                 const std::vector<std::string>& args,
                                 std::string input,
                                 const std::map<std::string, std::string>& more_env) const {
  sys::Command command;
  command.args = {"git"};
  command.args.insert(command.args.end(), args.begin(), args.end());
  command.env = env_;
  for (const auto& [name, value] : more_env)
    command.env[name] = value;
  if (!repository_.empty()) command.env["GIT_DIR"] = repository_;
  command.folder = folder_.path();
  command.input = std::move(input);
  command.max_output = max_output_;
  sys::Finished done = TRY(sys::run(ctx, command));
  if (done.exit_code != 0) return explain_failure(done.errors, done.exit_code);
  return std::move(done.output);
}

}  // namespace fleet::git
