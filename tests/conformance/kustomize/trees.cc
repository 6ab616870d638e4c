// Family kustomize: whole folders, as `kustomize build` printed them.
#include <algorithm>

#include "base/strings.h"
#include "data/json/parse.h"
#include "kustomize/build.h"
#include "kustomize/disk/disk.h"
#include "kustomize/parts.h"
#include "sys/files.h"
#include "text/regex.h"

namespace fleet::conformance {
namespace {

constexpr std::string_view kFolders[] = {"krusty", "probes", "overlays"};

kustomize::Options options_of(const data::Value& meta) {
  kustomize::Options options;
  options.reorder = kustomize::Reorder::Unasked;
  const data::Value& args = meta["args"];
  for (size_t i = 0; i < args.size(); i++) {
    std::string_view arg = args[i].as_string();
    std::string_view next = i + 1 < args.size() ? args[i + 1].as_string() : std::string_view();
    if (arg == "--reorder") {
      options.reorder = next == "none" ? kustomize::Reorder::None : kustomize::Reorder::Legacy;
    } else if (arg == "--load-restrictor" && next == "LoadRestrictionsNone") {
      options.load = kustomize::LoadFrom::Anywhere;
    } else if (arg == "--enable-managedby-label") {
      options.managed_by_label = true;
    }
  }
  return options;
}

// The recorded message with its marks: the folder, addresses, and anything that may follow.
Difference compare_error(std::string want, const std::string& got, const std::string& folder) {
  want = replace_all(want, "${IN}", folder);
  if (!contains(want, "${PTR}") && !contains(want, "${REST}")) return text_difference(want, got);
  std::string pattern = text::regex_quote(want);
  pattern = replace_all(pattern, text::regex_quote("${PTR}"), "0x[0-9a-f]+");
  pattern = replace_all(pattern, text::regex_quote("${REST}"), "(?s:.*)");
  auto regex = text::Regex::compile(cat("^", pattern, "$"));
  if (!regex.ok()) return regex.error().message();
  return regex->matches(got) ? Difference() : text_difference(want, got);
}

Difference run_tree(const std::string& folder) {
  auto meta_text = read_file(folder + "/meta.json");
  if (!meta_text.ok()) return meta_text.error().message();
  auto meta = json::parse(*meta_text);
  if (!meta.ok()) return meta.error().message();
  auto in = sys::real_path(folder + "/in");
  if (!in.ok()) return in.error().message();
  const kustomize::DiskFiles files(*in);
  const std::string path = (*meta)["path"].to_string();
  auto built = kustomize::build(files, path, options_of(*meta));
  if ((*meta)["code"].as_int() == 0) {
    if (!built.ok()) return cat("unexpected error: ", built.error().message());
    auto want = read_file(folder + "/expected.yaml");
    return want.ok() ? text_difference(*want, built->yaml()) : want.error().message();
  }
  auto want = read_file(folder + "/expected_error.txt");
  if (!want.ok()) return want.error().message();
  if (built.ok()) return cat("want the error ", *want);
  // The recording ends in one newline, whether or not the message has its own.
  return compare_error(*want, cat(trim_suffix(built.error().message(), "\n"), "\n"), *in);
}

Result<std::vector<Case>> load(const std::string& corpus) {
  std::vector<Case> cases;
  for (std::string_view sort : kFolders) {
    const std::string folder = cat(corpus, "/kustomize/", sort);
    for (const std::string& name : TRY(list_folders(folder))) {
      const std::string path = cat(folder, "/", name);
      cases.push_back({cat("kustomize/", sort, "/", name), [path] { return run_tree(path); }});
    }
  }
  return cases;
}

}  // namespace

void add_kustomize_trees(Families& families) {
  families.add({"kustomize", load});
}

}  // namespace fleet::conformance
