#include "kube/client/kubeconfig.h"

#include "base/file_tree.h"
#include "base/strings.h"
#include "codec/base64.h"
#include "data/yaml/yaml.h"
#include "sys/environment.h"
#include "sys/files.h"

namespace fleet::kube {
namespace {

constexpr std::string_view kPodSecrets = "/var/run/secrets/kubernetes.io/serviceaccount";
constexpr size_t kMaxConfigBytes = size_t{16} << 20;

struct Config {
  data::Value document;
  std::string folder;  // of the file: relative names start here
};

// An entry of `clusters`, `users` or `contexts`, and where it stands.
struct Entry {
  data::Value value;
  std::string folder;
};

// The first to name a thing wins.
std::optional<Entry> find_entry(const std::vector<Config>& configs,
                                std::string_view list,
                                std::string_view member,
                                std::string_view name) {
  for (const Config& config : configs) {
    for (const data::Value& item : config.document[list].items()) {
      if (item["name"].as_string() == name) return Entry{item[member], config.folder};
    }
  }
  return {};
}

std::string at_folder(const std::string& folder, std::string_view file) {
  return file.starts_with('/') ? std::string(file) : cat(folder, "/", file);
}

// `NAME-data` in base64, else the file that `NAME` names, else nothing.
Result<std::string> data_or_file(const Entry& entry, const std::string& name) {
  const std::string data_name = name + "-data";
  const std::string encoded = entry.value[data_name].to_string();
  if (!encoded.empty()) return codec::base64_decode(encoded).within(data_name);
  const std::string file = entry.value[name].to_string();
  if (file.empty()) return std::string();
  return sys::read_file(at_folder(entry.folder, file), kMaxConfigBytes).within(name);
}

Result<> read_cluster(Access& access, const Entry& cluster) {
  const data::Value& v = cluster.value;
  access.server = v["server"].to_string();
  if (access.server.empty()) return Error{Code::Invalid, "no server"};
  access.tls_server_name = v["tls-server-name"].to_string();
  access.insecure_skip_verify = v["insecure-skip-tls-verify"].as_bool();
  access.proxy_url = v["proxy-url"].to_string();
  access.ca = TRY(data_or_file(cluster, "certificate-authority"));
  return {};
}

Result<> read_user(Access& access, const Entry& user) {
  const data::Value& v = user.value;
  for (const char* foreign : {"exec", "auth-provider"}) {
    if (v[foreign].is_object()) {
      return Error{Code::Unsupported,
                   cat("credentials by `",
                       foreign,
                       "` are not supported: no foreign program is started; use a token or a "
                       "client certificate")};
    }
  }
  access.client_certificate = TRY(data_or_file(user, "client-certificate"));
  access.client_key = Secret<>(TRY(data_or_file(user, "client-key")));
  access.token = Secret<>(v["token"].to_string());
  const std::string token_file = v["tokenFile"].to_string();
  if (!token_file.empty()) access.token_file = at_folder(user.folder, token_file);
  access.username = v["username"].to_string();
  access.password = Secret<>(v["password"].to_string());
  access.as_user = v["as"].to_string();
  for (const data::Value& group : v["as-groups"].items()) {
    access.as_groups.push_back(group.to_string());
  }
  return {};
}

Result<Access> access_of(const std::vector<Config>& configs, std::string_view wanted) {
  std::string context_name(wanted);
  for (const Config& config : configs) {
    if (context_name.empty()) context_name = config.document["current-context"].to_string();
  }
  if (context_name.empty())
    return Error{Code::NotFound, "no context is named, and none is current"};
  const auto context = find_entry(configs, "contexts", "context", context_name);
  if (!context)
    return Error{Code::NotFound, cat("context ", quote(context_name), " does not exist")};
  Access access;
  access.ns = context->value["namespace"].to_string();
  const std::string cluster_name = context->value["cluster"].to_string();
  const auto cluster = find_entry(configs, "clusters", "cluster", cluster_name);
  if (!cluster)
    return Error{Code::NotFound, cat("cluster ", quote(cluster_name), " does not exist")};
  TRY(read_cluster(access, *cluster).within(cat("cluster ", quote(cluster_name))));
  const std::string user_name = context->value["user"].to_string();
  if (user_name.empty()) return access;
  const auto user = find_entry(configs, "users", "user", user_name);
  if (!user) return Error{Code::NotFound, cat("user ", quote(user_name), " does not exist")};
  TRY(read_user(access, *user).within(cat("user ", quote(user_name))));
  return access;
}

Result<Config> read_config(const std::string& path) {
  const std::string text = TRY(sys::read_file(path, kMaxConfigBytes));
  auto document = TRY(yaml::parse(text).within(path));
  return Config{std::move(document), dir_name(path)};
}

// The files that client-go would read when none is named.
std::vector<std::string> default_files() {
  std::vector<std::string> files;
  const std::string named = sys::env("KUBECONFIG").value_or("");
  for (const std::string_view file : split(named, ':')) {
    if (!file.empty()) files.emplace_back(file);
  }
  if (files.empty()) files.push_back(sys::home_folder() + "/.kube/config");
  return files;
}

void set_data(data::Value& into, std::string_view name, const std::string& bytes) {
  if (!bytes.empty()) into.set(name, codec::base64_encode(bytes));
}

void set_text(data::Value& into, std::string_view name, const std::string& text) {
  if (!text.empty()) into.set(name, text);
}

}  // namespace

Result<Access> parse_kubeconfig(std::string_view text,
                                std::string_view context,
                                const std::string& folder) {
  std::vector<Config> configs;
  configs.push_back({TRY(yaml::parse(text)), folder});
  return access_of(configs, context);
}

Result<Access> load_kubeconfig(const KubeconfigSource& source) {
  std::vector<Config> configs;
  if (!source.path.empty()) {
    configs.push_back(TRY(read_config(source.path)));
    return access_of(configs, source.context).within(source.path);
  }
  const std::vector<std::string> files = default_files();
  for (const std::string& file : files) {
    Result<Config> config = read_config(file);
    if (config.ok()) {
      configs.push_back(std::move(config).value());
    } else if (config.error().code() != Code::NotFound) {
      return std::move(config).error();
    }
  }
  if (configs.empty()) {
    return Error{Code::NotFound, cat("no kubeconfig: ", join(files, ", "), " do not exist")};
  }
  return access_of(configs, source.context).within("kubeconfig");
}

Result<Access> in_cluster_access() {
  const std::string host = sys::env("KUBERNETES_SERVICE_HOST").value_or("");
  const std::string port = sys::env("KUBERNETES_SERVICE_PORT").value_or("");
  if (host.empty() || port.empty()) return Error{Code::NotFound, "not running inside a cluster"};
  const std::string folder(kPodSecrets);
  Access access;
  access.server = cat("https://", contains(host, ":") ? cat("[", host, "]") : host, ":", port);
  access.token_file = folder + "/token";
  TRY(sys::read_file(access.token_file, kMaxConfigBytes).within("in-cluster"));
  access.ca = sys::read_file(folder + "/ca.crt", kMaxConfigBytes).value_or("");
  access.ns = std::string(trim(sys::read_file(folder + "/namespace", 1024).value_or("")));
  return access;
}

Result<Access> default_access(const KubeconfigSource& source) {
  if (source.path.empty() && source.context.empty() && !sys::env("KUBECONFIG")) {
    Result<Access> inside = in_cluster_access();
    if (inside.ok() || inside.error().code() != Code::NotFound) return inside;
  }
  return load_kubeconfig(source);
}

data::Value make_kubeconfig(const Access& access, std::string_view name) {
  data::Value cluster = data::Value::object();
  set_data(cluster, "certificate-authority-data", access.ca);
  if (access.insecure_skip_verify) cluster.set("insecure-skip-tls-verify", true);
  set_text(cluster, "proxy-url", access.proxy_url);
  cluster.set("server", access.server);
  set_text(cluster, "tls-server-name", access.tls_server_name);
  data::Value user = data::Value::object();
  set_data(user, "client-certificate-data", access.client_certificate);
  set_data(user, "client-key-data", access.client_key.reveal());
  set_text(user, "token", access.token.reveal());
  set_text(user, "tokenFile", access.token_file);
  set_text(user, "username", access.username);
  set_text(user, "password", access.password.reveal());
  data::Value context = data::Value::object({{"cluster", name}});
  set_text(context, "namespace", access.ns);
  context.set("user", name);
  const auto list = [&](std::string_view member, data::Value value) {
    return data::Value::array({data::Value::object({{member, std::move(value)}, {"name", name}})});
  };
  return data::Value::object({{"apiVersion", "v1"},
                              {"clusters", list("cluster", std::move(cluster))},
                              {"contexts", list("context", std::move(context))},
                              {"current-context", name},
                              {"kind", "Config"},
                              {"preferences", data::Value::object()},
                              {"users", list("user", std::move(user))}});
}

}  // namespace fleet::kube
