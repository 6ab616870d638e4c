// Which files of one folder are taken.
#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "fleet/bundle/folder.h"
#include "fleet/bundle/ignore.h"
#include "fleet/bundle/resources.h"
#include "helm/chart/chart.h"

namespace fleet::bundle {

namespace {

constexpr std::string_view kChartFile = "Chart.yaml";

class Walk {
 public:
  Walk(const FileTree& folder, std::string absolute, const FolderRules& rules, Surroundings& around)
      : tree_(folder),
        absolute_(std::move(absolute)),
        rules_(rules),
        around_(around),
        ignored_(absolute_) {}

  Result<FileTree> run() {
    TRY(visit_folder("."));
    return std::move(taken_);
  }

 private:
  std::string place(const std::string& path) const { return join_path(absolute_, path); }
  static bool is_hidden(std::string_view path) { return base_name(path).starts_with('.'); }
  bool is_configuration(const std::string& path) const {
    return std::ranges::find(rules_.not_taken, path) != rules_.not_taken.end();
  }

  Result<> visit_folder(const std::string& path) {
    bool is_ignored = TRY(ignored_.is_ignored(place(path), IgnoreTree::Entry::Folder));
    if (!is_configuration(path)) {
      TRY(update_dependencies(path));
      if (is_ignored || is_hidden(place(path))) return {};
      std::string ignore_file = join_path(path, ".fleetignore");
      Followed followed = follow(tree_, ignore_file, absolute_);
      if (followed.kind == Followed::Kind::File) {
        ignored_.add(place(path), *tree_.file(followed.path));
      }
    }
    std::vector<std::string> names = tree_.list(path);
    for (std::string& name : names) {
      if (name.ends_with('/')) name.pop_back();
    }
    std::ranges::sort(names);
    for (const std::string& name : names) {
      std::string child = join_path(path, name);
      if (tree_.entry(child)) {
        TRY(visit_file(child));
      } else {
        TRY(visit_folder(child));
      }
    }
    return {};
  }

  Result<> visit_file(const std::string& path) {
    bool is_ignored = TRY(ignored_.is_ignored(place(path), IgnoreTree::Entry::File));
    if (is_configuration(path) || is_ignored || is_hidden(path)) return {};
    const FileTree::File& file = *tree_.entry(path);
    if (file.mode != FileTree::Mode::Link) return taken_.add(path, file.bytes);
    return visit_link(path);
  }

  Result<> visit_link(const std::string& path) {
    auto missing = [&](const std::string& where) {
      return Error{Code::Invalid,
                   cat("GetContent: resolving symlink ",
                       quote(path),
                       ": lstat ",
                       where,
                       ": no such file or directory")};
    };
    Followed target = follow(tree_, path, absolute_);
    switch (target.kind) {
      case Followed::Kind::File:
        return taken_.add(path, *tree_.file(target.path));
      case Followed::Kind::Folder:
        return Error{Code::Invalid, cat("read ", place(path), ": is a directory")};
      case Followed::Kind::Missing:
        return missing(place(target.path));
      case Followed::Kind::Outside:
        break;
    }
    std::string outside = target.path.starts_with('/') ? target.path : place(target.path);
    if (!around_.exists(outside)) return missing(outside);
    return Error{Code::Invalid,
                 cat("GetContent: symlink ", quote(path), ": target escapes bundle directory")};
  }

  // Downloads what a chart lists and does not have, into the tree that is walked.
  Result<> update_dependencies(const std::string& path) {
    if (!rules_.update_dependencies) return {};
    Followed file = follow(tree_, join_path(path, kChartFile), absolute_);
    if (file.kind != Followed::Kind::File) return {};
    FileTree chart_tree = tree_.subtree(path);
    constexpr std::string_view kDoing = "updating helm dependencies";
    helm::Chart chart = TRY(helm::load(chart_tree).within(kDoing));
    if (chart.metadata->dependencies.empty() || helm::check_dependencies(chart).ok()) return {};
    FileTree added = TRY(around_.update_dependencies(place(path), chart_tree).within(kDoing));
    for (const auto& [name, entry] : added.files()) {
      TRY(tree_.add(join_path(path, name), entry.bytes, entry.mode));
    }
    return {};
  }

  FileTree tree_;
  std::string absolute_;
  const FolderRules& rules_;
  Surroundings& around_;
  IgnoreTree ignored_;
  FileTree taken_;
};

}  // namespace

Result<FileTree> read_folder_content(const FileTree& folder,
                                     const std::string& absolute,
                                     const FolderRules& rules,
                                     Surroundings& around) {
  return Walk(folder, absolute, rules, around).run();
}

}  // namespace fleet::bundle
