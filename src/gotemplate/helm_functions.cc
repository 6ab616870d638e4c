#include "base/strings.h"
#include "data/json/parse.h"
#include "data/toml/toml.h"
#include "data/yaml/yaml.h"
#include "gotemplate/helm_error.h"
#include "gotemplate/json_text.h"
#include "gotemplate/sprig.h"
#include "gotemplate/time.h"

namespace fleet::gotemplate {
namespace {

Result<Value> include(Execution& run, Args a) {
  return run.include(text_of(a[0]), a[1]);
}
Result<Value> tpl(Execution& run, Args a) {
  return run.evaluate(text_of(a[0]), a[1]);
}

Result<Value> required(Execution&, Args a) {
  if (a[1].is_nil() || (a[1].is_string() && text_of(a[1]).empty())) {
    return failure(mark_message(text_of(a[0])));
  }
  return a[1];
}

Result<Value> fail_fn(Execution&, Args a) {
  return failure(mark_message(text_of(a[0])));
}

Result<Value> lookup(Execution& run, Args a) {
  return adopt(run.heap(),
               TRY(run.host().lookup(text_of(a[0]), text_of(a[1]), text_of(a[2]), text_of(a[3]))));
}

// --- YAML ---

// sigs' Marshal reads the JSON as YAML, whose reader takes no control characters. JSON escapes
// those below U+0020.
bool has_control(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x7F) continue;
    if (byte == 0x7F) return true;
    auto second = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    if (byte == 0xC2 && second >= 0x80 && second < 0xA0 && second != 0x85) return true;
    if (byte == 0xEF && text.substr(i + 1, 1) == "\xBF" &&
        (text.substr(i + 2, 1) == "\xBE" || text.substr(i + 2, 1) == "\xBF")) {
      return true;
    }
  }
  return false;
}

bool has_control(const data::Value& value) {
  if (value.is_string()) return has_control(value.as_string());
  for (const auto& item : value.items()) {
    if (has_control(item)) return true;
  }
  for (const auto& member : value.members()) {
    // U+0085 ends a line there, and a key must stay on one.
    if (contains(member.key.view(), "\xC2\x85")) return true;
    if (has_control(member.key.view()) || has_control(member.value)) return true;
  }
  return false;
}

Result<std::string> yaml_text(const Value& value) {
  auto written = document(value);
  if (!written.ok() && is_limit(written.error())) return std::move(written).error();
  if (!written.ok()) return std::move(written).error().within("error marshaling into JSON");
  if (has_control(*written)) return failure("yaml: control characters are not allowed");
  return yaml::print(*written);
}

Result<Value> to_yaml(Execution& run, Args a) {
  auto text = yaml_text(a[0]);
  if (!text.ok() && is_limit(text.error())) return std::move(text).error();
  return kept(run, text.ok() ? trim_suffix(*text, "\n") : std::string_view());
}
Result<Value> must_to_yaml(Execution& run, Args a) {
  std::string text = TRY(yaml_text(a[0]));
  return kept(run, trim_suffix(text, "\n"));
}
Result<Value> to_yaml_pretty(Execution& run, Args a) {
  auto written = document(a[0], Numbers::Any);
  if (!written.ok() && is_limit(written.error())) return std::move(written).error();
  if (!written.ok()) return Value::string({});
  return kept(run, trim_suffix(yaml::print_pretty(*written), "\n"));
}

// The word that encoding/json has for a value it cannot put somewhere.
std::string_view json_word(const data::Value& value) {
  if (value.is_array()) return "array";
  if (value.is_object()) return "object";
  if (value.is_string()) return "string";
  return value.is_bool() ? "bool" : "number";
}

enum class Shape { Map, List };

// A document that must be a map or a list; null is a nil one.
Result<Value> shaped(Execution& run, data::Value document, Shape shape) {
  const Type& type = shape == Shape::Map ? types::kAnyMap : types::kAnyList;
  if (document.is_null()) return Value::nil_of(type);
  if (shape == Shape::Map ? document.is_object() : document.is_array()) {
    return adopt(run.heap(), std::move(document));
  }
  return failure(
      cat("json: cannot unmarshal ", json_word(document), " into Go value of type ", type.name));
}

// Errors are values here: under "Error", or as the only element.
Value error_value(Execution& run, Shape shape, std::string_view message) {
  Value text = kept(run, message);
  if (shape == Shape::List) return make_list(run.heap(), {&text, 1});
  MapNode* map = new_map(run.heap());
  map_set(run.heap(), map, "Error", text);
  return Value::map(map);
}

Value from_yaml_as(Execution& run, std::string_view text, Shape shape) {
  auto parsed = yaml::parse(text);
  if (!parsed.ok()) {
    std::string message = parsed.error().message();
    if (!message.starts_with("error ")) message.insert(0, "error converting YAML to JSON: ");
    return error_value(run, shape, message);
  }
  // A null document leaves the empty map or list that was there.
  if (parsed->is_null()) {
    return shape == Shape::Map ? make_map(run.heap()) : make_list(run.heap(), {});
  }
  auto value = shaped(run, as_float64s(*parsed), shape);
  if (value.ok()) return *value;
  return error_value(
      run, shape, cat("error unmarshaling JSON: while decoding JSON: ", value.error().message()));
}

