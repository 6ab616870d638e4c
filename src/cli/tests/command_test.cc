#include "cli/command.h"

#include <sstream>

#include <gtest/gtest.h>

#include "cli/export.h"
#include "cli/flags.h"

namespace fleet::cli {
namespace {

struct Ran {
  int code;
  std::string out;
  std::string err;
};

Command echo_command(Origin origin) {
  return {.name = "echo",
          .usage = "[WORD]",
          .summary = "Say a word.",
          .origin = origin,
          .max_args = 1,
          .setup = [](Setup& setup) -> Run {
            auto loud = setup.state<bool>();
            setup.flag("l,loud", *loud, "Louder.");
            return [loud](Invocation& invocation) -> Result<int> {
              for (const std::string& word : invocation.args) {
                invocation.out << word << (*loud ? "!" : "");
              }
              return 0;
            };
          }};
}

Ran run(const std::vector<std::string>& args, Origin origin = Origin::Upstream) {
  std::ostringstream out;
  std::ostringstream err;
  int code = run_command_line(args, {echo_command(origin)}, Context::background(), out, err);
  return {code, out.str(), err.str()};
}

TEST(CommandLine, FlagsAndArgumentsMayBeMixed) {
  EXPECT_EQ(run({"echo", "hi", "--loud"}).out, "hi!");
  EXPECT_EQ(run({"echo", "-l", "hi"}).out, "hi!");
  EXPECT_EQ(run({"echo", "--", "-l"}).out, "-l");
}

TEST(CommandLine, FaultsOfUpstreamsCommandsExitOne) {
  Ran unknown = run({"echo", "--nope"});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_NE(unknown.err.find("level=fatal msg=\"unknown flag: --nope\""), std::string::npos);
  EXPECT_NE(run({"echo", "a", "b"}).err.find("accepts at most 1 arg(s), received 2"),
            std::string::npos);
}

TEST(CommandLine, FaultsInTheUseOfOursExitTwo) {
  EXPECT_EQ(run({"echo", "--nope"}, Origin::Ours).code, 2);
}

TEST(CommandLine, ATypoSuggestsTheNearestCommand) {
  Ran typo = run({"ecoh"});
  EXPECT_EQ(typo.code, 1);
  EXPECT_NE(typo.err.find("Did you mean this?"), std::string::npos);
  EXPECT_EQ(run({"zzz"}).err.find("Did you mean"), std::string::npos);
}

TEST(CommandLine, HelpIsPrintedAndSucceeds) {
  Ran help = run({"echo", "--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_NE(help.out.find("--loud"), std::string::npos);
}

TEST(Export, MetadataIsReduced) {
  auto object = data::Value::object(
      {{"kind", "X"},
       {"metadata",
        data::Value::object(
            {{"name", "a"},
             {"uid", "u"},
             {"annotations", data::Value::object({{"kubectl.kubernetes.io/x", "y"}})}})},
       {"status", data::Value::object({{"s", 1}})}});
  auto clean = clean_object(object);
  ASSERT_TRUE(clean.ok());
  EXPECT_EQ((*clean)["metadata"], data::Value::object({{"name", "a"}}));
  EXPECT_FALSE(clean->contains("status"));
}

}  // namespace
}  // namespace fleet::cli
