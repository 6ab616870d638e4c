#include "kube/apiserver/pki.h"

#include <algorithm>

#include "base/strings.h"
#include "sys/files.h"

namespace fleet::kube::apiserver {

namespace {

constexpr Duration kDay = std::chrono::hours(24);
constexpr Duration kCaLifetime = 3650 * kDay;
constexpr Duration kServingLifetime = 365 * kDay;
constexpr Duration kRenewBefore = 30 * kDay;
constexpr Duration kClockSkew = std::chrono::hours(1);  // certificates begin this much earlier

bool is_address(std::string_view name) {
  return name.find_first_not_of("0123456789.") == std::string_view::npos || contains(name, ":");
}

Result<> keep(const std::string& folder,
              std::string_view file,
              std::string_view bytes,
              unsigned mode) {
  if (folder.empty()) return {};
  return sys::write_file(cat(folder, "/", file), bytes, mode, sys::Sync::Yes);
}

Result<crypto::Authority> open_authority(const Context& ctx, const std::string& folder) {
  const std::string certificate = folder + "/ca.crt";
  if (!folder.empty() && sys::path_exists(certificate)) {
    const std::string pem = TRY(sys::read_file(certificate));
    const std::string key = TRY(sys::read_file(folder + "/ca.key"));
    auto parsed = TRY(crypto::Certificate::parse(pem).within(certificate));
    auto own = TRY(crypto::PrivateKey::parse(key).within(folder + "/ca.key"));
    return crypto::Authority{std::move(parsed), std::move(own)};
  }
  const TimePoint now = ctx.clock().now();
  auto authority = TRY(crypto::Authority::make("fleet-ca", now - kClockSkew, now + kCaLifetime));
  TRY(keep(folder, "ca.key", authority.key.pem(), 0600));
  TRY(keep(folder, "ca.crt", authority.certificate.pem(), 0644));
  return authority;
}

Result<crypto::PrivateKey> open_account_key(const std::string& folder) {
  const std::string path = folder + "/sa.key";
  if (!folder.empty() && sys::path_exists(path)) {
    return crypto::PrivateKey::parse(TRY(sys::read_file(path))).within(path);
  }
  auto key = crypto::PrivateKey::generate(crypto::KeyKind::EcdsaP256);
  TRY(keep(folder, "sa.key", key.pem(), 0600));
  return key;
}

bool names_all(const crypto::Certificate& certificate, const std::vector<std::string>& names) {
  const auto dns = certificate.dns_names();
  const auto addresses = certificate.ip_addresses();
  return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    const auto& list = is_address(name) ? addresses : dns;
    return std::find(list.begin(), list.end(), name) != list.end();
  });
}

}  // namespace

Result<Pki> Pki::open(const Context& ctx, const std::string& folder) {
  if (!folder.empty()) TRY(sys::make_folders(folder, 0700));
  auto authority = TRY(open_authority(ctx, folder));
  auto account_key = TRY(open_account_key(folder));
  return Pki(std::move(authority), std::move(account_key), folder);
}

Result<KeyPair> Pki::serving(const Context& ctx, const std::vector<std::string>& names) const {
  const TimePoint now = ctx.clock().now();
  if (!folder_.empty() && sys::path_exists(folder_ + "/serving.crt")) {
    std::string pem = TRY(sys::read_file(folder_ + "/serving.crt"));
    auto kept = crypto::Certificate::parse(pem);
    if (kept.ok() && kept->not_after() - now > kRenewBefore && names_all(*kept, names) &&
        kept->check_signed_by(authority_.certificate, now).ok()) {
      std::string key = TRY(sys::read_file(folder_ + "/serving.key"));
      return KeyPair{std::move(pem), Secret<std::string>(std::move(key))};
    }
  }
  crypto::CertificateSpec spec;
  spec.common_name = "fleet-server";
  spec.not_before = now - kClockSkew;
  spec.not_after = now + kServingLifetime;
  spec.for_server = true;
  for (const std::string& name : names) {
    (is_address(name) ? spec.ip_addresses : spec.dns_names).push_back(name);
  }
  const auto key = crypto::PrivateKey::generate(crypto::KeyKind::EcdsaP256);
  const std::string pem = TRY(authority_.issue(key.public_key(), spec)).pem();
  TRY(keep(folder_, "serving.key", key.pem(), 0600));
  TRY(keep(folder_, "serving.crt", pem, 0644));
  return KeyPair{pem, Secret<std::string>(key.pem())};
}

Result<KeyPair> Pki::client(const Context& ctx,
                            std::string_view user,
                            const std::vector<std::string>& groups,
                            Duration lifetime) const {
  crypto::CertificateSpec spec;
  spec.common_name = std::string(user);
  spec.organizations = groups;
  spec.not_before = ctx.clock().now() - kClockSkew;
  spec.not_after = ctx.clock().now() + lifetime;
  spec.for_client = true;
  const auto key = crypto::PrivateKey::generate(crypto::KeyKind::EcdsaP256);
  return KeyPair{TRY(authority_.issue(key.public_key(), spec)).pem(),
                 Secret<std::string>(key.pem())};
}

}  // namespace fleet::kube::apiserver
