// What strangers call things: git URLs and packets, image references, login challenges, base64.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "codec/base64.h"
#include "wire/git/pkt_line.h"
#include "wire/git/url.h"
#include "wire/oci/login.h"
#include "wire/oci/reference.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto url = fleet::git::parse_remote_url(text); url.ok()) {
    // No part may look like an option to the programs that get it.
    if (url->text().starts_with('-') || url->host.starts_with('-') || url->user.starts_with('-')) {
      std::abort();
    }
    const auto again = fleet::git::parse_remote_url(url->text());
    if (!again.ok() || again->text() != url->text()) std::abort();
  }
  if (const auto reference = fleet::oci::Reference::parse(text); reference.ok()) {
    const auto again = fleet::oci::Reference::parse(reference->text());
    if (!again.ok() || !(*again == *reference)) std::abort();
  }
  const auto packets = fleet::git::read_packets(text);
  if (packets.ok() && packets->size() > size / 4) std::abort();
  fleet::oci::parse_challenge(text);
  for (const auto alphabet : {fleet::codec::Base64::Std, fleet::codec::Base64::RawUrl}) {
    const auto decoded = fleet::codec::base64_decode(text, alphabet);
    if (!decoded.ok()) continue;
    const auto again =
        fleet::codec::base64_decode(fleet::codec::base64_encode(*decoded, alphabet), alphabet);
    if (!again.ok() || *again != *decoded) std::abort();
  }
  const auto base32 = fleet::codec::base32_decode(text);
  if (base32.ok() && *fleet::codec::base32_decode(fleet::codec::base32_encode(*base32)) != *base32)
    std::abort();
  return 0;
}
