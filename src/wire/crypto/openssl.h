// How this module and wire/tls hold OpenSSL's objects. Not for others.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

struct evp_pkey_st;
struct x509_st;
struct X509_req_st;
struct bio_st;

namespace fleet::crypto {

struct NativeKey {
  explicit NativeKey(evp_pkey_st* owned)
      : key(owned) {}
  NativeKey(const NativeKey&) = delete;
  NativeKey& operator=(const NativeKey&) = delete;
  ~NativeKey();
  evp_pkey_st* key;  // reference counted inside; reading it is safe from any thread
};

struct NativeCertificate {
  explicit NativeCertificate(x509_st* owned)
      : certificate(owned) {}
  NativeCertificate(const NativeCertificate&) = delete;
  NativeCertificate& operator=(const NativeCertificate&) = delete;
  ~NativeCertificate();
  x509_st* certificate;
};

struct NativeRequest {
  explicit NativeRequest(X509_req_st* owned)
      : request(owned) {}
  NativeRequest(const NativeRequest&) = delete;
  NativeRequest& operator=(const NativeRequest&) = delete;
  ~NativeRequest();
  X509_req_st* request;
};

// A memory BIO, to read from or to write to.
class Bio {
 public:
  Bio();
  explicit Bio(std::string_view text);  // a view: the text must outlive it
  Bio(const Bio&) = delete;
  Bio& operator=(const Bio&) = delete;
  ~Bio();
  bio_st* get() const { return bio_; }
  std::string text() const;  // what was written

 private:
  bio_st* bio_;
};

// `what`, and why as the library's error queue says, which is emptied.
Error openssl_error(Code code, std::string_view what);

}  // namespace fleet::crypto
