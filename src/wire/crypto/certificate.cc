#include "wire/crypto/certificate.h"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/check.h"
#include "base/strings.h"
#include "codec/base64.h"
#include "wire/crypto/openssl.h"
#include "wire/crypto/random.h"
#include "wire/crypto/x509.h"

namespace fleet::crypto {
namespace {

Certificate own(X509* certificate) {
  return Certificate(std::make_shared<const NativeCertificate>(certificate));
}

void set_time(ASN1_TIME* into, TimePoint time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
  CHECK(ASN1_TIME_set(into, static_cast<time_t>(seconds)) != nullptr);
}

void set_serial(X509* certificate) {
  std::string bytes = random_bytes(16);
  bytes[0] = static_cast<char>(bytes[0] & 0x7f);  // a positive number
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are bytes
  const auto* digits = reinterpret_cast<const unsigned char*>(bytes.data());
  BIGNUM* number = BN_bin2bn(digits, static_cast<int>(bytes.size()), nullptr);
  CHECK(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr);
  BN_free(number);
}

Result<> add_extension(X509* certificate, X509V3_CTX* context, int nid, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, context, nid, value.c_str());
  if (extension == nullptr) return openssl_error(Code::Invalid, cat("certificate field ", value));
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  return {};
}

Result<> add_extensions(X509* certificate, X509* issuer, const CertificateSpec& spec) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  TRY(add_extension(certificate,
                    &context,
                    NID_basic_constraints,
                    spec.is_ca ? "critical,CA:TRUE" : "critical,CA:FALSE"));
  TRY(add_extension(certificate,
                    &context,
                    NID_key_usage,
                    spec.is_ca ? "critical,digitalSignature,keyEncipherment,keyCertSign,cRLSign"
                               : "critical,digitalSignature,keyEncipherment"));
  std::vector<std::string> usages;
  if (spec.for_server) usages.emplace_back("serverAuth");
  if (spec.for_client) usages.emplace_back("clientAuth");
  if (!usages.empty()) {
    TRY(add_extension(certificate, &context, NID_ext_key_usage, join(usages, ",")));
  }
  TRY(add_extension(certificate, &context, NID_subject_key_identifier, "hash"));
  if (issuer != certificate) {
    TRY(add_extension(certificate, &context, NID_authority_key_identifier, "keyid"));
  }
  const std::string alt_names = TRY(alt_names_text(spec));
  if (alt_names.empty()) return {};
  return add_extension(certificate, &context, NID_subject_alt_name, alt_names);
}

// Ed25519 takes no separate hash.
const EVP_MD* hash_for(EVP_PKEY* key) {
  return EVP_PKEY_is_a(key, "ED25519") == 1 ? nullptr : EVP_sha256();
}

// `issuer` null: signed by itself.
Result<Certificate> make_certificate(const PublicKey& subject_key,
                                     const CertificateSpec& spec,
                                     X509* issuer,
                                     const PrivateKey& issuer_key) {
  Certificate made = own(X509_new());
  X509* certificate = made.native().certificate;
  X509_set_version(certificate, 2);  // v3
  set_serial(certificate);
  set_time(X509_getm_notBefore(certificate), spec.not_before);
  set_time(X509_getm_notAfter(certificate), spec.not_after);
  fill_name(X509_get_subject_name(certificate), spec);
  if (issuer == nullptr) issuer = certificate;
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  X509_set_pubkey(certificate, subject_key.native().key);
  TRY(add_extensions(certificate, issuer, spec));
  EVP_PKEY* signer = issuer_key.native().key;
  if (X509_sign(certificate, signer, hash_for(signer)) == 0) {
    return openssl_error(Code::Invalid, "certificate cannot be signed");
  }
  return made;
}

AltNames alt_names_of(const X509* certificate) {
  auto* names = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  AltNames out = read_alt_names(names);
  GENERAL_NAMES_free(names);
  return out;
}

