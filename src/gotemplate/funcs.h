// The functions that templates may call, by name.
//
// `builtin_functions` are those of text/template itself; every table contains them.
// `sprig_functions` adds sprig v3.3.0's TxtFuncMap, `helm_functions` what Helm 4.2.3's engine makes
// of it: without env and expandenv, with include, tpl, required, lookup, toYaml and the rest.
// Names are resolved when a template is parsed; a call costs no lookup.
// Tables are immutable once built and may be shared by threads.
#pragma once

#include <span>
#include <string_view>
#include <unordered_map>

#include "gotemplate/type.h"

namespace fleet::gotemplate {

class FunctionTable {
 public:
  FunctionTable() = default;  // nothing at all, not even the builtins
  // Adds or replaces; the functions must outlive the table.
  void add(std::span<const Function> functions);
  void remove(std::string_view name);
  const Function* find(std::string_view name) const;
  size_t size() const { return functions_.size(); }

 private:
  std::unordered_map<std::string_view, const Function*> functions_;
};

const FunctionTable& builtin_functions();
const FunctionTable& sprig_functions();
const FunctionTable& helm_functions();

}  // namespace fleet::gotemplate
