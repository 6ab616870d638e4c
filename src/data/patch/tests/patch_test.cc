#include <gtest/gtest.h>

#include "data/patch/json_patch.h"
#include "data/patch/merge_patch.h"

namespace fleet::patch {
namespace {

struct Case {
  const char* rule;
  const char* document;
  const char* patch;
  const char* want;  // starting with "!": the error
};

constexpr Case kJsonPatch[] = {
    {"add sets a member",
     R"({"b":1})",
     R"([{"op":"add","path":"/a","value":2}])",
     R"({"a":2,"b":1})"},
    {"add inserts into an array", "[1,3]", R"([{"op":"add","path":"/1","value":2}])", "[1,2,3]"},
    {"a dash appends",
     R"({"a":[1]})",
     R"([{"op":"add","path":"/a/-","value":2}])",
     R"({"a":[1,2]})"},
    {"an index beyond the end fails",
     R"({"a":[1]})",
     R"([{"op":"add","path":"/a/5","value":2}])",
     "!error in add for path: '/a/5': Unable to access invalid index: 5: invalid index referenced"},
    {"replace creates a missing member",
     R"({"a":1})",
     R"([{"op":"replace","path":"/b","value":2}])",
     R"({"a":1,"b":2})"},
    {"remove of a missing member fails",
     R"({"a":1})",
     R"([{"op":"remove","path":"/b"}])",
     "!error in remove for path: '/b': Unable to remove nonexistent key: b: missing value"},
    {"test compares the text of numbers",
     R"({"a":1.0})",
     R"([{"op":"test","path":"/a","value":1}])",
     "!testing value /a failed: test failed"},
    {"numbers keep their text",
     R"({"a":1.0,"b":1})",
     R"([{"op":"remove","path":"/b"}])",
     R"({"a":1.0})"},
    {"escapes in pointers",
     R"({"a/b":{"~":1}})",
     R"([{"op":"remove","path":"/a~1b/~0"}])",
     R"({"a/b":{}})"},
    {"move takes and adds",
     R"({"a":1})",
     R"([{"op":"move","from":"/a","path":"/b"}])",
     R"({"b":1})"},
    {"copy of a missing member is null",
     R"({"a":1})",
     R"([{"op":"copy","from":"/z","path":"/b"}])",
     R"({"a":1,"b":null})"},
    {"an unknown kind fails", "{}", R"([{"op":"spam","path":"/a"}])", "!Unexpected kind: spam"},
    {"a patch must be a list",
     "{}",
     R"("x")",
     "!json: cannot unmarshal string into Go value of type jsonpatch.Patch"},
};

constexpr Case kMergePatch[] = {
    {"null deletes", R"({"a":1,"b":2})", R"({"a":null})", R"({"b":2})"},
    {"objects merge", R"({"a":{"b":1}})", R"({"a":{"c":2}})", R"({"a":{"b":1,"c":2}})"},
    {"nulls in new values are dropped",
     "{}",
     R"({"a":{"b":null,"c":[{"d":null},null]}})",
     R"({"a":{"c":[{},null]}})"},
    {"a scalar over an object replaces it", R"({"a":{"b":1}})", R"({"a":2})", R"({"a":2})"},
    {"a text is no patch", R"({"a":1})", R"("x")", "!Invalid JSON Patch"},
};

constexpr Case kCreate[] = {
    {"equal documents need nothing", R"({"a":1.0})", R"({"a":1})", "{}"},
    {"removed members become null",
     R"({"a":1,"b":{"c":1}})",
     R"({"b":{}})",
     R"({"a":null,"b":{"c":null}})"},
    {"lists are one value", R"({"a":[1,2]})", R"({"a":[1]})", R"({"a":[1]})"},
    {"an array against an object", "[]", "{}", "!Mismatched JSON Documents"},
};

void check(const Case& c, const Result<std::string>& got) {
  SCOPED_TRACE(c.rule);
  if (c.want[0] == '!') {
    ASSERT_FALSE(got.ok());
    EXPECT_EQ(got.error().message(), c.want + 1);
    return;
  }
  ASSERT_TRUE(got.ok()) << got.error().message();
  EXPECT_EQ(*got, c.want);
}

TEST(JsonPatch, Rules) {
  for (const Case& c : kJsonPatch)
    check(c, apply_json_patch_text(c.document, c.patch));
}

// Copies that copy what was copied, and pointers into them, end at the limits.
TEST(JsonPatch, EndsAtItsLimits) {
  std::string doubled = R"([{"op":"add","path":"/a","value":{"l":[1]}})";
  for (int i = 0; i < 60; ++i)
    doubled += R"(,{"op":"copy","from":"/a","path":"/a/l/-"})";
  auto large = apply_json_patch_text("{}", doubled + "]");
  ASSERT_FALSE(large.ok());
  EXPECT_EQ(large.error().message(), "copy operations make too large a document");

  auto pointer = [](size_t parts) {
    std::string path;
    for (size_t i = 0; i < parts; ++i)
      path += "/a";
    return path;
  };
  std::string deeper = R"([{"op":"add","path":"/a","value":{}})";
  for (size_t i = 1; i < kMaxPointerParts; ++i)
    deeper += R"(,{"op":"copy","from":"/a","path":")" + pointer(i + 1) + "\"}";
  auto deep = apply_json_patch_text("{}", deeper + "]");
  ASSERT_FALSE(deep.ok());
  auto missing = apply_json_patch_text(
      "{}", R"([{"op":"add","path":")" + pointer(kMaxPointerParts) + R"(","value":1}])");
  ASSERT_FALSE(missing.ok());
}

TEST(MergePatch, Apply) {
  for (const Case& c : kMergePatch)
    check(c, apply_merge_patch_text(c.document, c.patch));
}

TEST(MergePatch, Create) {
  for (const Case& c : kCreate)
    check(c, create_merge_patch_text(c.document, c.patch));
}

}  // namespace
}  // namespace fleet::patch
