// How `fleet server` and `fleet playground` are told what to do: flags, environment, a file.
//
// A flag wins over its environment variable (FLEET_DATA_DIR for --data-dir), that over the key of
// the YAML file named by --config, that over the default.
// Errors: Invalid, naming the flag, the variable or the file's key.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sys/log.h"

namespace fleet::server {

struct ListenAddress {
  std::string host = "127.0.0.1";
  int port = 0;
};
// "127.0.0.1:6443", "[::1]:6443", ":6443" (all addresses).
Result<ListenAddress> parse_listen(std::string_view text);

enum class Store { Sqlite, Memory };

struct ServerOptions {
  std::string data_dir;
  ListenAddress listen;
  std::vector<std::string> tls_sans;
  std::string tls_cert;  // files; both or none
  std::string tls_key;
  Store store = Store::Sqlite;
  std::string kubeconfig_out;  // empty: DATA_DIR/admin.kubeconfig alone
  int playground = 0;          // clusters to start beside the hub, at most kMaxPlaygrounds
  bool local_agent = false;
  std::optional<ListenAddress> metrics_listen;
  LogFormat log_format = LogFormat::Text;
  LogLevel log_level = LogLevel::Info;
};
inline constexpr int kMaxPlaygrounds = 100;

// What was said in one place: names without dashes in front, as written.
using Settings = std::map<std::string, std::string, std::less<>>;

struct Sources {
  Settings flags;
  std::function<std::optional<std::string>(const std::string&)> environment;
  std::string config_text;  // the YAML of --config; empty: none
  std::string default_data_dir;
};

Result<ServerOptions> server_options(const Sources& sources);

// The names of all settings, for the command line: {"data-dir", "help text"}.
struct SettingName {
  std::string_view name;
  std::string_view help;
};
const std::vector<SettingName>& server_settings();

}  // namespace fleet::server
