#include "wire/crypto/openssl.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/check.h"
#include "base/strings.h"

namespace fleet::crypto {

NativeKey::~NativeKey() {
  EVP_PKEY_free(key);
}
NativeCertificate::~NativeCertificate() {
  X509_free(certificate);
}
NativeRequest::~NativeRequest() {
  X509_REQ_free(request);
}

Bio::Bio()
    : bio_(BIO_new(BIO_s_mem())) {
  CHECK(bio_ != nullptr);
}
Bio::Bio(std::string_view text)
    : bio_(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))) {
  CHECK(bio_ != nullptr);
}
Bio::~Bio() {
  BIO_free(bio_);
}

std::string Bio::text() const {
  char* data = nullptr;
  const long size = BIO_ctrl(bio_, BIO_CTRL_INFO, 0, static_cast<void*>(&data));
  return std::string(data, static_cast<size_t>(size));
}

Error openssl_error(Code code, std::string_view what) {
  const unsigned long last = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = last == 0 ? nullptr : ERR_reason_error_string(last);
  if (reason == nullptr) return Error{code, std::string(what)};
  return Error{code, cat(what, ": ", reason)};
}

}  // namespace fleet::crypto
