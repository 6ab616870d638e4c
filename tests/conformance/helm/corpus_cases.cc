// Family helm: recorded runs of `helm template`, through the command of ours, in this process.
#include <algorithm>
#include <set>
#include <sstream>

#include <unistd.h>

#include "base/strings.h"
#include "cli/flags.h"
#include "cli/helm_template.h"
#include "data/json/parse.h"
#include "frame/families.h"
#include "helm/host/host.h"
#include "helm/parts.h"
#include "sys/files.h"

namespace fleet::conformance {
namespace {

// Works in another folder while it lives.
class InFolder {
 public:
  explicit InFolder(const std::string& path)
      : before_(sys::current_folder().value_or("/")),
        entered_(::chdir(path.c_str()) == 0) {}
  ~InFolder() {
    if (::chdir(before_.c_str()) != 0) std::abort();
  }
  InFolder(const InFolder&) = delete;
  InFolder& operator=(const InFolder&) = delete;
  bool entered() const { return entered_; }

 private:
  std::string before_;
  bool entered_;
};

struct Outcome {
  int code = 1;
  std::string out;
  std::string err;
};

Outcome run_command(const std::vector<std::string>& args) {
  cli::HelmTemplateFlags values;
  cli::Flags flags;
  cli::name_helm_template_flags(flags, values);
  auto rest = flags.parse(std::span(args).subspan(1));
  if (!rest.ok()) return {1, "", cat("Error: ", rest.error().message(), "\n")};
  helm::LocalHost host(sys::system_clock());
  std::ostringstream out;
  std::ostringstream err;
  int code = cli::run_helm_template(values, *rest, host, out, err);
  return {code, out.str(), err.str()};
}

// The text behind "Error: " up to the hint about --debug.
std::string error_text(std::string_view text) {
  size_t at = text.find("Error: ");
  if (at != std::string_view::npos) text = text.substr(at + 7);
  text = trim_right(text, "\n");
  text = trim_suffix(text, "\n\nUse --debug flag to render out invalid YAML");
  return std::string(text);
}

std::set<size_t> numbers_of(const data::Value& list) {
  std::set<size_t> out;
  for (const data::Value& number : list.items())
    out.insert(static_cast<size_t>(number.as_int()));
  return out;
}

// Volatile lines only have to be there.
Difference compare_output(const std::string& want,
                          const std::string& got,
                          const data::Value& volatile_lines) {
  auto left = split(want, '\n');
  auto right = split(got, '\n');
  std::set<size_t> free = numbers_of(volatile_lines);
  if (left.size() == right.size()) {
    for (size_t number : free) {
      if (number >= 1 && number <= left.size()) left[number - 1] = right[number - 1];
    }
  }
  return text_difference(join(left, "\n"), join(right, "\n"));
}

Difference compare_error(std::string want, std::string got, bool any_order) {
  if (any_order) {
    // Neither the order of lines nor that inside a line is fixed.
    std::sort(want.begin(), want.end());
    std::sort(got.begin(), got.end());
  }
  return text_difference(want, got);
}

Difference run_case(const std::string& folder, const std::string& name) {
  std::string base = cat(folder, "/cases/", name);
  auto meta_text = read_file(base + "/meta.json");
  auto want_out = read_file(base + "/stdout");
  auto want_err = read_file(base + "/stderr");
  if (!meta_text.ok() || !want_out.ok() || !want_err.ok()) return "the case cannot be read\n";
  auto meta = json::parse(*meta_text);
  if (!meta.ok()) return cat("meta.json: ", meta.error().message(), "\n");
  std::vector<std::string> args;
  for (const data::Value& arg : (*meta)["args"].items())
    args.push_back(arg.to_string());

  std::string root = sys::real_path(folder).value_or(folder);
  InFolder there(root);
  if (!there.entered()) return "the corpus cannot be entered\n";
  Outcome got = run_command(args);
  int64_t want_code = (*meta)["code"].as_int();
  if (got.code != want_code) {
    return cat("want exit code ", want_code, ", got ", got.code, "\n", got.err);
  }
  if (auto wrong = compare_output(*want_out, got.out, (*meta)["volatile_lines"]); !wrong.empty()) {
    return wrong;
  }
  if (want_code == 0) return "";
  return compare_error(error_text(*want_err),
                       error_text(replace_all(got.err, root, "$CORPUS")),
                       meta->contains("volatile_stderr_lines"));
}

}  // namespace

void add_helm_cases(Families& families) {
  auto load = [](const std::string& corpus) -> Result<std::vector<Case>> {
    std::string folder = corpus + "/helm";
    std::vector<Case> cases;
    for (const std::string& name : TRY(list_folders(folder + "/cases"))) {
      cases.push_back({"helm/" + name, [folder, name] { return run_case(folder, name); }});
    }
    return cases;
  };
  families.add({"helm", load});
}

}  // namespace fleet::conformance
