#include "base/file_tree.h"
#include "base/strings.h"
#include "gotemplate/sprig.h"

namespace fleet::gotemplate {
namespace {

Result<Value> default_fn(Execution&, Args a) {
  return a.size() < 2 || is_empty(a[1]) ? a[0] : a[1];
}
Result<Value> empty_fn(Execution&, Args a) {
  return Value::boolean(is_empty(a[0]));
}

Result<Value> coalesce(Execution&, Args a) {
  for (const Value& value : a) {
    if (!is_empty(value)) return value;
  }
  return Value::nil();
}

Result<Value> all(Execution&, Args a) {
  for (const Value& value : a) {
    if (is_empty(value)) return Value::boolean(false);
  }
  return Value::boolean(true);
}

Result<Value> any(Execution&, Args a) {
  for (const Value& value : a) {
    if (!is_empty(value)) return Value::boolean(true);
  }
  return Value::boolean(false);
}

Result<Value> ternary(Execution&, Args a) {
  return a[2].as_bool() ? a[0] : a[1];
}

Result<Value> fail_fn(Execution&, Args a) {
  return failure(std::string(text_of(a[0])));
}

std::string_view type_name(const Value& value) {
  return value.is_nil() ? "<nil>" : value.type().name;
}

Result<Value> type_of(Execution&, Args a) {
  return Value::string(type_name(a[0]));
}
Result<Value> type_is(Execution&, Args a) {
  return Value::boolean(text_of(a[0]) == type_name(a[1]));
}
Result<Value> type_is_like(Execution&, Args a) {
  std::string_view name = type_name(a[1]);
  return Value::boolean(name == text_of(a[0]) ||
                        (name.starts_with('*') && name.substr(1) == text_of(a[0])));
}
Result<Value> kind_of(Execution&, Args a) {
  return Value::string(kind_name(a[0]));
}
Result<Value> kind_is(Execution&, Args a) {
  return Value::boolean(text_of(a[0]) == kind_name(a[1]));
}
Result<Value> deep_equal_fn(Execution& run, Args a) {
  return Value::boolean(deep_equal(run.heap(), a[0], a[1]));
}

Result<Value> base_fn(Execution&, Args a) {
  std::string_view path = text_of(a[0]);
  if (path.empty()) return Value::string(".");
  path = trim_right(path, "/");
  if (path.empty()) return Value::string("/");
  return Value::string(path.substr(path.rfind('/') + 1));
}
Result<Value> dir_fn(Execution& run, Args a) {
  std::string_view path = text_of(a[0]);
  size_t slash = path.rfind('/');
  return kept(run, clean_path(slash == std::string_view::npos ? "" : path.substr(0, slash + 1)));
}
Result<Value> clean_fn(Execution& run, Args a) {
  return kept(run, clean_path(text_of(a[0])));
}
Result<Value> ext_fn(Execution&, Args a) {
  std::string_view path = text_of(a[0]);
  size_t dot = path.rfind('.');
  size_t slash = path.rfind('/');
  bool none = dot == std::string_view::npos || (slash != std::string_view::npos && slash > dot);
  return Value::string(none ? std::string_view() : path.substr(dot));
}
Result<Value> is_abs(Execution&, Args a) {
  return Value::boolean(text_of(a[0]).starts_with('/'));
}

Result<Value> env(Execution& run, Args a) {
  return kept(run, run.host().environment(text_of(a[0])));
}

// $name and ${name}, as os.ExpandEnv.
Result<Value> expandenv(Execution& run, Args a) {
  std::string_view rest = text_of(a[0]);
  std::string out;
  for (size_t at = rest.find('$'); at != std::string_view::npos; at = rest.find('$')) {
    out += rest.substr(0, at);
    rest.remove_prefix(at + 1);
    size_t close = rest.starts_with('{') ? rest.find('}') : std::string_view::npos;
    if (close != std::string_view::npos) {
      out += run.host().environment(rest.substr(1, close - 1));
      rest.remove_prefix(close + 1);
      continue;
    }
    size_t size = 0;
    while (size < rest.size() &&
           (std::isalnum(static_cast<unsigned char>(rest[size])) || rest[size] == '_')) {
      ++size;
    }
    if (size == 0) {
      out += '$';
    } else {
      out += run.host().environment(rest.substr(0, size));
      rest.remove_prefix(size);
    }
  }
  return kept(run, out + std::string(rest));
}

Result<Value> host_by_name(Execution& run, Args a) {
  return kept(run, TRY(run.host().host_by_name(text_of(a[0]))));
}

constexpr Function kFunctions[] = {
    {"default", "aa*", &default_fn},
    {"empty", "a", &empty_fn},
    {"coalesce", "a*", &coalesce},
    {"all", "a*", &all},
    {"any", "a*", &any},
    {"ternary", "aab", &ternary},
    {"fail", "s", &fail_fn},
    {"typeOf", "a", &type_of},
    {"typeIs", "sa", &type_is},
    {"typeIsLike", "sa", &type_is_like},
    {"kindOf", "a", &kind_of},
    {"kindIs", "sa", &kind_is},
    {"deepEqual", "aa", &deep_equal_fn},
};

constexpr Function kSystem[] = {
    {"base", "s", &base_fn},
    {"dir", "s", &dir_fn},
    {"clean", "s", &clean_fn},
    {"ext", "s", &ext_fn},
    {"isAbs", "s", &is_abs},
    {"osBase", "s", &base_fn},
    {"osDir", "s", &dir_fn},
    {"osClean", "s", &clean_fn},
    {"osExt", "s", &ext_fn},
    {"osIsAbs", "s", &is_abs},
    {"env", "s", &env},
    {"expandenv", "s", &expandenv},
    {"getHostByName", "s", &host_by_name},
};

}  // namespace

std::span<const Function> sprig_logic_functions() {
  return kFunctions;
}

std::span<const Function> sprig_system_functions() {
  return kSystem;
}

}  // namespace fleet::gotemplate
