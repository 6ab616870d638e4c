#include "kustomize/stream.h"

#include <gtest/gtest.h>

namespace fleet::kustomize {
namespace {

std::string through(std::string_view text, bool annotated) {
  auto nodes = read_stream(text);
  if (!nodes.ok()) return nodes.error().message();
  for (yaml::Node& node : *nodes) {
    if (!annotated) continue;
    auto done = annotate(node, "file", "a.yaml");
    if (!done.ok()) return done.error().message();
  }
  auto printed = print_stream(std::move(*nodes));
  return printed.ok() ? *printed : printed.error().message();
}

struct Case {
  const char* rule;
  const char* in;
  const char* out;
  const char* annotated;
};

constexpr Case kCases[] = {
    {"comments and styles stay",
     "# top\na: 'b' # line\n",
     "# top\na: 'b' # line\n",
     "# top\na: 'b' # line\nmetadata:\n  annotations:\n    file: 'a.yaml'\n"},
    {"a null document is left out", "null\n---\na: b\n", "a: b\n", nullptr},
    {"a list gives way to its items",
     "kind: List\nitems:\n- {a: 1}\n- {b: 2}\n",
     "{a: 1}\n---\n{b: 2}\n",
     nullptr},
    {"annotations that say nothing go away",
     "kind: A\nmetadata:\n  name: n\n  annotations: {}\n",
     "kind: A\nmetadata:\n  name: n\n",
     "kind: A\nmetadata:\n  name: n\n  annotations:\n    file: 'a.yaml'\n"},
    {"a known annotation keeps its style",
     "metadata: {annotations: {file: \"x\"}}\n",
     "metadata: {annotations: {file: \"x\"}}\n",
     "metadata: {annotations: {file: \"a.yaml\"}}\n"},
    {"a document that is no map is refused",
     "- a\n",
     "wrong node kind: expected MappingNode but got SequenceNode: node contents:\n- a\n",
     nullptr},
    {"so is a separator with text",
     "a: b\n--- c\nd: e\n",
     "invalid document separator: --- c",
     nullptr},
};

TEST(Stream, Rules) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.rule);
    EXPECT_EQ(through(c.in, false), c.out);
    if (c.annotated == nullptr) continue;
    EXPECT_EQ(through(c.in, true), c.annotated);
  }
}

}  // namespace
}  // namespace fleet::kustomize
