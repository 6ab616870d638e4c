#include "gotemplate/parse.h"

#include "base/strings.h"
#include "gotemplate/parser.h"

namespace fleet::gotemplate {

const Template* Unit::find(std::string_view template_name) const {
  for (const auto& one : templates) {
    if (one->name == template_name) return one.get();
  }
  return nullptr;
}

Result<std::shared_ptr<const Unit>> parse_unit(std::string_view name,
                                               std::string_view text,
                                               const FunctionTable& functions,
                                               const Delimiters& delimiters) {
  if (text.size() > kMaxTemplateBytes) {
    return Error(Code::Invalid,
                 cat("template: ", name, ": text is larger than ", kMaxTemplateBytes, " bytes"));
  }
  auto unit = std::make_shared<Unit>();
  unit->name = name;
  unit->text = text;
  ParseJob job{*unit,
               functions,
               Lexer(unit->text,
                     delimiters.left.empty() ? "{{" : std::string_view(delimiters.left),
                     delimiters.right.empty() ? "}}" : std::string_view(delimiters.right),
                     !functions.find("break"),
                     !functions.find("continue")),
               {},
               {},
               0};
  if (!Parser(job, std::string(name)).parse()) return Error(Code::Invalid, std::move(job.error));
  for (auto& [tree_name, tree] : job.trees)
    unit->templates.push_back(std::move(tree));
  return std::shared_ptr<const Unit>(std::move(unit));
}

Result<> TemplateSet::parse(std::string_view name, std::string_view text) {
  auto unit = TRY(parse_unit(name, text, *functions_, delimiters_));
  for (const auto& one : unit->templates) {
    auto [place, added] = templates_.try_emplace(one->name, one.get());
    if (added || one->empty) continue;
    templates_.erase(place);  // its key lies in the older unit
    templates_.emplace(one->name, one.get());
  }
  units_.push_back(std::move(unit));
  return {};
}

const Template* TemplateSet::find(std::string_view name) const {
  auto at = templates_.find(name);
  return at == templates_.end() ? nullptr : at->second;
}

}  // namespace fleet::gotemplate
