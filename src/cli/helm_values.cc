#include "cli/helm_values.h"

#include "base/strings.h"
#include "data/json/parse.h"
#include "helm/chart/strvals.h"
#include "helm/chart/values.h"
#include "sys/files.h"

namespace fleet::cli {
namespace {

using data::Value;

// A file, or what comes in when it is "-".
Result<std::string> read_named(std::string_view name) {
  std::string path(trim(name) == "-" ? "/dev/stdin" : name);
  if (!sys::path_exists(path)) {
    return Error(Code::NotFound, cat("open ", path, ": no such file or directory"));
  }
  return sys::read_file(path);
}

Result<> add_json(const std::string& text, Value& values) {
  std::string_view trimmed = trim(text);
  if (!trimmed.starts_with('{')) {
    if (helm::set_json(text, values).ok()) return {};
    return Error(Code::Invalid, cat("failed parsing --set-json data ", text));
  }
  auto object = json::parse(trimmed, {json::Numbers::Double});
  if (!object.ok()) return Error(Code::Invalid, cat("failed parsing --set-json data JSON: ", text));
  values = helm::merge_maps(values, *object);
  return {};
}

}  // namespace

Result<Value> merge_value_flags(const ValueFlags& flags) {
  Value values = Value::object();
  for (const std::string& path : flags.files) {
    std::string text = TRY(read_named(path));
    Value read = TRY(helm::load_values(text).within(cat("failed to parse ", path)));
    values = helm::merge_maps(values, read);
  }
  for (const std::string& text : flags.set_json)
    TRY(add_json(text, values));
  for (const std::string& text : flags.sets) {
    TRY(helm::set_values(text, values).within("failed parsing --set data"));
  }
  for (const std::string& text : flags.set_strings) {
    TRY(helm::set_strings(text, values).within("failed parsing --set-string data"));
  }
  for (const std::string& text : flags.set_files) {
    auto read = [](std::string_view path) -> Result<Value> { return Value(TRY(read_named(path))); };
    TRY(helm::set_files(text, values, read).within("failed parsing --set-file data"));
  }
  for (const std::string& text : flags.set_literal) {
    TRY(helm::set_literal(text, values).within("failed parsing --set-literal data"));
  }
  return values;
}

}  // namespace fleet::cli
