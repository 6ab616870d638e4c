#include "text/ignore.h"

#include "base/check.h"
#include "base/file_tree.h"
#include "base/strings.h"
#include "text/glob.h"

namespace fleet::text {

Result<IgnoreRules> IgnoreRules::parse(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  IgnoreRules out;
  for (std::string_view line : split_lines(trim_prefix(text, kByteOrderMark))) {
    line = trim(line);
    if (line.empty() || line.starts_with('#')) continue;
    out.rules_.push_back(TRY(parse_rule(line)));
  }
  return out;
}

Result<IgnoreRules::Rule> IgnoreRules::parse_rule(std::string_view line) {
  if (contains(line, "**")) {
    return Error(Code::Invalid, "double-star (**) syntax is not supported");
  }
  TRY(path_match(line, "abc"));
  Rule rule;
  if (line.starts_with('!')) {
    rule.negated = true;
    line.remove_prefix(1);
  }
  if (line.ends_with('/')) {
    rule.folders_only = true;
    line.remove_suffix(1);
  }
  if (line.starts_with('/')) {
    rule.scope = Scope::Anchored;
    line.remove_prefix(1);
  } else if (contains(line, "/")) {
    rule.scope = Scope::WholePath;
  }
  rule.pattern = line;
  return rule;
}

void IgnoreRules::add_defaults() {
  auto rule = parse_rule("templates/.?*");
  CHECK(rule.ok());
  rules_.push_back(std::move(rule).value());
}

bool IgnoreRules::ignores(std::string_view path, Kind kind) const {
  if (path.empty() || path == "." || path == "./") return false;
  for (const Rule& rule : rules_) {
    bool wrong_kind = rule.folders_only && kind != Kind::Folder;
    if (wrong_kind && rule.negated) return true;
    if (wrong_kind) continue;
    std::string_view name = rule.scope == Scope::LastName ? base_name(path) : path;
    if (path_match(rule.pattern, name).value_or(false) != rule.negated) return true;
  }
  return false;
}

}  // namespace fleet::text
