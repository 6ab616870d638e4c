// Commands of `fleet`: one command is one .cc with one function that describes it.
//
//   // cli/render.cc
//   Command render_command() {
//     return {.name = "render", .usage = "DIR", .summary = "Print the manifests one cluster gets.",
//             .setup = [](Setup& setup) { … }};
//   }
//
// The list of commands is in commands.cc; nothing registers itself. The parser stays inside
// cli/*.cc: a command names its flags to a `Setup`, which fills variables that live as long as the
// run. Names, defaults and exit codes of upstream's commands are upstream's; ours exit 2 for wrong
// usage.
// Threads: a command runs on the main thread.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sys/context.h"

namespace fleet::cli {

// What a command may read and write. Texts go to `out` and `err` in the order written.
struct Invocation {
  Context ctx;
  std::vector<std::string> args;  // positional ones
  std::ostream& out;
  std::ostream& err;
  std::string help;  // the text of --help, for commands that print it when something is missing
};

// Names the flags of one command. `name` is "output", or "o,output" with a one-letter form.
// Each variable must live until the command has run: keep them in a shared state (see `keep`).
class Setup {
 public:
  virtual ~Setup() = default;
  virtual void flag(std::string_view name, bool& value, std::string_view help) = 0;
  virtual void text(std::string_view name, std::string& value, std::string_view help) = 0;
  virtual void integer(std::string_view name, int64_t& value, std::string_view help) = 0;
  virtual void real(std::string_view name, double& value, std::string_view help) = 0;
  // May be given many times, each value as it is written.
  virtual void texts(std::string_view name,
                     std::vector<std::string>& values,
                     std::string_view help) = 0;
  // May be given many times, each a list with commas.
  virtual void list(std::string_view name,
                    std::vector<std::string>& values,
                    std::string_view help) = 0;
  // As upstream: the environment's value is taken when the flag's is its default.
  virtual void environment(std::string_view name, std::string_view variable) = 0;
  // Not in the help.
  virtual void hide(std::string_view name) = 0;
  // Keeps something (the flags' variables) until the command has run.
  virtual void keep(std::shared_ptr<void> state) = 0;

  template <typename State>
  std::shared_ptr<State> state() {
    auto made = std::make_shared<State>();
    keep(made);
    return made;
  }
};

// Runs a command; an error is printed by the frame, with exit code 1.
using Run = std::function<Result<int>(Invocation& invocation)>;

enum class Origin {
  Upstream,  // errors as upstream prints them, usage errors exit 1
  Ours,      // usage errors exit 2 with a hint
};

struct Command {
  std::string name;
  std::string usage{};    // behind the name: "[flags] BUNDLE_NAME PATH..."
  std::string summary{};  // one line, for lists of commands
  std::string details{};  // paragraphs for --help; the summary when empty
  Origin origin = Origin::Ours;
  bool hidden = false;
  int min_args = 0;
  int max_args = -1;  // -1: any number
  // Called once when this command was chosen; names the flags and answers what to run.
  // A command without it only groups its `commands`.
  std::function<Run(Setup&)> setup{};
  std::vector<Command> commands{};
};

// All commands of the program, in the order of the help.
std::vector<Command> all_commands();

// Chooses and runs; the exit code. `args` are those behind the program's name.
int run_command_line(const std::vector<std::string>& args,
                     const std::vector<Command>& commands,
                     const Context& ctx,
                     std::ostream& out,
                     std::ostream& err);

}  // namespace fleet::cli
