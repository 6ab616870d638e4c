// Family fleet-cli: command lines run by bash with our `fleet` on PATH.
#include <cstdlib>

#include "base/file_tree.h"
#include "base/strings.h"
#include "fleet/cli_compare.h"
#include "fleet/cli_servers.h"
#include "fleet/parts.h"
#include "sys/environment.h"
#include "sys/files.h"
#include "sys/process.h"
#include "wire/http/client.h"

namespace fleet::conformance {
namespace {

constexpr int kFilePort = 18087;
constexpr int kGuardedPort = 18088;
// A kubeconfig of a server that does not answer: offline commands make no request.
constexpr std::string_view kOfflineConfig =
    R"({"apiVersion":"v1","kind":"Config","current-context":"x",
"clusters":[{"name":"x","cluster":{"server":"http://127.0.0.1:1"}}],
"contexts":[{"name":"x","context":{"cluster":"x","user":"x"}}],"users":[{"name":"x","user":{}}]})";

std::string numbered(const std::string& folder, size_t number, std::string_view ending) {
  std::string digits = std::to_string(number);
  return cat(folder, "/want/", std::string(3 - digits.size(), '0'), digits, ending);
}

Result<Printed> recorded(const std::string& folder, size_t number) {
  Printed out;
  std::string code = TRY(read_file(numbered(folder, number, ".code")));
  out.code = static_cast<int>(parse_int(trim(code)).value_or(0));
  out.out = TRY(read_file(numbered(folder, number, ".stdout")));
  out.err = TRY(read_file(numbered(folder, number, ".stderr")));
  return out;
}

// One case in a folder of its own, with the servers it needs.
class CliCase {
 public:
  explicit CliCase(std::string folder)
      : folder_(std::move(folder)) {}

  Result<Difference> run() {
    sys::TempFolder work = TRY(sys::TempFolder::make("fleet-case"));
    std::string place = TRY(sys::real_path(work.path()));
    TRY(prepare(place));
    std::string commands = TRY(read_file(folder_ + "/cmd"));
    size_t number = 0;
    for (std::string_view line : split_lines(commands)) {
      ++number;
      if (trim(line).empty()) continue;
      Printed want = TRY(recorded(folder_, number));
      Printed got = TRY(run_line(std::string(line), place));
      Difference difference = compare_printed(want, got);
      if (!difference.empty()) return cat(line, "\n", difference);
    }
    return Difference();
  }

 private:
  Result<> prepare(const std::string& place) {
    TRY(sys::make_folders(place + "/in"));
    TRY(sys::make_folders(place + "/home"));
    if (sys::path_exists(folder_ + "/in")) {
      FileTree input = TRY(sys::read_tree(folder_ + "/in"));
      TRY(sys::write_tree(input, place + "/in"));
    }
    std::string config(kOfflineConfig);
    if (sys::path_exists(folder_ + "/state")) {
      api_ = TRY(serve_objects(ctx_, folder_ + "/state"));
      config = TRY(api_->admin_kubeconfig());
    }
    TRY(sys::write_file(place + "/kubeconfig", config));
    if (sys::path_exists(folder_ + "/in/repo")) {
      bool is_guarded =
          sys::path_exists(folder_ + "/in/creds.yaml") || folder_.ends_with("creds-by-path");
      std::string authorization = is_guarded ? http::basic_authorization("u", "p") : "";
      files_ = TRY(serve_files(
          ctx_, folder_ + "/in/repo", is_guarded ? kGuardedPort : kFilePort, authorization));
    }
    return {};
  }

  Result<Printed> run_line(const std::string& line, const std::string& place) {
    sys::Command command;
    command.args = {"bash", "-c", line};
    command.folder = place + "/in";
    command.env = {
        {"PATH",
         cat(dir_name(sys::program_path()), ":", sys::env("PATH").value_or("/usr/bin:/bin"))},
        {"TZ", "UTC"},
        {"LC_ALL", "C.UTF-8"},
        {"HOME", place + "/home"},
        {"KUBECONFIG", place + "/kubeconfig"}};
    sys::Finished done = TRY(sys::run(ctx_, command));
    return Printed{done.exit_code,
                   replace_all(done.output, place + "/", "/CASE/"),
                   replace_all(done.errors, place + "/", "/CASE/")};
  }

  std::string folder_;
  Context ctx_ = Context::background();
  std::unique_ptr<kube::ApiServer> api_;
  std::unique_ptr<http::Server> files_;
};

Result<std::vector<Case>> load_cases(const std::string& corpus) {
  std::string root = corpus + "/fleet-cli";
  std::vector<Case> out;
  for (const std::string& name : TRY(list_folders(root))) {
    out.push_back({cat("fleet-cli/", name), [folder = cat(root, "/", name)] {
                     Result<Difference> difference = CliCase(folder).run();
                     return difference.ok() ? *difference : difference.error().message();
                   }});
  }
  return out;
}

}  // namespace

void add_cli_cases(Families& families) {
  families.add({"fleet-cli", load_cases});
}

}  // namespace fleet::conformance
