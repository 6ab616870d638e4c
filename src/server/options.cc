#include "server/options.h"

#include "base/strings.h"
#include "data/yaml/yaml.h"

namespace fleet::server {
namespace {

constexpr std::string_view kEnvironmentPrefix = "FLEET_";

std::string variable_of(std::string_view name) {
  return std::string(kEnvironmentPrefix) + to_upper(replace_all(name, "-", "_"));
}

// A scalar or a list of the config file, as a flag would have it.
Result<std::string> text_of(const std::string& key, const data::Value& value) {
  if (value.is_string()) return value.to_string();
  if (value.is_bool()) return std::string(value.as_bool() ? "true" : "false");
  if (value.is_number()) return cat(value.as_int());
  if (value.is_array()) {
    std::vector<std::string> parts;
    for (const data::Value& item : value.items())
      parts.push_back(TRY(text_of(key, item)));
    return join(parts, ",");
  }
  return Error(Code::Invalid, cat(key, ": must be a text, a number, a flag or a list"));
}

Result<Settings> read_config(const std::string& text) {
  Settings out;
  if (text.empty()) return out;
  data::Value document = TRY(yaml::parse(text));
  for (const data::Member& member : document.members()) {
    std::string key(member.key.view());
    bool known = false;
    for (const SettingName& setting : server_settings())
      known = known || setting.name == key;
    if (!known) return Error(Code::Invalid, cat("no setting is named ", quote(key)));
    out.emplace(key, TRY(text_of(key, member.value)));
  }
  return out;
}

// Finds each setting in its places, in order, and reads it.
class Reader {
 public:
  Reader(const Sources& sources, Settings config)
      : sources_(sources),
        config_(std::move(config)) {}

  std::optional<std::string> text(const std::string& name) {
    if (auto flag = sources_.flags.find(name); flag != sources_.flags.end()) {
      place_ = "--" + name;
      return flag->second;
    }
    place_ = variable_of(name);
    if (auto value = sources_.environment(place_)) return value;
    place_ = "config: " + name;
    if (auto value = config_.find(name); value != config_.end()) return value->second;
    return std::nullopt;
  }
  std::string text_or(const std::string& name, std::string fallback) {
    return text(name).value_or(std::move(fallback));
  }
  Result<bool> flag(const std::string& name) {
    std::string value = text_or(name, "false");
    if (value == "true" || value == "1") return true;
    if (value == "false" || value == "0") return false;
    return bad(value, "true or false");
  }
  Error bad(std::string_view value, std::string_view wanted) const {
    return Error(Code::Invalid, cat(place_, ": ", quote(value), " is not ", wanted));
  }
  const std::string& place() const { return place_; }

 private:
  const Sources& sources_;
  Settings config_;
  std::string place_;  // where the last value was found, for errors
};

Result<> read_log(Reader& reader, ServerOptions& out) {
  std::string format = reader.text_or("log-format", "text");
  auto parsed_format = sys::parse_log_format(format);
  if (!parsed_format) return reader.bad(format, "json or text");
  out.log_format = *parsed_format;
  std::string level = reader.text_or("log-level", "info");
  auto parsed_level = sys::parse_log_level(level);
  if (!parsed_level) return reader.bad(level, "debug, info, warn or error");
  out.log_level = *parsed_level;
  return {};
}

Result<> read_tls(Reader& reader, ServerOptions& out) {
  const std::string sans = reader.text_or("tls-san", "");  // split gives views of it
  for (std::string_view san : split(sans, ',')) {
    if (!trim(san).empty()) out.tls_sans.emplace_back(trim(san));
  }
  out.tls_cert = reader.text_or("tls-cert", "");
  out.tls_key = reader.text_or("tls-key", "");
  if (out.tls_cert.empty() != out.tls_key.empty()) {
    return Error(Code::Invalid, "--tls-cert and --tls-key go together: give both or none");
  }
  return {};
}

}  // namespace

const std::vector<SettingName>& server_settings() {
  static const std::vector<SettingName> kSettings = {
      {"data-dir", "Folder of the database, keys and certificates"},
      {"listen", "Address of the API and the UI (default 127.0.0.1:6443)"},
      {"tls-san", "More names and addresses for the serving certificate, separated by commas"},
      {"tls-cert", "A serving certificate of your own (PEM file)"},
      {"tls-key", "The key of --tls-cert (PEM file)"},
      {"store", "sqlite or memory (default sqlite)"},
      {"kubeconfig-out", "Also write the administrator's kubeconfig to this file"},
      {"playground", "Number of simulated clusters to start and register"},
      {"local-agent", "Also deploy to this hub's own API, as Cluster fleet-local/local"},
      {"metrics-listen", "Address for /metrics without TLS and login (default none)"},
      {"log-format", "json or text (default text)"},
      {"log-level", "debug, info, warn or error (default info)"},
  };
  return kSettings;
}

Result<ListenAddress> parse_listen(std::string_view text) {
  auto parts = cut_last(text, ":");
  if (!parts) return Error(Code::Invalid, cat(quote(text), " is not HOST:PORT"));
  auto port = parse_int(parts->after);
  if (!port || *port < 0 || *port > 65535) {
    return Error(Code::Invalid, cat(quote(parts->after), " is not a port"));
  }
  std::string_view host = parts->before;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return ListenAddress{host.empty() ? "0.0.0.0" : std::string(host), static_cast<int>(*port)};
}

Result<ServerOptions> server_options(const Sources& sources) {
  Reader reader(sources, TRY(read_config(sources.config_text).within("config")));
  ServerOptions out;
  out.data_dir = reader.text_or("data-dir", sources.default_data_dir);
  std::string listen = reader.text_or("listen", "127.0.0.1:6443");
  out.listen = TRY(parse_listen(listen).within(reader.place()));
  TRY(read_tls(reader, out));
  std::string store = reader.text_or("store", "sqlite");
  if (store != "sqlite" && store != "memory") return reader.bad(store, "sqlite or memory");
  out.store = store == "memory" ? Store::Memory : Store::Sqlite;
  out.kubeconfig_out = reader.text_or("kubeconfig-out", "");
  std::string playground = reader.text_or("playground", "0");
  auto count = parse_int(playground);
  if (!count || *count < 0 || *count > kMaxPlaygrounds) {
    return reader.bad(playground, cat("a number from 0 to ", kMaxPlaygrounds));
  }
  out.playground = static_cast<int>(*count);
  out.local_agent = TRY(reader.flag("local-agent"));
  if (auto metrics = reader.text("metrics-listen")) {
    out.metrics_listen = TRY(parse_listen(*metrics).within(reader.place()));
  }
  TRY(read_log(reader, out));
  return out;
}

}  // namespace fleet::server
