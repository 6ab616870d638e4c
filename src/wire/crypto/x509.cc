#include "wire/crypto/x509.h"

#include <arpa/inet.h>
#include <openssl/asn1.h>
#include <openssl/x509v3.h>

#include "base/check.h"
#include "base/strings.h"

namespace fleet::crypto {
namespace {

std::string text_of(const ASN1_STRING* text) {
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, text);
  if (size < 0) return {};
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are bytes
  std::string out(reinterpret_cast<const char*>(utf8), static_cast<size_t>(size));
  OPENSSL_free(utf8);
  return out;
}

std::string address_text(const ASN1_OCTET_STRING* bytes) {
  char buffer[INET6_ADDRSTRLEN];
  const int family = ASN1_STRING_length(bytes) == 4 ? AF_INET : AF_INET6;
  const char* text = ::inet_ntop(family, ASN1_STRING_get0_data(bytes), buffer, sizeof buffer);
  return text == nullptr ? std::string() : std::string(text);
}

void add_name(X509_NAME* name, const char* field, std::string_view value) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are bytes
  const auto* bytes = reinterpret_cast<const unsigned char*>(value.data());
  X509_NAME_add_entry_by_txt(
      name, field, MBSTRING_UTF8, bytes, static_cast<int>(value.size()), -1, 0);
}

// The text form of alternative names has its own syntax, which a name must not break out of.
bool is_plain_name(std::string_view name) {
  return !name.empty() && name.find_first_of(",;:\"\\ \n\r\t") == std::string_view::npos;
}

}  // namespace

std::vector<std::string> name_values(const X509_name_st* name, std::string_view short_name) {
  const int nid = OBJ_txt2nid(std::string(short_name).c_str());
  std::vector<std::string> values;
  for (int at = X509_NAME_get_index_by_NID(name, nid, -1); at >= 0;
       at = X509_NAME_get_index_by_NID(name, nid, at)) {
    values.push_back(text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at))));
  }
  return values;
}

void fill_name(X509_name_st* name, const CertificateSpec& spec) {
  for (const std::string& organization : spec.organizations)
    add_name(name, "O", organization);
  if (!spec.common_name.empty()) add_name(name, "CN", spec.common_name);
}

AltNames read_alt_names(const stack_st_GENERAL_NAME* names) {
  AltNames out;
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
    if (name->type == GEN_DNS) out.dns_names.push_back(text_of(name->d.dNSName));
    if (name->type == GEN_IPADD) out.ip_addresses.push_back(address_text(name->d.iPAddress));
  }
  return out;
}

Result<std::string> alt_names_text(const CertificateSpec& spec) {
  std::vector<std::string> parts;
  for (const std::string& name : spec.dns_names) {
    if (!is_plain_name(name)) return Error{Code::Invalid, cat("bad DNS name ", quote(name))};
    parts.push_back("DNS:" + name);
  }
  for (const std::string& address : spec.ip_addresses) {
    in6_addr parsed{};
    if (::inet_pton(AF_INET, address.c_str(), &parsed) != 1 &&
        ::inet_pton(AF_INET6, address.c_str(), &parsed) != 1) {
      return Error{Code::Invalid, cat("bad IP address ", quote(address))};
    }
    parts.push_back("IP:" + address);
  }
  return join(parts, ",");
}

TimePoint to_time_point(const asn1_string_st* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  CivilTime civil;
  civil.year = parts.tm_year + 1900;
  civil.month = parts.tm_mon + 1;
  civil.day = parts.tm_mday;
  civil.hour = parts.tm_hour;
  civil.minute = parts.tm_min;
  civil.second = parts.tm_sec;
  return from_civil(civil);
}

}  // namespace fleet::crypto
