#include "base/file_tree.h"
#include "base/strings.h"
#include "codec/base64.h"
#include "data/yaml/yaml.h"
#include "gotemplate/exec.h"
#include "helm/engine/objects.h"
#include "text/glob.h"

namespace fleet::helm {
namespace {

using gotemplate::Entry;
using gotemplate::Execution;
using gotemplate::Function;
using gotemplate::Heap;
using gotemplate::Kind;
using gotemplate::MapNode;
using gotemplate::Type;
using gotemplate::Value;
namespace types = gotemplate::types;

Value find_bytes(Execution& run, const Value& files, std::string_view name) {
  Value found = gotemplate::map_find(run.heap(), files, name);
  return found.valid() ? found : Value::bytes({});
}

Result<Value> get_bytes(Execution& run, std::span<const Value> arguments) {
  return find_bytes(run, arguments[0], arguments[1].as_string());
}

Result<Value> get(Execution& run, std::span<const Value> arguments) {
  return Value::string(find_bytes(run, arguments[0], arguments[1].as_string()).as_string());
}

constexpr size_t kBytesPerStep = 8;  // of files made into a document

// One document of all files by their last names; of equal ones the later path stays.
template <typename Convert>
Result<Value> as_map(Execution& run, const Value& files, Convert convert) {
  data::Value out = data::Value::object();
  size_t bytes = 0;
  for (const Entry& entry : gotemplate::map_sorted(run.heap(), files)) {
    bytes += entry.value.as_string().size();
    if (!run.charge(entry.value.as_string().size() / kBytesPerStep) || !run.heap().fits(bytes)) {
      return Error(Code::RequestEntityTooLarge, "the files are too large for one document");
    }
    out.set(base_name(entry.key), convert(entry.value.as_string()));
  }
  std::string text = yaml::print(out);
  return Value::string(run.heap().copy(trim_suffix(text, "\n")));
}

Result<Value> as_config(Execution& run, std::span<const Value> arguments) {
  return as_map(run, arguments[0], [](std::string_view bytes) { return data::Value(bytes); });
}

Result<Value> as_secrets(Execution& run, std::span<const Value> arguments) {
  return as_map(run, arguments[0], [](std::string_view bytes) {
    return data::Value(codec::base64_encode(bytes));
  });
}

Result<Value> lines(Execution& run, std::span<const Value> arguments) {
  Value found = gotemplate::map_find(run.heap(), arguments[0], arguments[1].as_string());
  if (!found.valid()) return gotemplate::make_list(run.heap(), {}, types::kStringList);
  std::string_view text = found.as_string();
  if (text.empty()) {
    return Error(Code::Invalid, "runtime error: index out of range [-1]");
  }
  std::vector<Value> out;
  for (std::string_view line : split(trim_suffix(text, "\n"), '\n')) {
    out.push_back(Value::string(line));
  }
  return gotemplate::make_list(run.heap(), out, types::kStringList);
}

Result<Value> glob(Execution& run, std::span<const Value> arguments);

constexpr Function kMethods[] = {{"Get", "Vs", &get},
                                 {"GetBytes", "Vs", &get_bytes},
                                 {"Glob", "Vs", &glob},
                                 {"AsConfig", "V", &as_config},
                                 {"AsSecrets", "V", &as_secrets},
                                 {"Lines", "Vs", &lines}};
const Type kFiles{
    .kind = Kind::Map, .name = "engine.files", .element = &types::kBytes, .methods = kMethods};

// Steps for matching one name: each star but the first tries every place in the name.
uint64_t match_steps(std::string_view pattern, std::string_view name) {
  constexpr uint64_t kLimit = 1'000'000;
  uint64_t steps = name.size() + 1;
  bool star = false;
  size_t stars = 0;
  for (char c : pattern) {
    if (c == '*' && !star && ++stars > 1) steps = std::min(steps * (name.size() + 1), kLimit);
    star = c == '*';
  }
  return steps / 16 + 1;
}

// A pattern that does not parse matches everything, as Helm has it.
Result<Value> glob(Execution& run, std::span<const Value> arguments) {
  auto pattern = text::Glob::compile(arguments[1].as_string(), U"/");
  MapNode* out = gotemplate::new_map(run.heap(), kFiles);
  for (const Entry& entry : gotemplate::map_sorted(run.heap(), arguments[0])) {
    if (!run.charge(match_steps(arguments[1].as_string(), entry.key))) {
      return Error(Code::RequestEntityTooLarge, "the names take too many steps to match");
    }
    if (!pattern.ok() || pattern->matches(entry.key)) {
      gotemplate::map_set(run.heap(), out, entry.key, entry.value);
    }
  }
  return Value::map(out);
}

}  // namespace

Value files_object(Heap& heap, const ChartFiles& files) {
  MapNode* out = gotemplate::new_map(heap, kFiles, files.size());
  for (const ChartFile& file : files) {
    gotemplate::map_set(heap, out, file.name, Value::bytes(file.bytes));
  }
  return Value::map(out);
}

}  // namespace fleet::helm
