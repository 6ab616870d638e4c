// fleet: the command line, and the hub in one process.
#include <iostream>

#include "cli/command.h"
#include "server_commands.h"

int main(int argc, char** argv) {
  using namespace fleet;  // NOLINT(google-build-using-namespace): one function, the program's roof
  std::vector<cli::Command> commands = cli::all_commands();
  for (cli::Command& command : server_commands())
    commands.push_back(std::move(command));
  std::vector<std::string> args(argv + 1, argv + argc);
  return cli::run_command_line(args, commands, Context::background(), std::cout, std::cerr);
}
