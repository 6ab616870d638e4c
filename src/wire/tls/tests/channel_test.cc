#include "wire/tls/channel.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "base/strings.h"
#include "wire/crypto/certificate.h"

namespace fleet::tls {
namespace {

using std::chrono::hours;

struct Keys {
  std::string certificate;
  Secret<> key;
};

class Authority {
 public:
  Authority()
      : authority_(crypto::Authority::make("ca", now() - hours{1}, now() + hours{1}).value()) {}

  static TimePoint now() { return std::chrono::system_clock::now(); }
  std::string pem() const { return authority_.certificate.pem(); }

  Keys issue(const std::string& name, TimePoint not_after = now() + hours{1}) const {
    const auto key = crypto::PrivateKey::generate(crypto::KeyKind::EcdsaP256);
    crypto::CertificateSpec spec;
    spec.common_name = name;
    spec.organizations = {"one", "two"};
    spec.dns_names = {name};
    spec.ip_addresses = {"127.0.0.1"};
    spec.not_before = now() - hours{1};
    spec.not_after = not_after;
    spec.for_server = spec.for_client = true;
    return {authority_.issue(key.public_key(), spec).value().pem(), Secret<>(key.pem())};
  }

 private:
  crypto::Authority authority_;
};

// Both ends of a connection, driven by turns.
struct Pair {
  Channel server;
  Channel client;
};

Pair connect(const ServerSettings& server, const ClientSettings& client, const std::string& name) {
  int fds[2];
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
  return {Channel::server(UniqueFd(fds[0]), ServerContext::make(server).value()).value(),
          Channel::client(UniqueFd(fds[1]), ClientContext::make(client).value(), name).value()};
}

// "ok", or what the client or else the server says.
std::string shake_hands(Pair& pair) {
  Io server = Io::WantRead;
  Io client = Io::WantRead;
  const auto waits = [](Io io) { return io == Io::WantRead || io == Io::WantWrite; };
  for (int turn = 0; turn < 20 && (waits(server) || waits(client)); ++turn) {
    if (waits(client)) client = pair.client.handshake();
    if (waits(server)) server = pair.server.handshake();
    if (client == Io::Failed || client == Io::Closed) return "client: " + pair.client.error();
  }
  if (server != Io::Done) return "server: " + pair.server.error();
  return client == Io::Done ? "ok" : "stuck";
}

std::string read_all(Channel& channel) {
  std::string all;
  char buffer[1000];
  while (true) {
    const IoResult result = channel.read(buffer, sizeof buffer);
    if (result.io != Io::Done) return result.io == Io::Closed ? all + "<closed>" : all;
    all.append(buffer, result.bytes);
  }
}

ServerSettings server_settings(const Authority& authority, const Keys& keys) {
  ServerSettings settings;
  settings.certificate_chain = keys.certificate;
  settings.key = keys.key;
  settings.client_ca = authority.pem();
  return settings;
}

ClientSettings client_settings(const Authority& authority) {
  ClientSettings settings;
  settings.ca = authority.pem();
  settings.system_ca = false;
  return settings;
}

TEST(Channel, CarriesBytesAndSaysGoodbye) {
  const Authority authority;
  Pair pair = connect(
      server_settings(authority, authority.issue("host")), client_settings(authority), "host");
  ASSERT_EQ(shake_hands(pair), "ok");
  EXPECT_EQ(pair.server.protocol(), "h2");
  EXPECT_EQ(pair.client.protocol(), "h2");
  EXPECT_EQ(pair.client.write("hello").bytes, 5U);
  EXPECT_EQ(read_all(pair.server), "hello");
  EXPECT_EQ(pair.server.read(nullptr, 0).bytes, 0U);
  pair.client.shut_down();
  EXPECT_EQ(read_all(pair.server), "<closed>");
}

TEST(Channel, KnowsItsPeer) {
  const Authority authority;
  const Keys me = authority.issue("me");
  ClientSettings client = client_settings(authority);
  client.certificate_chain = me.certificate;
  client.key = me.key;
  Pair pair = connect(server_settings(authority, authority.issue("host")), client, "127.0.0.1");
  ASSERT_EQ(shake_hands(pair), "ok");
  ASSERT_TRUE(pair.server.peer().has_value());
  EXPECT_EQ(pair.server.peer()->common_name, "me");
  EXPECT_EQ(pair.server.peer()->organizations, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(pair.client.peer()->common_name, "host");
}

TEST(Channel, RefusesWhatItCannotTrust) {
  const Authority authority;
  const Authority other;
  const ServerSettings host = server_settings(authority, authority.issue("host"));
  Pair wrong_name = connect(host, client_settings(authority), "elsewhere");
  EXPECT_TRUE(contains(shake_hands(wrong_name), "ostname mismatch"));
  Pair wrong_address = connect(host, client_settings(authority), "127.0.0.2");
  EXPECT_TRUE(contains(shake_hands(wrong_address), "IP address mismatch"));
  Pair unknown = connect(host, client_settings(other), "host");
  EXPECT_TRUE(shake_hands(unknown).starts_with("client: TLS handshake: certificate of the peer"));
  const Keys old = authority.issue("host", Authority::now() - std::chrono::minutes{1});
  Pair expired = connect(server_settings(authority, old), client_settings(authority), "host");
  EXPECT_TRUE(contains(shake_hands(expired), "expired"));
  ClientSettings careless = client_settings(other);
  careless.insecure_skip_verify = true;
  Pair any = connect(host, careless, "elsewhere");
  EXPECT_EQ(shake_hands(any), "ok");
  EXPECT_FALSE(any.client.peer().has_value());  // nobody checked it
}

TEST(Channel, AServerCanInsistOnACertificate) {
  const Authority authority;
  ServerSettings settings = server_settings(authority, authority.issue("host"));
  settings.require_client_certificate = true;
  Pair pair = connect(settings, client_settings(authority), "host");
  EXPECT_TRUE(shake_hands(pair).starts_with("server: "));
}

TEST(Channel, Http1IsAgreedOnWhenOneSideHasNoOther) {
  const Authority authority;
  ClientSettings client = client_settings(authority);
  client.http2 = false;
  Pair pair = connect(server_settings(authority, authority.issue("host")), client, "host");
  ASSERT_EQ(shake_hands(pair), "ok");
  EXPECT_EQ(pair.server.protocol(), "http/1.1");
}

TEST(Channel, AGonePeerIsAnErrorNotASignal) {
  const Authority authority;
  Pair pair = connect(
      server_settings(authority, authority.issue("host")), client_settings(authority), "host");
  ASSERT_EQ(shake_hands(pair), "ok");
  pair.server = Channel::plain(UniqueFd());
  EXPECT_EQ(pair.client.write("x").io, Io::Failed);
}

TEST(Channel, PlainOnesNeedNoHandshake) {
  int fds[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
  Channel a = Channel::plain(UniqueFd(fds[0]));
  Channel b = Channel::plain(UniqueFd(fds[1]));
  EXPECT_EQ(a.handshake(), Io::Done);
  EXPECT_EQ(read_all(b), "");
  a.write("hi");
  a.shut_down();
  EXPECT_EQ(read_all(b), "hi<closed>");
  EXPECT_EQ(a.protocol(), "");
}

TEST(Contexts, BadSettingsSayWhatIsWrong) {
  const Authority authority;
  const Keys good = authority.issue("host");
  ServerSettings settings = server_settings(authority, good);
  settings.key = authority.issue("host").key;
  EXPECT_TRUE(ServerContext::make(settings).error().message().starts_with("key does not fit"));
  settings = server_settings(authority, good);
  settings.certificate_chain = "x";
  EXPECT_TRUE(ServerContext::make(settings).error().message().starts_with("certificate: "));
  settings = server_settings(authority, good);
  settings.client_ca = "x";
  EXPECT_TRUE(ServerContext::make(settings).error().message().starts_with("client: CA: "));
  EXPECT_EQ(ClientContext::make({.ca = "x"}).error().code(), Code::Invalid);
}

}  // namespace
}  // namespace fleet::tls
