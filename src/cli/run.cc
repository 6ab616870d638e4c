// Chooses a command, reads its flags, runs it, and prints what went wrong.
#include <algorithm>
#include <ostream>
#include <span>

#include "base/strings.h"
#include "cli/command.h"
#include "cli/errors.h"
#include "cli/flags.h"

namespace fleet::cli {

namespace {

constexpr size_t kSuggestionDistance = 2;

// How many letters to add, drop or change to get from one word to the other.
size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) {
    row[j] = j;
  }
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

std::string unknown_command(std::string_view name,
                            std::string_view parent,
                            const std::vector<Command>& commands) {
  std::string out = cat("unknown command ", quote(name), " for ", quote(parent));
  std::string near;
  for (const Command& command : commands) {
    if (command.hidden) continue;
    bool is_near = distance(to_lower(name), command.name) <= kSuggestionDistance ||
                   command.name.starts_with(to_lower(name));
    if (is_near) near += cat("\t", command.name, "\n");
  }
  return near.empty() ? out : cat(out, "\n\nDid you mean this?\n", near);
}

std::string list_of(const std::vector<Command>& commands) {
  size_t width = 0;
  for (const Command& command : commands) {
    if (!command.hidden) width = std::max(width, command.name.size());
  }
  std::string out;
  for (const Command& command : commands) {
    if (command.hidden) continue;
    std::string gap(width - command.name.size() + 3, ' ');
    out += cat("  ", command.name, gap, command.summary, "\n");
  }
  return out;
}

std::string help_of(const std::string& path, const Command& command, const Flags& flags) {
  std::string out = command.details.empty() ? command.summary : command.details;
  if (!out.ends_with('\n')) out += '\n';
  if (!command.commands.empty()) out += cat("\nCommands:\n", list_of(command.commands));
  out += cat("\nOptions:\n", flags.help());
  std::string usage = command.commands.empty() ? command.usage : "COMMAND [options]";
  out += cat("\nUsage:\n  ", path, usage.empty() ? "" : " ", usage, "\n");
  if (!command.commands.empty()) {
    out += cat("\nUse \"", path, " COMMAND --help\" for more about a command.\n");
  }
  return out;
}

Result<> check_count(const Command& command, size_t count) {
  auto least = static_cast<size_t>(command.min_args);
  bool is_exact = command.min_args == command.max_args;
  bool is_over = command.max_args >= 0 && count > static_cast<size_t>(command.max_args);
  if (count >= least && !is_over) return {};
  std::string wanted = is_exact  ? cat("accepts ", command.max_args)
                       : is_over ? cat("accepts at most ", command.max_args)
                                 : cat("requires at least ", command.min_args);
  return Error{Code::BadRequest,
               cat(wanted, " arg(s), ", is_exact || is_over ? "" : "only ", "received ", count)};
}

// Words of the command line up to the command that runs.
struct Chosen {
  const Command* command = nullptr;
  std::string path;
  std::vector<std::string> rest;
  std::string unknown;  // a word where a command was expected
};

Chosen choose(const Command& root, const std::vector<std::string>& args) {
  Chosen out;
  out.command = &root;
  out.path = root.name;
  size_t at = 0;
  while (at < args.size() && !out.command->commands.empty() && !args[at].starts_with('-')) {
    auto found = std::ranges::find(out.command->commands, args[at], &Command::name);
    if (found == out.command->commands.end()) {
      out.unknown = args[at];
      break;
    }
    out.command = &*found;
    out.path += cat(" ", args[at++]);
  }
  out.rest.assign(args.begin() + static_cast<std::ptrdiff_t>(at), args.end());
  return out;
}

Result<int> run_chosen(const Chosen& chosen,
                       const Context& ctx,
                       std::ostream& out,
                       std::ostream& err) {
  const Command& command = *chosen.command;
  Flags flags;
  Run run = command.setup ? command.setup(flags) : Run();
  std::vector<std::string> args = TRY(flags.parse(chosen.rest));
  std::string help = help_of(chosen.path, command, flags);
  if (flags.wants_help() || !run) {
    out << help;
    return 0;
  }
  TRY(check_count(command, args.size()));
  Invocation invocation{ctx, std::move(args), out, err, std::move(help)};
  return run(invocation);
}

}  // namespace

int run_command_line(const std::vector<std::string>& args,
                     const std::vector<Command>& commands,
                     const Context& ctx,
                     std::ostream& out,
                     std::ostream& err) {
  Command root{.name = "fleet",
               .summary = "Manage many clusters from git.",
               .details =
                   "Manage many clusters from git.\n\nFind clusters, bundles and what is "
                   "wrong with them; make bundles from folders; run a hub.",
               .origin = Origin::Upstream,
               .commands = commands};
  if (args.size() == 2 && args[0] == "help")
    return run_command_line({args[1], "--help"}, commands, ctx, out, err);
  Chosen chosen = choose(root, args);
  if (!chosen.unknown.empty()) {
    std::string message = unknown_command(chosen.unknown, chosen.path, chosen.command->commands);
    print_failure(Error{Code::BadRequest, message}, ctx, err);
    return 1;
  }
  Result<int> code = run_chosen(chosen, ctx, out, err);
  if (code.ok()) return *code;
  if (chosen.command->origin == Origin::Upstream) {
    print_failure(code.error(), ctx, err);
    return 1;
  }
  bool is_usage = code.error().code() == Code::BadRequest;
  err << "error: " << code.error().message() << "\n";
  if (is_usage) err << "See '" << chosen.path << " --help' for usage.\n";
  return is_usage ? 2 : 1;
}

}  // namespace fleet::cli
