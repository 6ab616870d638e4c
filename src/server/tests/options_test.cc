#include "server/options.h"

#include <gtest/gtest.h>

namespace fleet::server {
namespace {

Sources sources(Settings flags, Settings environment = {}, std::string config = {}) {
  Sources out;
  out.flags = std::move(flags);
  out.environment = [environment](const std::string& name) -> std::optional<std::string> {
    auto found = environment.find(name);
    if (found == environment.end()) return std::nullopt;
    return found->second;
  };
  out.config_text = std::move(config);
  out.default_data_dir = "/var/lib/fleet";
  return out;
}

TEST(Options, DefaultsAreTheContracts) {
  auto options = server_options(sources({}));
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options->data_dir, "/var/lib/fleet");
  EXPECT_EQ(options->listen.host, "127.0.0.1");
  EXPECT_EQ(options->listen.port, 6443);
  EXPECT_EQ(options->store, Store::Sqlite);
  EXPECT_FALSE(options->local_agent);
}

TEST(Options, AFlagWinsOverTheEnvironmentOverTheFile) {
  std::string config = "listen: 127.0.0.1:1\nplayground: 3\ntls-san: [a, b]\n";
  auto options = server_options(
      sources({{"listen", ":3"}}, {{"FLEET_LISTEN", ":2"}, {"FLEET_PLAYGROUND", "2"}}, config));
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options->listen.port, 3);
  EXPECT_EQ(options->listen.host, "0.0.0.0");
  EXPECT_EQ(options->playground, 2);
  EXPECT_EQ(options->tls_sans.size(), 2U);
}

struct BadCase {
  const char* rule;
  Settings flags;
  Settings environment;
  const char* config;
  const char* want;
};

TEST(Options, BadOnesNameTheirPlace) {
  const BadCase cases[] = {
      {"flag", {{"store", "etcd"}}, {}, "", "--store: \"etcd\" is not sqlite or memory"},
      {"variable",
       {},
       {{"FLEET_LOG_LEVEL", "loud"}},
       "",
       "FLEET_LOG_LEVEL: \"loud\" is not debug, info, warn or error"},
      {"file",
       {},
       {},
       "playground: many",
       "config: playground: \"many\" is not a number from 0 to 100"},
      {"unknown key", {}, {}, "listne: x", "config: no setting is named \"listne\""},
      {"half of a pair",
       {{"tls-cert", "x"}},
       {},
       "",
       "--tls-cert and --tls-key go together: give both or none"},
      {"address", {{"listen", "here"}}, {}, "", "--listen: \"here\" is not HOST:PORT"},
  };
  for (const BadCase& c : cases) {
    SCOPED_TRACE(c.rule);
    auto options = server_options(sources(c.flags, c.environment, c.config));
    ASSERT_FALSE(options.ok());
    EXPECT_EQ(options.error().message(), c.want);
  }
}

}  // namespace
}  // namespace fleet::server
