#include "helm/host/host.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <optional>
#include <utility>

#include "base/file_tree.h"
#include "base/strings.h"
#include "sys/files.h"
#include "wire/crypto/certificate.h"
#include "wire/crypto/key.h"
#include "wire/crypto/password.h"
#include "wire/crypto/random.h"

namespace fleet::helm {
namespace {

using data::Value;
using gotemplate::CertificateRequest;
using gotemplate::KeyPair;

constexpr std::string_view kZoneFolder = "/usr/share/zoneinfo/";
constexpr size_t kMaxZoneBytes = size_t{64} << 10;
constexpr int kBcryptCost = 10;
constexpr size_t kBlock = 16;
constexpr size_t kKeyBytes = 32;

Result<> check_sizes(std::string_view key, std::string_view iv, std::string_view text) {
  if (key.size() != kKeyBytes || iv.size() != kBlock || text.size() % kBlock != 0) {
    return Error(Code::Unsupported, "only AES-256 over whole blocks is offered");
  }
  return {};
}

crypto::CertificateSpec spec_of(const CertificateRequest& request, TimePoint now) {
  crypto::CertificateSpec spec;
  spec.common_name = request.common_name;
  spec.dns_names = request.dns_names;
  spec.ip_addresses = request.ips;
  spec.not_before = now;
  spec.not_after = now + std::chrono::hours(24) * request.days;
  return spec;
}

Result<crypto::PrivateKey> key_of(const CertificateRequest& request) {
  if (request.key_pem.empty()) return crypto::PrivateKey::generate(crypto::KeyKind::Rsa2048);
  return crypto::PrivateKey::parse(request.key_pem);
}

}  // namespace

void LocalHost::random(std::span<uint8_t> bytes) {
  const std::string fresh = crypto::random_bytes(bytes.size());
  std::copy(fresh.begin(), fresh.end(), bytes.begin());
}

Result<Value> LocalHost::lookup(std::string_view,
                                std::string_view,
                                std::string_view,
                                std::string_view) {
  return Value::object();
}

std::string LocalHost::zone_file(std::string_view name) {
  if (!is_local_path(name)) return {};
  auto bytes = sys::read_file(cat(kZoneFolder, name), kMaxZoneBytes);
  return bytes.ok() ? std::move(bytes).value() : std::string();
}

Result<std::string> LocalHost::bcrypt(std::string_view password) {
  return crypto::bcrypt(password, kBcryptCost);
}

Result<std::string> LocalHost::scrypt(std::string_view password,
                                      std::string_view salt,
                                      uint64_t n,
                                      uint32_t r,
                                      uint32_t p,
                                      size_t bytes) {
  if (!std::has_single_bit(n)) return Error(Code::Invalid, "scrypt: N must be a power of 2");
  return crypto::scrypt(password, salt, std::countr_zero(n), r, p, bytes);
}

// The cipher below this pads; one more block makes it do without.
Result<std::string> LocalHost::aes_cbc_encrypt(std::string_view key,
                                               std::string_view iv,
                                               std::string_view text) {
  TRY(check_sizes(key, iv, text));
  std::string out = crypto::aes_cbc_encrypt(key, iv, text);
  out.resize(text.size());
  return out;
}

Result<std::string> LocalHost::aes_cbc_decrypt(std::string_view key,
                                               std::string_view iv,
                                               std::string_view text) {
  TRY(check_sizes(key, iv, text));
  const std::string_view last = text.empty() ? iv : text.substr(text.size() - kBlock);
  const std::string padding = crypto::aes_cbc_encrypt(key, last, "");
  return crypto::aes_cbc_decrypt(key, iv, cat(text, padding));
}

Result<std::string> LocalHost::private_key(std::string_view type) {
  std::optional<crypto::KeyKind> kind;
  if (type.empty() || type == "rsa") kind = crypto::KeyKind::Rsa4096;
  if (type == "dsa") kind = crypto::KeyKind::Dsa2048;
  if (type == "ecdsa") kind = crypto::KeyKind::EcdsaP256;
  if (type == "ed25519") kind = crypto::KeyKind::Ed25519;
  if (!kind) return cat("Unknown type ", type);
  return crypto::PrivateKey::generate(*kind).pem();
}

Result<KeyPair> LocalHost::certificate_authority(const CertificateRequest& request) {
  const crypto::PrivateKey key = TRY(key_of(request));
  crypto::CertificateSpec spec = spec_of(request, now());
  spec.is_ca = true;
  spec.for_server = spec.for_client = true;
  return KeyPair{TRY(crypto::self_signed(key, spec)).pem(), key.pem()};
}

Result<KeyPair> LocalHost::self_signed_certificate(const CertificateRequest& request) {
  const crypto::PrivateKey key = TRY(key_of(request));
  crypto::CertificateSpec spec = spec_of(request, now());
  spec.for_server = spec.for_client = true;
  return KeyPair{TRY(crypto::self_signed(key, spec)).pem(), key.pem()};
}

Result<KeyPair> LocalHost::signed_certificate(const CertificateRequest& request,
                                              const KeyPair& authority) {
  const crypto::Authority issuer{
      TRY(crypto::Certificate::parse(authority.certificate).within("unable to parse certificate")),
      TRY(crypto::PrivateKey::parse(authority.key).within("error parsing private key"))};
  const crypto::PrivateKey key = TRY(key_of(request));
  crypto::CertificateSpec spec = spec_of(request, now());
  spec.for_server = spec.for_client = true;
  return KeyPair{TRY(issuer.issue(key.public_key(), spec)).pem(), key.pem()};
}

Result<> LocalHost::check_key_pair(const KeyPair& pair) {
  TRY(crypto::Certificate::parse(pair.certificate).within("unable to parse certificate"));
  TRY(crypto::PrivateKey::parse(pair.key).within("error parsing private key"));
  return {};
}

Result<Value> ClusterHost::lookup(std::string_view api_version,
                                  std::string_view kind,
                                  std::string_view namespace_name,
                                  std::string_view name) {
  const kube::Resource resource =
      TRY(mapper_.resource_for(ctx_, kube::GroupVersionKind::of(api_version, kind)));
  const std::string ns(resource.namespaced ? namespace_name : std::string_view());
  if (!name.empty()) {
    Result<kube::Object> found = client_.get(ctx_, resource, {ns, std::string(name)});
    if (found.ok()) return std::move(*found).value();
    if (found.error().code() == Code::NotFound) return Value::object();
    return std::move(found).error();
  }
  kube::ListOptions which;
  which.ns = ns;
  kube::ObjectList list = TRY(kube::list_all(ctx_, client_, resource, which));
  if (list.items.empty()) return Value::object();
  Value items = Value::array();
  for (kube::Object& object : list.items)
    items.push_back(std::move(object).value());
  return Value::object({{"apiVersion", api_version},
                        {"kind", cat(kind, "List")},
                        {"metadata", Value::object({{"resourceVersion", list.resource_version}})},
                        {"items", std::move(items)}});
}

}  // namespace fleet::helm
