#include "codec/base64.h"

#include <gtest/gtest.h>

#include "codec/digest.h"

namespace fleet::codec {
namespace {

std::string text_of(Result<std::string> result) {
  return result.ok() ? std::move(result).value() : result.error().message();
}

TEST(Base64, RoundTripsAllLengthsInAllAlphabets) {
  std::string bytes;
  for (int i = 0; i < 70; ++i) {
    for (const auto alphabet : {Base64::Std, Base64::Url, Base64::RawStd, Base64::RawUrl}) {
      EXPECT_EQ(text_of(base64_decode(base64_encode(bytes, alphabet), alphabet)), bytes);
    }
    bytes += static_cast<char>(i * 37 + 200);
  }
}

struct Case {
  const char* in;
  Base64 alphabet;
  const char* want;
};
constexpr Case kCases[] = {
    {"", Base64::Std, ""},
    {"Zm9v", Base64::Std, "foo"},
    {"Zm9\nvYg=\r=\n", Base64::Std, "foob"},
    {"Zm9vYg", Base64::RawStd, "foob"},
    {"Zm9vYh==", Base64::Std, "foob"},
    {"Zm9vYg", Base64::Std, "illegal base64 data at input byte 4"},
    {"Zm9vYg=", Base64::Std, "illegal base64 data at input byte 7"},
    {"Zm9vYg=a", Base64::Std, "illegal base64 data at input byte 6"},
    {"Zm9vYg==a", Base64::Std, "illegal base64 data at input byte 8"},
    {"!m9v", Base64::Std, "illegal base64 data at input byte 0"},
    {"Z", Base64::RawStd, "illegal base64 data at input byte 0"},
    {"Z===", Base64::Std, "illegal base64 data at input byte 1"},
    {"ab-_", Base64::Std, "illegal base64 data at input byte 2"},
    {"Zg==", Base64::RawStd, "illegal base64 data at input byte 2"},
};

TEST(Base64, DecodesAsGo) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.in);
    EXPECT_EQ(text_of(base64_decode(c.in, c.alphabet)), c.want);
  }
  EXPECT_EQ(base64_encode("\xfb\xff", Base64::Std), "+/8=");
  EXPECT_EQ(base64_encode("\xfb\xff", Base64::RawUrl), "-_8");
}

TEST(Base32, EncodesAndDecodesAsGo) {
  EXPECT_EQ(base32_encode(""), "");
  EXPECT_EQ(base32_encode("f"), "MY======");
  EXPECT_EQ(base32_encode("foobar"), "MZXW6YTBOI======");
  EXPECT_EQ(text_of(base32_decode("MZXW6YTB\nOI======")), "foobar");
  EXPECT_EQ(text_of(base32_decode("MZXW6YQ=")), "foob");
  EXPECT_EQ(text_of(base32_decode("M")), "illegal base32 data at input byte 0");
  EXPECT_EQ(text_of(base32_decode("mzxw6yq=")), "illegal base32 data at input byte 0");
  EXPECT_EQ(text_of(base32_decode("MZXW6Y==")), "illegal base32 data at input byte 6");
  std::string bytes;
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(text_of(base32_decode(base32_encode(bytes))), bytes);
    bytes += static_cast<char>(i * 91);
  }
}

TEST(Hex, EncodesAndDecodesAsGo) {
  EXPECT_EQ(hex_encode("\x01\xab"), "01ab");
  EXPECT_EQ(text_of(hex_decode("01AB")), "\x01\xab");
  EXPECT_EQ(text_of(hex_decode("0g")), "encoding/hex: invalid byte: U+0067 'g'");
  EXPECT_EQ(text_of(hex_decode("abc")), "encoding/hex: odd length hex string");
  EXPECT_EQ(text_of(hex_decode("ab\n")), "encoding/hex: invalid byte: U+000A");
}

TEST(Digest, KnownAnswers) {
  EXPECT_EQ(hex_digest(Hash::Md5, "abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(hex_digest(Hash::Sha1, "abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(hex_digest(Hash::Sha224, ""),
            "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex_digest(Hash::Sha512, "abc").substr(0, 16), "ddaf35a193617aba");
  EXPECT_EQ(hex_digest(Hash::Sha384, "abc").substr(0, 16), "cb00753f45a35e8b");
  EXPECT_EQ(hex_encode(hmac(Hash::Sha256, "key", "The quick brown fox jumps over the lazy dog")),
            "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
  EXPECT_EQ(crc32("123456789"), 0xcbf43926U);
  EXPECT_EQ(adler32("Wikipedia"), 0x11e60398U);
}

// RFC 4231, case 6, and a key of exactly one block.
TEST(Digest, KeysOfAnyLength) {
  constexpr std::string_view kText = "Test Using Larger Than Block-Size Key - Hash Key First";
  const std::string key(131, '\xaa');
  EXPECT_EQ(hex_encode(hmac(Hash::Sha256, key, kText)),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(hex_encode(hmac(Hash::Sha512, key, kText)).substr(0, 32),
            "80b24263c7c1a3ebb71493c1dd7be8b4");
  EXPECT_EQ(hex_encode(hmac(Hash::Sha384, std::string(128, 'k'), kText)).substr(0, 32),
            "aa7ea9de5255ae75591387939b63827d");
}

TEST(Digest, PiecesGiveTheSame) {
  Hasher hasher(Hash::Sha256);
  hasher.add("a");
  hasher.add("bc");
  EXPECT_EQ(hasher.finish(), sha256("abc"));
  EXPECT_TRUE(constant_time_equal("ab", "ab"));
  EXPECT_FALSE(constant_time_equal("ab", "ac"));
  EXPECT_FALSE(constant_time_equal("ab", "abc"));
}

}  // namespace
}  // namespace fleet::codec