std::string first(std::vector<std::string> values) {
  return values.empty() ? std::string() : std::move(values.front());
}

}  // namespace

Result<std::vector<Certificate>> Certificate::parse_all(std::string_view pem) {
  const Bio bio(pem);
  std::vector<Certificate> all;
  while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    all.push_back(own(certificate));
  }
  if (all.empty()) return openssl_error(Code::Invalid, "no certificate in PEM form");
  // The end of the text is reported as "no start line"; anything else is a damaged certificate.
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (!at_end) return openssl_error(Code::Invalid, "bad certificate");
  ERR_clear_error();
  return all;
}

Result<Certificate> Certificate::parse(std::string_view pem) {
  const Bio bio(pem);
  X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr);
  if (certificate == nullptr) return openssl_error(Code::Invalid, "no certificate in PEM form");
  return own(certificate);
}

Result<Certificate> Certificate::parse_der(std::string_view der) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are bytes
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  X509* certificate = d2i_X509(nullptr, &at, static_cast<long>(der.size()));
  if (certificate == nullptr) return openssl_error(Code::Invalid, "no certificate in DER form");
  return own(certificate);
}

std::string Certificate::pem() const {
  const Bio bio;
  CHECK(PEM_write_bio_X509(bio.get(), native_->certificate) == 1);
  return bio.text();
}

std::string Certificate::der() const {
  const Bio bio;
  CHECK(i2d_X509_bio(bio.get(), native_->certificate) == 1);
  return bio.text();
}

std::string Certificate::common_name() const {
  return first(name_values(X509_get_subject_name(native_->certificate), "CN"));
}
std::string Certificate::issuer_common_name() const {
  return first(name_values(X509_get_issuer_name(native_->certificate), "CN"));
}
std::vector<std::string> Certificate::organizations() const {
  return name_values(X509_get_subject_name(native_->certificate), "O");
}
std::vector<std::string> Certificate::dns_names() const {
  return alt_names_of(native_->certificate).dns_names;
}
std::vector<std::string> Certificate::ip_addresses() const {
  return alt_names_of(native_->certificate).ip_addresses;
}

std::string Certificate::serial() const {
  BIGNUM* number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(native_->certificate), nullptr);
  char* text = BN_bn2hex(number);
  std::string out = to_lower(text);
  OPENSSL_free(text);
  BN_free(number);
  return out;
}

TimePoint Certificate::not_before() const {
  return to_time_point(X509_get0_notBefore(native_->certificate));
}
TimePoint Certificate::not_after() const {
  return to_time_point(X509_get0_notAfter(native_->certificate));
}

bool Certificate::is_ca() const {
  return X509_check_ca(native_->certificate) == 1;
}

PublicKey Certificate::public_key() const {
  EVP_PKEY* key = X509_get_pubkey(native_->certificate);
  CHECK(key != nullptr);
  return PublicKey(std::make_shared<const NativeKey>(key));
}

Result<> Certificate::check_signed_by(const Certificate& authority, TimePoint when) const {
  for (const Certificate* certificate : {this, &authority}) {
    if (when < certificate->not_before()) {
      return Error{Code::Invalid,
                   cat("certificate of ", quote(common_name()), " is not yet valid")};
    }
    if (when > certificate->not_after()) {
      return Error{Code::Invalid, cat("certificate of ", quote(common_name()), " has expired")};
    }
  }
  if (X509_check_issued(authority.native().certificate, native_->certificate) != X509_V_OK ||
      X509_verify(native_->certificate, authority.public_key().native().key) != 1) {
    ERR_clear_error();
    return Error{Code::Invalid,
                 cat("certificate of ", quote(common_name()), " is signed by unknown authority")};
  }
  return {};
}

Result<Certificate> self_signed(const PrivateKey& key, const CertificateSpec& spec) {
  return make_certificate(key.public_key(), spec, nullptr, key);
}

