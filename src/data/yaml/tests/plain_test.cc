// The plain reader against the long road: whatever it takes, it reads as the other does.
#include "data/yaml/plain.h"

#include <gtest/gtest.h>

#include "base/strings.h"
#include "data/yaml/composer.h"
#include "data/yaml/decode.h"

namespace fleet::yaml {
namespace {

Result<data::Value> long_road(std::string_view text, Duplicates duplicates) {
  Composer composer(text, Dialect::V2);
  Node document = TRY(composer.next_document());
  return decode_v2(document, duplicates, NonFinite::Refused);
}

// Whether the two agree, where the plain reader has an answer.
void compare(std::string_view text, Duplicates duplicates = Duplicates::LastWins) {
  auto plain = read_plain(text, duplicates);
  if (!plain) return;
  auto whole = long_road(text, duplicates);
  ASSERT_TRUE(whole.ok()) << whole.error().message() << "\n" << text;
  EXPECT_TRUE(*plain == *whole) << print(*plain) << "instead of\n" << print(*whole) << text;
  EXPECT_EQ(print(*plain), print(*whole)) << text;  // also the kinds of numbers
}

constexpr const char* kPlain[] = {
    "a: 1\nb: two words\nc: -3.5e2 # comment\n",
    "a:\n  b:\n    c: d\n  e: f\ng: h",
    "a:\n- b\n- c: d\n  e: f\n-\n- - x\n  - y\ng: {}\n",
    "- a\n- b: c\n-\n  d: e\n",
    "# top\n\n---\n# more\na: []  # empty\n\n\n  # odd\nb: [a, \"b c\", 'd''e', 1, {f: g, 'h': "
    "[i]}]\n",
    "a: |\n  one\n   two\n\n  three\nb: |-\n\n  x\n\n\nc: |+\n  y\n\n\nd: z\n",
    "a: |\n  no break at the end",
    "a:\n  - |\n    text\n  - last\n",
    "a: \"q \\\"x\\\" \\n\\\\ \\t\"\nb: 'it''s'\nc: ''\n'd e' : f\n\"g\": h\n",
    "a: one\n  two\n\n  three # end\nb: c\n",
    "- one\n  two\n- three\n",
    "a: yes\nb: no\nc: on\nd: ~\ne: null\nf: 0x1F\ng: 017\nh: 1_000\ni: 2020-01-02\nj: 1:30\nk: "
    ".5\n",
    "a: b:c\nd: e#f\ng: http://x/y?z#a\nh: :8080\ni: -x\nj: ?k\n",
    "a : b\nc   :  d\n",
    "  a: 1\n  b:\n  - 2\n",
    "a: \xC3\xA9t\xC3\xA9 # \xE2\x82\xAC\nb: |\n  \xF0\x9F\x9A\x80\n\xC3\xBC: x\n",
    "a: 1\na: 2\nb: {c: 1, c: 2}\n",
    "command: [\"sh\", \"-c\", \"echo 'hi' > /dev/null\"]\nargs: []\n",
    "a: 18446744073709551615\nb: 9223372036854775808\nc: -9223372036854775808\nd: 1e400\n",
    "a:\n  # within\n  b: c\n# out\n  d: e\n",
    "a: 'x'   \nb: [1 , 2 ]\n",
    "a:\n  {}\nb:\n    []\nc:\n  \"d\"\ne:\n  'f': g\nh:\n-\n  {i: j}\n- \n  'k'\n",
};

constexpr const char* kNotPlain[] = {
    "",
    "# nothing\n",
    "text\n",
    "a: &x b\nc: *x\n",
    "<<: {a: b}\n",
    "a: !!str 1\n",
    "? a\n: b\n",
    "a:\tb\n",
    "\ta: b\n",
    "a: b\n\n---\nc: d\n",
    "a: b\n...\n",
    "%YAML 1.1\n---\na: b\n",
    "a: .inf\n",
    "1: a\n",
    "yes: a\n",
    "a: b: c\n",
    "a: [b\n",
    "a: [b,\n c]\n",
    "a: \"b\n  c\"\n",
    "a: 'b\n",
    "a: >\n  folded\n",
    "a: |2\n   x\n",
    "a:\n    b: c\n  d: e\n",
    "a: b\n  c: d\n",
    "a: b\n# x\n  c\n",
    "- a\nb: c\n",
    "a: 1\n- b\n",
    "a: -\n",
    "a: \"\\x41\"\n",
    "a: b\r\nc: d\r\n",
    "a: \x01\n",
    "a: \xFF\n",
    "a: \xC2\x85\n",
    "a: |\n   \n  x\n",
    "a: |\n\tx\n",
    "a: @b\n",
    "a: 'b' c\n",
    "a: {b}\n",
    "a: [b,]\n",
    "a: [b: c]\n",
    "a: {\"b\":1}\n",
    "\"a\":1\n",
    "'a' 'b': c\n",
    "a:\n  {}\n  b: c\n",
    "a:\n  {}\n   []\n",
    "a:\n  {b: c}: d\n",
    "a:\n{}\n",
};

TEST(PlainYaml, TakesWhatIsPlain) {
  for (const char* text : kPlain) {
    EXPECT_TRUE(read_plain(text, Duplicates::LastWins)) << text;
    compare(text);
    compare(text, Duplicates::Refused);
  }
}

TEST(PlainYaml, LeavesTheRest) {
  for (const char* text : kNotPlain) {
    EXPECT_FALSE(read_plain(text, Duplicates::LastWins)) << text;
  }
  EXPECT_FALSE(read_plain("a: 1\na: 2\n", Duplicates::Refused));
  EXPECT_FALSE(read_plain("a: {b: 1, b: 2}\n", Duplicates::Refused));
}

TEST(PlainYaml, Limits) {
  std::string deep;
  for (int i = 0; i < 70; ++i)
    deep += cat(std::string(static_cast<size_t>(i), ' '), "a:\n");
  EXPECT_FALSE(read_plain(deep, Duplicates::LastWins));
  EXPECT_FALSE(
      read_plain(cat("a: ", std::string(70, '['), std::string(70, ']')), Duplicates::LastWins));
  EXPECT_FALSE(read_plain(cat(std::string(520, 'k'), ": v\n"), Duplicates::LastWins));
  EXPECT_TRUE(read_plain(cat(std::string(500, 'k'), ": v\n"), Duplicates::LastWins));
}

TEST(PlainYaml, LeavesOutMembers) {
  constexpr std::string_view kNames[] = {"kind", "metadata"};
  const std::span<const std::string_view> names(kNames);
  auto head = read_plain("Kind: A\nspec:\n  deep: [1, {a: |}]\nmetadata: {spec: x}\nx: 1\n",
                         Duplicates::LastWins,
                         names);
  EXPECT_FALSE(head);  // what is left out is still looked at
  head = read_plain(
      "Kind: A\nspec:\n  deep: [1, {a: b}]\n  c: |\n    d\n\nmetadata: {spec: x}\nx: 1\n",
      Duplicates::LastWins,
      names);
  ASSERT_TRUE(head);
  EXPECT_EQ(print(*head), "Kind: A\nmetadata:\n  spec: x\n");
  EXPECT_FALSE(read_plain("kind: A\nspec: .inf\n", Duplicates::LastWins, names));
}

// Texts near to the tables': characters and lines taken, doubled and mixed.
TEST(PlainYaml, AgreesOnChangedTexts) {
  constexpr std::string_view kPieces[] = {
      " ", "  ", "\n",  "\n  ", ":", ": ", "- ", "-",  "#", " #", "'",  "\"",       "[",
      "]", "{",  "}",   ",",    "|", ">",  "\t", "\\", "*", "&",  "!",  "?",        "%",
      "~", "0x", "---", "...",  "a", "1",  ".",  "\r", "+", "_",  "<<", "\xC3\xA9", "\xE2"};
  uint64_t state = 20261124;
  auto next = [&](size_t below) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<size_t>(state >> 33) % below;
  };
  int taken = 0;
  for (int round = 0; round < 60'000; ++round) {
    std::string text = kPlain[next(std::size(kPlain))];
    if (next(4) == 0) text += kPlain[next(std::size(kPlain))];
    for (size_t changes = 1 + next(3); changes > 0; --changes) {
      const size_t at = next(text.size() + 1);
      switch (next(3)) {
        case 0:
          text.erase(at, 1 + next(3));
          break;
        case 1:
          text.insert(at, kPieces[next(std::size(kPieces))]);
          break;
        default:
          text.insert(next(text.size() + 1), text.substr(at, next(12)));
      }
    }
    compare(text, next(2) == 0 ? Duplicates::LastWins : Duplicates::Refused);
    if (HasFatalFailure() || HasNonfatalFailure()) return;
    taken += read_plain(text, Duplicates::LastWins) ? 1 : 0;
  }
  EXPECT_GT(taken, 5'000);  // or the comparison says little
}

}  // namespace
}  // namespace fleet::yaml
