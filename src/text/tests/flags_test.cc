#include "text/flags.h"

#include <gtest/gtest.h>

#include "base/strings.h"

namespace fleet::text {
namespace {

struct Case {
  const char* rule;
  std::vector<std::string> words;
  const char* want;  // "name debug rest...", or the error
};

TEST(Flags, Rules) {
  const Case cases[] = {
      {"without flags, what was there stays", {}, "none false"},
      {"a value behind an equals sign", {"--name=a"}, "a false"},
      {"a value in the next word", {"--name", "a"}, "a false"},
      {"a value may be empty", {"--name="}, " false"},
      {"a value may begin with dashes", {"--name", "--debug"}, "--debug false"},
      {"a value keeps its equals signs", {"--name=a=b"}, "a=b false"},
      {"a switch alone is on", {"--debug"}, "none true"},
      {"a switch takes no next word", {"--debug", "false"}, "none true false"},
      {"a switch may be told", {"--debug=0"}, "none false"},
      {"the last one wins", {"--name=a", "--debug", "--name=b", "--debug=F"}, "b false"},
      {"two dashes end the flags", {"--", "--name=a"}, "none false --name=a"},
      {"a flag without effect is understood", {"--quiet", "--tone=low"}, "none false"},
      {"unknown", {"--nam=a"}, "unknown flag: --nam"},
      {"no value", {"--name"}, "flag needs an argument: --name"},
      {"no bool",
       {"--debug=maybe"},
       "invalid argument \"maybe\" for \"--debug\" flag: strconv.ParseBool: parsing \"maybe\": "
       "invalid syntax"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.rule);
    std::string name = "none";
    std::string debug = "false";
    const Flag flags[] = {{"name", Flag::Kind::Text, &name},
                          {"debug", Flag::Kind::Switch, &debug},
                          {"quiet", Flag::Kind::Switch, nullptr},
                          {"tone", Flag::Kind::Text, nullptr}};
    const auto rest = read_flags(c.words, flags);
    std::string got = rest.ok() ? cat(name, " ", debug) : rest.error().message();
    if (rest.ok()) {
      for (const std::string& word : *rest)
        got += " " + word;
    }
    EXPECT_EQ(got, c.want);
  }
}

}  // namespace
}  // namespace fleet::text
