#include "helm/host/host.h"

#include <array>

#include <gtest/gtest.h>

namespace fleet::helm {
namespace {

TEST(LocalHost, DecryptsWhatItEncrypts) {
  LocalHost host(system_clock());
  const std::string key(32, 'k');
  const std::string iv(16, 'i');
  const std::string text(48, 't');
  const std::string cipher = host.aes_cbc_encrypt(key, iv, text).value();
  EXPECT_EQ(cipher.size(), text.size());
  EXPECT_EQ(host.aes_cbc_decrypt(key, iv, cipher).value(), text);
  EXPECT_EQ(host.aes_cbc_encrypt("short", iv, text).error().code(), Code::Unsupported);
}

TEST(LocalHost, AnAuthoritySignsCertificates) {
  LocalHost host(system_clock());
  gotemplate::CertificateRequest request;
  request.common_name = "ca";
  const gotemplate::KeyPair authority = host.certificate_authority(request).value();
  request.common_name = "web";
  request.dns_names = {"web.example.com"};
  const gotemplate::KeyPair leaf = host.signed_certificate(request, authority).value();
  EXPECT_TRUE(host.check_key_pair(leaf).ok());
  EXPECT_FALSE(host.check_key_pair({"no", "no"}).ok());
}

TEST(LocalHost, RandomBytesDiffer) {
  LocalHost host(system_clock());
  std::array<uint8_t, 16> a{};
  std::array<uint8_t, 16> b{};
  host.random(a);
  host.random(b);
  EXPECT_NE(a, b);
}

TEST(LocalHost, UnknownKeyTypesAreSaid) {
  LocalHost host(system_clock());
  EXPECT_EQ(host.private_key("odd").value(), "Unknown type odd");
}

}  // namespace
}  // namespace fleet::helm
