#include <set>

#include <gtest/gtest.h>

#include "base/strings.h"
#include "codec/base64.h"
#include "wire/crypto/certificate.h"
#include "wire/crypto/password.h"
#include "wire/crypto/random.h"
#include "wire/crypto/token.h"

namespace fleet::crypto {
namespace {

using std::chrono::hours;

TimePoint today() {
  return *parse_rfc3339("2026-03-01T00:00:00Z");
}

template <typename T>
std::string why(const Result<T>& result) {
  return result.ok() ? "ok" : result.error().message();
}

TEST(Random, GivesTheAskedForShape) {
  EXPECT_EQ(random_bytes(33).size(), 33U);
  const std::string uuid = random_uuid();
  EXPECT_EQ(uuid.size(), 36U);
  EXPECT_EQ(uuid[14], '4');
  EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
  EXPECT_NE(uuid, random_uuid());
  EXPECT_EQ(random_suffix().find_first_not_of("bcdfghjklmnpqrstvwxz2456789"), std::string::npos);
  std::set<uint64_t> seen;
  while (seen.size() < 3)
    seen.insert(random_number(3));
  EXPECT_EQ(*seen.rbegin(), 2U);
}

struct KeyCase {
  KeyKind kind;
  const char* pem_start;
  const char* algorithm;
};
constexpr KeyCase kKeys[] = {
    {KeyKind::EcdsaP256, "-----BEGIN EC PRIVATE KEY-----", "ES256"},
    {KeyKind::Rsa2048, "-----BEGIN RSA PRIVATE KEY-----", "RS256"},
    {KeyKind::Ed25519, "-----BEGIN PRIVATE KEY-----", "EdDSA"},
    {KeyKind::Dsa2048, "-----BEGIN DSA PRIVATE KEY-----", ""},
};

TEST(Key, RoundTripsAndSigns) {
  for (const KeyCase& c : kKeys) {
    SCOPED_TRACE(c.pem_start);
    const PrivateKey key = PrivateKey::generate(c.kind);
    EXPECT_TRUE(key.pem().starts_with(c.pem_start)) << key.pem();
    const PrivateKey again = PrivateKey::parse(key.pem()).value();
    EXPECT_EQ(again.pkcs8_pem(), key.pkcs8_pem());
    EXPECT_TRUE(PrivateKey::parse(key.pkcs8_pem()).ok());
    const PublicKey shown = PublicKey::parse(key.public_key().pem()).value();
    EXPECT_EQ(shown, key.public_key());
    EXPECT_EQ(shown.algorithm(), c.algorithm);
    const std::string signature = key.sign("bytes");
    EXPECT_TRUE(shown.verifies("bytes", signature));
    EXPECT_FALSE(shown.verifies("other", signature));
  }
}

TEST(Key, RefusesWhatIsNoKey) {
  EXPECT_FALSE(PrivateKey::parse("").ok());
  EXPECT_FALSE(
      PrivateKey::parse("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").ok());
  EXPECT_FALSE(PublicKey::parse("hello").ok());
}

TEST(Token, IsVerifiedByItsKeyAlone) {
  for (const KeyKind kind : {KeyKind::EcdsaP256, KeyKind::Rsa2048, KeyKind::Ed25519}) {
    const PrivateKey key = PrivateKey::generate(kind);
    for (int i = 0; i < 20; ++i) {  // r and s of all lengths
      const std::string token = sign_token(key, cat("{\"sub\":\"", i, "\"}")).value();
      const TokenParts parts = split_token(token).value();
      EXPECT_EQ(parts.claims_json, cat("{\"sub\":\"", i, "\"}"));
      const std::string algorithm = key.public_key().algorithm();
      EXPECT_NE(parts.header_json.find(algorithm), std::string::npos);
      EXPECT_TRUE(token_signed_by(parts, algorithm, key.public_key()));
      EXPECT_FALSE(token_signed_by(parts, "none", key.public_key()));
      EXPECT_FALSE(token_signed_by(parts, "HS256", key.public_key()));
      TokenParts changed = parts;
      changed.signed_bytes[3] ^= 1;
      EXPECT_FALSE(token_signed_by(changed, algorithm, key.public_key()));
      if (kind == KeyKind::Rsa2048) break;
    }
  }
  EXPECT_FALSE(split_token("a.b").ok());
  EXPECT_FALSE(split_token("!.b.c").ok());
  EXPECT_EQ(sign_token(PrivateKey::generate(KeyKind::Dsa2048), "{}").error().code(),
            Code::Unsupported);
}

CertificateSpec server_spec() {
  CertificateSpec spec;
  spec.common_name = "server";
  spec.organizations = {"one", "zwei, drei"};
  spec.dns_names = {"localhost", "*.example.com"};
  spec.ip_addresses = {"127.0.0.1", "::1"};
  spec.not_before = today();
  spec.not_after = today() + hours{24};
  spec.for_server = true;
  return spec;
}

TEST(Certificate, IsIssuedByAnAuthority) {
  const Authority authority = Authority::make("ca", today(), today() + hours{2400}).value();
  EXPECT_TRUE(authority.certificate.is_ca());
  const PrivateKey key = PrivateKey::generate(KeyKind::EcdsaP256);
  const Certificate issued = authority.issue(key.public_key(), server_spec()).value();
  const Certificate certificate = Certificate::parse(issued.pem()).value();
  EXPECT_EQ(certificate.common_name(), "server");
  EXPECT_EQ(certificate.issuer_common_name(), "ca");
  EXPECT_EQ(certificate.organizations(), (std::vector<std::string>{"one", "zwei, drei"}));
  EXPECT_EQ(certificate.dns_names(), (std::vector<std::string>{"localhost", "*.example.com"}));
  EXPECT_EQ(certificate.ip_addresses(), (std::vector<std::string>{"127.0.0.1", "::1"}));
  EXPECT_EQ(certificate.not_after(), today() + hours{24});
  EXPECT_FALSE(certificate.is_ca());
  EXPECT_EQ(certificate.public_key(), key.public_key());
  EXPECT_EQ(Certificate::parse_der(certificate.der()).value().serial(), certificate.serial());

  EXPECT_EQ(why(certificate.check_signed_by(authority.certificate, today())), "ok");
  EXPECT_EQ(why(certificate.check_signed_by(authority.certificate, today() - hours{1})),
            "certificate of \"server\" is not yet valid");
  EXPECT_EQ(why(certificate.check_signed_by(authority.certificate, today() + hours{25})),
            "certificate of \"server\" has expired");
  const Authority other = Authority::make("ca", today(), today() + hours{2400}).value();
  EXPECT_EQ(why(certificate.check_signed_by(other.certificate, today())),
            "certificate of \"server\" is signed by unknown authority");
}

TEST(Certificate, NamesCannotBreakOutOfTheirField) {
  CertificateSpec spec = server_spec();
  spec.dns_names = {"a,IP:1.2.3.4"};
  EXPECT_EQ(self_signed(PrivateKey::generate(KeyKind::EcdsaP256), spec).error().code(),
            Code::Invalid);
  spec.dns_names = {};
  spec.ip_addresses = {"1.2.3"};
  EXPECT_FALSE(self_signed(PrivateKey::generate(KeyKind::EcdsaP256), spec).ok());
}

TEST(Certificate, BundlesAreReadWhole) {
  const Authority a = Authority::make("a", today(), today() + hours{1}).value();
  const Authority b = Authority::make("b", today(), today() + hours{1}).value();
  const auto all = Certificate::parse_all("# text\n" + a.certificate.pem() + b.certificate.pem());
  ASSERT_TRUE(all.ok());
  EXPECT_EQ((*all)[1].common_name(), "b");
  EXPECT_FALSE(Certificate::parse_all("none").ok());
  EXPECT_FALSE(Certificate::parse_all(a.certificate.pem() + "-----BEGIN CERTIFICATE-----\nAA\n"
                                                            "-----END CERTIFICATE-----\n")
                   .ok());
}

TEST(CertificateRequest, CarriesNamesAndKey) {
  const PrivateKey key = PrivateKey::generate(KeyKind::EcdsaP256);
  const CertificateRequest made = CertificateRequest::make(key, server_spec()).value();
  const CertificateRequest request = CertificateRequest::parse(made.pem()).value();
  EXPECT_EQ(request.common_name(), "server");
  EXPECT_EQ(request.organizations(), (std::vector<std::string>{"one", "zwei, drei"}));
  EXPECT_EQ(request.dns_names().size(), 2U);
  EXPECT_EQ(request.ip_addresses().size(), 2U);
  EXPECT_EQ(request.public_key(), key.public_key());
  EXPECT_FALSE(CertificateRequest::parse("x").ok());
}

TEST(Password, BcryptHashesMatchTheirPassword) {
  const std::string hash = bcrypt("secret", 4).value();
  EXPECT_TRUE(hash.starts_with("$2a$04$"));
  EXPECT_EQ(hash.size(), 60U);
  EXPECT_TRUE(bcrypt_matches("secret", hash));
  EXPECT_FALSE(bcrypt_matches("Secret", hash));
  EXPECT_FALSE(bcrypt_matches("secret", "$1$plain"));
  EXPECT_TRUE(
      bcrypt_matches("allmine", "$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga"));
  EXPECT_EQ(why(bcrypt(std::string(73, 'x'))), "bcrypt: password length exceeds 72 bytes");
  EXPECT_FALSE(bcrypt("x", 3).ok());
}

TEST(Password, ScryptKnownAnswer) {
  EXPECT_EQ(codec::hex_encode(scrypt("password", "NaCl", 10, 8, 16, 64).value()).substr(0, 32),
            "fdbabe1c9d3472007856e7190d01e9fe");
  EXPECT_FALSE(scrypt("p", "s", 30, 64, 64, 64).ok());
}

TEST(Password, AesRoundTrips) {
  const std::string key = random_bytes(32);
  const std::string iv = random_bytes(16);
  for (const size_t size : {0, 1, 15, 16, 17, 1000}) {
    const std::string plain(size, 'p');
    const std::string cipher = aes_cbc_encrypt(key, iv, plain);
    EXPECT_EQ(cipher.size(), (size / 16 + 1) * 16);
    EXPECT_EQ(aes_cbc_decrypt(key, iv, cipher).value(), plain);
  }
  EXPECT_FALSE(aes_cbc_decrypt(key, iv, "short").ok());
}

}  // namespace
}  // namespace fleet::crypto
