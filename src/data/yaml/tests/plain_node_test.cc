// The plain reader of nodes against the long road: whatever it takes, it reads as the other does.
#include <gtest/gtest.h>

#include "base/strings.h"
#include "data/yaml/composer.h"
#include "data/yaml/plain.h"

namespace fleet::yaml {
namespace {

// All that a node says of itself and what lies below.
std::string dump(const Node& node, int depth = 0) {
  std::string out = cat(std::string(static_cast<size_t>(depth), ' '),
                        static_cast<int>(node.kind()),
                        " ",
                        node.tag_text(),
                        " style ",
                        static_cast<int>(node.style()),
                        " at ",
                        depth == 0 ? 0U : node.line(),
                        ":",
                        depth == 0 ? 0U : node.column(),
                        " '",
                        node.text(),
                        "'",
                        node.head_comment(),
                        node.line_comment(),
                        node.foot_comment(),
                        "\n");
  for (const Node& child : node.children())
    out += dump(child, depth + 1);
  return out;
}

bool compare(std::string_view text) {
  auto plain = read_plain_node(text);
  if (!plain) return false;
  auto whole = Composer(text, Dialect::V3).next_document();
  EXPECT_TRUE(whole.ok()) << whole.error().message() << "\n" << text;
  if (whole.ok()) {
    EXPECT_EQ(dump(*plain), dump(*whole)) << text;
  }
  return true;
}

constexpr const char* kPlain[] = {
    "a: 1\nb: two words\nc: -3.5e2\n",
    "a:\n  b:\n    c: d\n  e: f\ng: h",
    "a:\n- b\n- c: d\n  e: f\n-\n- - x\n  - y\ng: {}\nh:\ni:\n",
    "- a\n- b: c\n-\n  d: e\n-\n",
    "\n---\na: []\n\nb: [a, \"b c\", 'd''e', 1, {f: g, 'h': [i]}]\n",
    "a: |\n  one\n   two\n\n  three\nb: |-\n\n  x\n\n\nc: |+\n  y\n\n\nd: z\n",
    "a: \"q \\\"x\\\" \\n\\\\ \\t\"\nb: 'it''s'\nc: ''\n'd e' : f\n\"g\": h\n",
    "a: one\n  two\n\n  three\nb: c\n",
    "a: yes\nb: on\nc: ~\nd: null\ne: 0x1F\nf: 017\ng: 0o17\nh: 1_000\ni: 2020-01-02\nj: .inf\n",
    "a: b:c\nd: e#f\ng: http://x/y?z#a\nh: :8080\ni: -x\nj: ?k\n",
    "  a: 1\n  b:\n  - 2\n  1: x\n  true: y\n  a: again\n",
    "\xC3\xA9: \xC3\xA9t\xC3\xA9\nb: [\"\xE2\x82\xAC\", c]\n",
    "spec:\n  template:\n    spec:\n      containers:\n      - name: a\n        args: [\"-c\", x]\n"
    "        ports:\n        - containerPort: 80\n        resources: {limits: {cpu: 100m}}\n",
};

TEST(PlainNodes, TakesWhatIsPlainAndAgrees) {
  for (const char* text : kPlain)
    EXPECT_TRUE(compare(text)) << text;
}

TEST(PlainNodes, LeavesCommentsAnchorsAndMerges) {
  for (const char* text : {"# top\na: b\n",
                           "a: b # line\n",
                           "a: &x b\n",
                           "<<: {a: b}\n",
                           "a: <<\n",
                           "a: !!str 1\n",
                           "a: >\n  folded\n",
                           "\xEF\xBB\xBF"
                           "a: b\n",
                           "a: b\n---\nc: d\n"}) {
    EXPECT_FALSE(read_plain_node(text)) << text;
  }
}

TEST(PlainNodes, AgreesOnMutatedTexts) {
  constexpr std::string_view kInserted[] = {" ",
                                            "\n",
                                            "-",
                                            ":",
                                            ": ",
                                            "#",
                                            "'",
                                            "\"",
                                            "[",
                                            "]",
                                            "{",
                                            "}",
                                            ",",
                                            "\t",
                                            "|",
                                            "&",
                                            "- ",
                                            "0"};
  size_t taken = 0;
  for (const char* written : kPlain) {
    const std::string text = written;
    for (size_t at = 0; at <= text.size(); at++) {
      for (std::string_view inserted : kInserted)
        taken += compare(cat(text.substr(0, at), inserted, text.substr(at))) ? 1 : 0;
      taken +=
          compare(cat(text.substr(0, at), at < text.size() ? text.substr(at + 1) : "")) ? 1 : 0;
    }
  }
  EXPECT_GT(taken, 3000U);
}

}  // namespace
}  // namespace fleet::yaml
