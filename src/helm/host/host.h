// ClusterHost: what templates see of the world when a chart is deployed to a cluster.
//
// The clock, real random numbers, keys and certificates (wire/crypto), and `lookup`, which reads
// with the client given here: the tenant's own, so that a chart sees what its account may see.
// As Helm 4.2: no environment, no DNS lookups.
// Threads: by one render at a time. Lifetime: client, mapper and clock outlive it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "gotemplate/host.h"
#include "kube/client/client.h"
#include "kube/client/rest_mapper.h"
#include "sys/context.h"

namespace fleet::helm {

// Everything but `lookup`, which answers as without a cluster: an empty object.
class LocalHost : public gotemplate::Host {
 public:
  explicit LocalHost(const Clock& clock)
      : clock_(&clock) {}

  TimePoint now() override { return clock_->now(); }
  void random(std::span<uint8_t> bytes) override;
  Result<data::Value> lookup(std::string_view api_version,
                             std::string_view kind,
                             std::string_view namespace_name,
                             std::string_view name) override;
  Result<std::string> host_by_name(std::string_view) override { return std::string(); }
  std::string environment(std::string_view) override { return {}; }
  // From the machine's time zone database; "" where there is none.
  std::string zone_file(std::string_view name) override;
  Result<std::string> bcrypt(std::string_view password) override;
  Result<std::string> scrypt(std::string_view password,
                             std::string_view salt,
                             uint64_t n,
                             uint32_t r,
                             uint32_t p,
                             size_t bytes) override;
  Result<std::string> aes_cbc_encrypt(std::string_view key,
                                      std::string_view iv,
                                      std::string_view text) override;
  Result<std::string> aes_cbc_decrypt(std::string_view key,
                                      std::string_view iv,
                                      std::string_view text) override;
  Result<std::string> private_key(std::string_view type) override;
  Result<gotemplate::KeyPair> certificate_authority(
      const gotemplate::CertificateRequest& request) override;
  Result<gotemplate::KeyPair> self_signed_certificate(
      const gotemplate::CertificateRequest& request) override;
  Result<gotemplate::KeyPair> signed_certificate(const gotemplate::CertificateRequest& request,
                                                 const gotemplate::KeyPair& authority) override;
  Result<> check_key_pair(const gotemplate::KeyPair& pair) override;

 private:
  const Clock* clock_;
};

class ClusterHost final : public LocalHost {
 public:
  ClusterHost(const Context& ctx, kube::Client& client, kube::RestMapper& mapper)
      : LocalHost(ctx.clock()),
        ctx_(ctx),
        client_(client),
        mapper_(mapper) {}

  Result<data::Value> lookup(std::string_view api_version,
                             std::string_view kind,
                             std::string_view namespace_name,
                             std::string_view name) override;

 private:
  Context ctx_;
  kube::Client& client_;
  kube::RestMapper& mapper_;
};

}  // namespace fleet::helm
