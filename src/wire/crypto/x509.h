// Reading and writing the parts of certificates and requests. Not for others.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "wire/crypto/certificate.h"

struct X509_name_st;
struct stack_st_X509_EXTENSION;
struct stack_st_GENERAL_NAME;
struct asn1_string_st;

namespace fleet::crypto {

// All values of "CN", "O" and so on, in order.
std::vector<std::string> name_values(const X509_name_st* name, std::string_view short_name);
void fill_name(X509_name_st* name, const CertificateSpec& spec);

struct AltNames {
  std::vector<std::string> dns_names;
  std::vector<std::string> ip_addresses;
};
AltNames read_alt_names(const stack_st_GENERAL_NAME* names);
// "DNS:a,IP:1.2.3.4"; Invalid for a name with characters that have no place there.
Result<std::string> alt_names_text(const CertificateSpec& spec);

TimePoint to_time_point(const asn1_string_st* time);

}  // namespace fleet::crypto