Result<Value> from_yaml(Execution& run, Args a) {
  TRY(work(run, text_of(a[0]).size() / kParsedPerStep));
  return from_yaml_as(run, text_of(a[0]), Shape::Map);
}
Result<Value> from_yaml_array(Execution& run, Args a) {
  TRY(work(run, text_of(a[0]).size() / kParsedPerStep));
  return from_yaml_as(run, text_of(a[0]), Shape::List);
}

// --- JSON and TOML ---

Value from_json_as(Execution& run, std::string_view text, Shape shape) {
  auto parsed = json::parse(text, {json::Numbers::Double});
  if (!parsed.ok()) return error_value(run, shape, parsed.error().message());
  auto value = shaped(run, std::move(parsed).value(), shape);
  return value.ok() ? *value : error_value(run, shape, value.error().message());
}

Result<Value> from_json(Execution& run, Args a) {
  TRY(work(run, text_of(a[0]).size() / kParsedPerStep));
  return from_json_as(run, text_of(a[0]), Shape::Map);
}
Result<Value> from_json_array(Execution& run, Args a) {
  TRY(work(run, text_of(a[0]).size() / kParsedPerStep));
  return from_json_as(run, text_of(a[0]), Shape::List);
}

Result<std::string> toml_text(const Value& value) {
  return toml::print(TRY(document(value, Numbers::Any)));
}

// The library looks at the type of what it gets, and there is none.
constexpr const char* kNoType = "reflect: call of reflect.Value.Type on zero Value";

Result<Value> to_toml(Execution& run, Args a) {
  if (a[0].is_nil()) return failure(kNoType);
  auto text = toml_text(a[0]);
  if (!text.ok() && is_limit(text.error())) return std::move(text).error();
  return kept(run, text.ok() ? *text : text.error().message());
}
Result<Value> must_to_toml(Execution& run, Args a) {
  if (a[0].is_nil()) return failure(kNoType);
  return kept(run, TRY(toml_text(a[0])));
}

// Puts a time where the document has its text. Local ones carry BurntSushi's zones, which print.
void set_time(Execution& run, Value at, const toml::Time& time) {
  auto parsed = parse_time(run.heap(), time.layout, time.text);
  if (!parsed.ok() || time.path.empty()) return;
  auto* node = run.heap().create<TimeNode>();
  *node = *parsed;
  if (time.kind == toml::Time::Kind::LocalDate) node->zone = "date-local";
  if (time.kind == toml::Time::Kind::LocalTime) node->zone = "time-local";
  if (time.kind == toml::Time::Kind::LocalDateTime) node->zone = "datetime-local";
  for (size_t i = 0; i + 1 < time.path.size(); ++i) {
    const auto& step = time.path[i];
    at = step.is_index ? list_items(run.heap(), at)[step.index]
                       : map_find(run.heap(), at, step.name);
  }
  const auto& last = time.path.back();
  if (last.is_index) {
    list_items(run.heap(), at);
    at.as_list()->items[last.index] = Value::time(node);
  } else {
    map_set(run.heap(), at.as_map(), run.heap().copy(last.name), Value::time(node));
  }
}

Result<Value> from_toml(Execution& run, Args a) {
  TRY(work(run, text_of(a[0]).size() / kParsedPerStep));
  auto parsed = toml::parse(text_of(a[0]));
  if (!parsed.ok()) return error_value(run, Shape::Map, parsed.error().message());
  Value root = adopt(run.heap(), parsed->value);
  for (const toml::Time& time : parsed->times)
    set_time(run, root, time);
  return root;
}

constexpr Function kFunctions[] = {
    {"include", "sa", &include},
    {"tpl", "sa", &tpl},
    {"required", "sa", &required},
    {"fail", "s", &fail_fn},
    {"lookup", "ssss", &lookup},
    {"toYaml", "a", &to_yaml},
    {"mustToYaml", "a", &must_to_yaml},
    {"toYamlPretty", "a", &to_yaml_pretty},
    {"fromYaml", "s", &from_yaml},
    {"fromYamlArray", "s", &from_yaml_array},
    {"fromJson", "s", &from_json},
    {"fromJsonArray", "s", &from_json_array},
    {"toToml", "a", &to_toml},
    {"mustToToml", "a", &must_to_toml},
    {"fromToml", "s", &from_toml},
};

}  // namespace

std::span<const Function> helm_only_functions() {
  return kFunctions;
}

const FunctionTable& helm_functions() {
  static const FunctionTable table = [] {
    FunctionTable t = sprig_functions();
    t.remove("env");
    t.remove("expandenv");
    t.add(kFunctions);
    return t;
  }();
  return table;
}

}  // namespace fleet::gotemplate
