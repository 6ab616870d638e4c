#include <array>
#include <cstdio>

#include "base/strings.h"
#include "codec/base64.h"
#include "codec/digest.h"
#include "gotemplate/certificate.h"
#include "gotemplate/format.h"
#include "gotemplate/sprig.h"

namespace fleet::gotemplate {

namespace {
constexpr std::string_view kCertificateFields[] = {"Cert", "Key"};
}  // namespace

const Type kCertificateType{
    .kind = Kind::Struct, .name = "sprig.certificate", .fields = kCertificateFields};

namespace {

// --- random texts ---

std::string random_bytes(Execution& run, size_t count) {
  std::string out(count, '\0');
  run.host().random({reinterpret_cast<uint8_t*>(out.data()), count});
  return out;
}

// `count` characters of an alphabet, each equally likely.
Result<Value> random_text(Execution& run, int64_t count, std::string_view alphabet) {
  if (count <= 0) return Value::string({});
  TRY(room_for(run, static_cast<uint64_t>(count)));
  std::string out;
  size_t fair = 256 / alphabet.size() * alphabet.size();  // bytes above would favour the first ones
  while (out.size() < static_cast<size_t>(count)) {
    for (char c : random_bytes(run, static_cast<size_t>(count) - out.size() + 16)) {
      auto byte = static_cast<unsigned char>(c);
      if (byte < fair && out.size() < static_cast<size_t>(count))
        out += alphabet[byte % alphabet.size()];
    }
  }
  return kept(run, out);
}

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kLettersAndDigits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

Result<Value> rand_alpha_num(Execution& run, Args a) {
  return random_text(run, a[0].as_int(), kLettersAndDigits);
}
Result<Value> rand_alpha(Execution& run, Args a) {
  return random_text(run, a[0].as_int(), kLetters);
}
Result<Value> rand_numeric(Execution& run, Args a) {
  return random_text(run, a[0].as_int(), kDigits);
}
Result<Value> rand_ascii(Execution& run, Args a) {
  std::string all;
  for (char c = ' '; c < 0x7F; ++c)
    all += c;
  return random_text(run, a[0].as_int(), all);
}

Result<Value> rand_bytes(Execution& run, Args a) {
  if (a[0].as_int() < 0) return failure("runtime error: makeslice: len out of range");
  TRY(room_for(run, static_cast<uint64_t>(a[0].as_int()) * 2));
  return kept(run, codec::base64_encode(random_bytes(run, static_cast<size_t>(a[0].as_int()))));
}

Result<Value> shuffle(Execution& run, Args a) {
  TRY(room_for_parts(run, text_of(a[0]), ""));
  TRY(work(run, text_of(a[0]).size()));
  std::vector<std::string_view> runes = go_split(text_of(a[0]), "", -1);
  for (size_t i = runes.size(); i > 1; --i) {
    uint64_t random = 0;
    run.host().random({reinterpret_cast<uint8_t*>(&random), sizeof random});
    std::swap(runes[i - 1], runes[random % i]);
  }
  return kept(run, join(runes, ""));
}

Result<Value> uuid_v4(Execution& run, Args) {
  std::string bytes = random_bytes(run, 16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
  std::string hex = codec::hex_encode(bytes);
  for (size_t at : {size_t{20}, size_t{16}, size_t{12}, size_t{8}})
    hex.insert(at, 1, '-');
  return kept(run, hex);
}

// --- passwords ---

// Steps for what takes long by intent; a render has 20 million of them, and two seconds.
constexpr uint64_t kBcryptSteps = 800'000;
constexpr uint64_t kScryptSteps = 2'500'000;
constexpr uint64_t kRsa2048Steps = 1'500'000;
constexpr uint64_t kSlowKeySteps = 5'000'000;  // RSA of 4096 bits, DSA with its parameters

Result<Value> bcrypt(Execution& run, Args a) {
  TRY(work(run, kBcryptSteps));
  auto hash = run.host().bcrypt(text_of(a[0]));
  if (hash.ok()) return kept(run, *hash);
  return kept(run, cat("failed to encrypt string with bcrypt: ", hash.error().message()));
}

Result<Value> htpasswd(Execution& run, Args a) {
  if (contains(text_of(a[0]), ":")) return kept(run, cat("invalid username: ", text_of(a[0])));
  Value hash = TRY(bcrypt(run, a.subspan(1)));
  return kept(run, cat(text_of(a[0]), ":", text_of(hash)));
}

struct PasswordType {
  std::string_view name;
  std::string_view templates;  // separated by blanks
};

constexpr PasswordType kPasswordTypes[] = {
    {"maximum", "anoxxxxxxxxxxxxxxxxx axxxxxxxxxxxxxxxxxno"},
    {"long",
     "CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno "
     "CvcvnoCvccCvcv CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno "
     "CvccnoCvccCvcv CvccCvccnoCvcv CvccCvccCvcvno CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno "
     "CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno"},
    {"medium", "CvcnoCvc CvcCvcno"},
    {"short", "Cvcn"},
    {"basic", "aaanaaan aannaaan aaannaaa"},
    {"pin", "nnnn"},
};

std::string_view password_characters(char c) {
  switch (c) {
    case 'V':
      return "AEIOU";
    case 'C':
      return "BCDFGHJKLMNPQRSTVWXYZ";
    case 'v':
      return "aeiou";
    case 'c':
      return "bcdfghjklmnpqrstvwxyz";
    case 'a':
      return "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
    case 'n':
      return kDigits;
    case 'o':
      return "@&%?,=[]_:-+*$#!'^~;()/.";
    default:
      return "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()";
  }
}

std::string big_endian(uint64_t number) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8)
    out += static_cast<char>(number >> shift);
  return out;
}

// The Master Password algorithm: counter, type, password, user, site.
Result<Value> derive_password(Execution& run, Args a) {
  constexpr std::string_view kSeed = "com.lyndir.masterpassword";
  const PasswordType* type = nullptr;
  for (const PasswordType& one : kPasswordTypes) {
    if (one.name == text_of(a[1])) type = &one;
  }
  if (!type) return kept(run, cat("cannot find password template ", text_of(a[1])));
  TRY(work(run, kScryptSteps));
  std::string_view user = text_of(a[3]);
  std::string_view site = text_of(a[4]);
  auto key =
      run.host().scrypt(text_of(a[2]), cat(kSeed, big_endian(user.size()), user), 32'768, 8, 2, 64);
  if (!key.ok()) return kept(run, cat("failed to derive password: ", key.error().message()));
  std::string seed =
      codec::hmac(codec::Hash::Sha256,
                  *key,
                  cat(kSeed, big_endian(site.size()), site, big_endian(a[0].as_uint())));
  auto at = [&](size_t i) { return static_cast<size_t>(static_cast<unsigned char>(seed[i])); };
  auto templates = split(type->templates, ' ');
  std::string out;
  for (char c : templates[at(0) % templates.size()]) {
    std::string_view characters = password_characters(c);
    out += characters[at(out.size() + 1) % characters.size()];
  }
  return kept(run, out);
}

// --- AES ---

std::string aes_key(std::string_view password) {
  std::string key(password.substr(0, 32));
  key.resize(32, '\0');
  return key;
}

Result<Value> encrypt_aes(Execution& run, Args a) {
  if (text_of(a[1]).empty()) return Value::string({});
  std::string text(text_of(a[1]));
  size_t padding = 16 - text.size() % 16;
  text.append(padding, static_cast<char>(padding));
  std::string iv = random_bytes(run, 16);
  std::string encrypted = TRY(run.host().aes_cbc_encrypt(aes_key(text_of(a[0])), iv, text));
  return kept(run, codec::base64_encode(iv + encrypted));
}

Result<Value> decrypt_aes(Execution& run, Args a) {
  if (text_of(a[1]).empty()) return Value::string({});
  std::string bytes = TRY(codec::base64_decode(text_of(a[1])));
  if (bytes.size() < 16) {
    return failure(
        cat("runtime error: slice bounds out of range [:16] with capacity ", bytes.size()));
  }
  if (bytes.size() % 16 != 0) return failure("crypto/cipher: input not full blocks");
  std::string_view iv = std::string_view(bytes).substr(0, 16);
  std::string_view rest = std::string_view(bytes).substr(16);
  if (rest.empty()) return failure("runtime error: index out of range [-1]");
  std::string text = TRY(run.host().aes_cbc_decrypt(aes_key(text_of(a[0])), iv, rest));
  size_t padding = static_cast<unsigned char>(text.back());
  if (padding > text.size()) {
    return failure(cat("runtime error: slice bounds out of range [:",
                       static_cast<int64_t>(text.size()) - static_cast<int64_t>(padding),
                       "]"));
  }
  return kept(run, std::string_view(text).substr(0, text.size() - padding));
}

// --- keys and certificates ---

Result<Value> private_key(Execution& run, Args a) {
  bool slow = text_of(a[0]).empty() || text_of(a[0]) == "rsa" || text_of(a[0]) == "dsa";
  TRY(work(run, slow ? kSlowKeySteps : kRsa2048Steps / 100));
  auto key = run.host().private_key(text_of(a[0]));
  if (key.ok()) return kept(run, *key);
  return kept(run, cat("failed to generate private key: ", key.error().message()));
}

Value made(Execution& run, const KeyPair& pair) {
  auto* node = run.heap().create<StructNode>();
  node->type = &kCertificateType;
  node->fields = run.heap().array<Value>(2);
  node->fields[0] = kept(run, pair.certificate);
  node->fields[1] = kept(run, pair.key);
  return Value::structure(node);
}

Result<std::vector<std::string>> texts(Execution& run, const Value& list, std::string_view what) {
  std::vector<std::string> out;
  for (const Value& item : list_items(run.heap(), list)) {
    if (!item.is_string()) {
      return failure(cat(what, value_text(run.heap(), item), " is not a string"));
    }
    out.emplace_back(text_of(item));
  }
  return out;
}

Result<Value> authority(Execution& run, Args a) {
  CertificateRequest request;
  request.common_name = text_of(a[0]);
  request.days = a[1].as_int();
  if (a.size() > 2) request.key_pem = text_of(a[2]);
  TRY(work(run, kRsa2048Steps));
  return made(run, TRY(run.host().certificate_authority(request)));
}

Result<CertificateRequest> request_of(Execution& run, Args a) {
  CertificateRequest request;
  request.common_name = text_of(a[0]);
  request.ips = TRY(texts(run, a[1], "error parsing ip: "));
  request.dns_names = TRY(texts(run, a[2], "error processing alternate dns name: "));
  request.days = a[3].as_int();
  return request;
}

Result<Value> self_signed(Execution& run, Args a) {
  CertificateRequest request = TRY(request_of(run, a));
  if (a.size() > 4) request.key_pem = text_of(a[4]);
  TRY(work(run, kRsa2048Steps));
  return made(run, TRY(run.host().self_signed_certificate(request)));
}

Result<Value> signed_by(Execution& run, Args a) {
  CertificateRequest request = TRY(request_of(run, a));
  if (a.size() > 5) request.key_pem = text_of(a[5]);
  TRY(work(run, kRsa2048Steps));
  const StructNode& by = *a[4].as_struct();
  KeyPair signer{std::string(text_of(by.fields[0])), std::string(text_of(by.fields[1]))};
  return made(run, TRY(run.host().signed_certificate(request, signer)));
}

Result<Value> custom_certificate(Execution& run, Args a) {
  auto certificate = codec::base64_decode(text_of(a[0]));
  if (!certificate.ok()) return failure("unable to decode base64 certificate");
  auto key = codec::base64_decode(text_of(a[1]));
  if (!key.ok()) return failure("unable to decode base64 private key");
  if (!contains(*certificate, "-----BEGIN ")) return failure("unable to decode certificate");
  KeyPair pair{*certificate, *key};
  TRY(run.host().check_key_pair(pair));
  return made(run, pair);
}

constexpr Function kFunctions[] = {
    {"randAlphaNum", "i", &rand_alpha_num},
    {"randAlpha", "i", &rand_alpha},
    {"randNumeric", "i", &rand_numeric},
    {"randAscii", "i", &rand_ascii},
    {"randBytes", "i", &rand_bytes},
    {"shuffle", "s", &shuffle},
    {"uuidv4", "", &uuid_v4},
    {"bcrypt", "s", &bcrypt},
    {"htpasswd", "ss", &htpasswd},
    {"derivePassword", "wssss", &derive_password},
    {"encryptAES", "ss", &encrypt_aes},
    {"decryptAES", "ss", &decrypt_aes},
    {"genPrivateKey", "s", &private_key},
    {"genCA", "si", &authority},
    {"genCAWithKey", "sis", &authority},
    {"genSelfSignedCert", "sAAi", &self_signed},
    {"genSelfSignedCertWithKey", "sAAis", &self_signed},
    {"genSignedCert", "sAAic", &signed_by},
    {"genSignedCertWithKey", "sAAics", &signed_by},
    {"buildCustomCert", "ss", &custom_certificate},
};

}  // namespace

std::span<const Function> sprig_crypto_functions() {
  return kFunctions;
}

}  // namespace fleet::gotemplate