Result<Authority> Authority::make(std::string_view common_name,
                                  TimePoint not_before,
                                  TimePoint not_after) {
  PrivateKey key = PrivateKey::generate(KeyKind::EcdsaP256);
  CertificateSpec spec;
  spec.common_name = std::string(common_name);
  spec.not_before = not_before;
  spec.not_after = not_after;
  spec.is_ca = true;
  Certificate certificate = TRY(self_signed(key, spec));
  return Authority{std::move(certificate), std::move(key)};
}

Result<Certificate> Authority::issue(const PublicKey& subject_key,
                                     const CertificateSpec& spec) const {
  return make_certificate(subject_key, spec, certificate.native().certificate, key);
}

Result<CertificateRequest> CertificateRequest::parse(std::string_view pem) {
  const Bio bio(pem);
  X509_REQ* request = PEM_read_bio_X509_REQ(bio.get(), nullptr, nullptr, nullptr);
  if (request == nullptr) {
    return openssl_error(Code::Invalid, "no certificate request in PEM form");
  }
  CertificateRequest parsed(std::make_shared<const NativeRequest>(request));
  EVP_PKEY* key = X509_REQ_get0_pubkey(request);
  if (key == nullptr || X509_REQ_verify(request, key) != 1) {
    return openssl_error(Code::Invalid, "certificate request is not signed by its own key");
  }
  return parsed;
}

Result<CertificateRequest> CertificateRequest::make(const PrivateKey& key,
                                                    const CertificateSpec& subject) {
  CertificateRequest made(std::make_shared<const NativeRequest>(X509_REQ_new()));
  X509_REQ* request = made.native_->request;
  fill_name(X509_REQ_get_subject_name(request), subject);
  X509_REQ_set_pubkey(request, key.native().key);
  const std::string alt_names = TRY(alt_names_text(subject));
  if (!alt_names.empty()) {
    X509_EXTENSION* extension =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alt_names.c_str());
    if (extension == nullptr) return openssl_error(Code::Invalid, "bad alternative names");
    STACK_OF(X509_EXTENSION)* extensions = sk_X509_EXTENSION_new_null();
    sk_X509_EXTENSION_push(extensions, extension);
    X509_REQ_add_extensions(request, extensions);
    sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
  }
  EVP_PKEY* signer = key.native().key;
  if (X509_REQ_sign(request, signer, hash_for(signer)) == 0) {
    return openssl_error(Code::Invalid, "certificate request cannot be signed");
  }
  return made;
}

std::string CertificateRequest::pem() const {
  const Bio bio;
  CHECK(PEM_write_bio_X509_REQ(bio.get(), native_->request) == 1);
  return bio.text();
}

std::string CertificateRequest::common_name() const {
  return first(name_values(X509_REQ_get_subject_name(native_->request), "CN"));
}
std::vector<std::string> CertificateRequest::organizations() const {
  return name_values(X509_REQ_get_subject_name(native_->request), "O");
}

namespace {

AltNames alt_names_of(X509_REQ* request) {
  STACK_OF(X509_EXTENSION)* extensions = X509_REQ_get_extensions(request);
  auto* names = static_cast<GENERAL_NAMES*>(
      X509V3_get_d2i(extensions, NID_subject_alt_name, nullptr, nullptr));
  AltNames out = read_alt_names(names);
  GENERAL_NAMES_free(names);
  sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
  return out;
}

}  // namespace

std::vector<std::string> CertificateRequest::dns_names() const {
  return alt_names_of(native_->request).dns_names;
}
std::vector<std::string> CertificateRequest::ip_addresses() const {
  return alt_names_of(native_->request).ip_addresses;
}

PublicKey CertificateRequest::public_key() const {
  EVP_PKEY* key = X509_REQ_get_pubkey(native_->request);
  CHECK(key != nullptr);
  return PublicKey(std::make_shared<const NativeKey>(key));
}

}  // namespace fleet::crypto
