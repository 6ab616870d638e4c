#include "data/schema/node_compiler.h"

#include "base/strings.h"

namespace fleet::schema {
namespace {

// Texts of a list; what is no text is left out.
Node::Names texts_of(const data::Value& list) {
  Node::Names out;
  for (const data::Value& item : list.items()) {
    if (item.is_string()) out.push_back(item.to_string());
  }
  return out;
}

bool is_official(std::string_view url) {
  return url.starts_with("http://json-schema.org/") || url.starts_with("https://json-schema.org/");
}

}  // namespace

Result<> NodeCompiler::run() {
  TRY(references());
  if (node_.draft < 2019 && node_.ref != nullptr) return {};  // its siblings do not count
  TRY(applicators());
  item_applicators();
  TRY(assertions());
  dependencies();
  conditions();
  return {};
}

std::string NodeCompiler::below(std::string_view keyword) const {
  return cat(node_.pointer, "/", escape_token(keyword));
}

Result<const Node*> NodeCompiler::reference(std::string_view keyword) {
  const data::Value& text = value_[keyword];
  if (!text.is_string()) return static_cast<const Node*>(nullptr);
  Reference target = TRY(join_reference(base_, text.as_string()));
  auto [url, pointer] = TRY(compiler_.resolve(document_, target));
  return static_cast<const Node*>(compiler_.enqueue(url, pointer));
}

Result<> NodeCompiler::references() {
  node_.ref = TRY(reference("$ref"));
  if (node_.draft >= 2019) {
    node_.recursive_ref = TRY(reference("$recursiveRef"));
    node_.recursive_anchor = flag("$recursiveAnchor");
  }
  if (node_.draft >= 2020) {
    node_.dynamic_ref = TRY(reference("$dynamicRef"));
    node_.dynamic_anchor = value_["$dynamicAnchor"].to_string();
    if (node_.dynamic_ref != nullptr) {
      auto target = TRY(split_reference(value_["$dynamicRef"].as_string()));
      if (!target.fragment.starts_with('/')) node_.dynamic_ref_anchor = target.fragment;
    }
  }
  return {};
}

const Node* NodeCompiler::child(std::string_view keyword) {
  if (!value_.contains(keyword)) return nullptr;
  return compiler_.enqueue(node_.url, below(keyword));
}

Node::Nodes NodeCompiler::list(std::string_view keyword) {
  Node::Nodes out;
  for (size_t i = 0; i < value_[keyword].items().size(); ++i) {
    out.push_back(compiler_.enqueue(node_.url, cat(below(keyword), "/", i)));
  }
  return out;
}

Node::ByName<const Node*> NodeCompiler::map(std::string_view keyword) {
  Node::ByName<const Node*> out;
  for (const data::Member& member : value_[keyword].members()) {
    std::string pointer = cat(below(keyword), "/", escape_token(name(member)));
    out.emplace(name(member), compiler_.enqueue(node_.url, pointer));
  }
  return out;
}

Node::Additional NodeCompiler::additional(std::string_view keyword) {
  const data::Value& given = value_[keyword];
  if (given.is_bool()) return given.as_bool();
  if (const Node* inner = child(keyword)) return inner;
  return {};
}

Result<> NodeCompiler::applicators() {
  node_.all_of = list("allOf");
  node_.any_of = list("anyOf");
  node_.one_of = list("oneOf");
  node_.negated = child("not");
  node_.properties = map("properties");
  for (const auto& [pattern, inner] : map("patternProperties")) {
    node_.pattern_properties.emplace_back(TRY(regex(pattern, "patternProperties")), inner);
  }
  node_.additional_properties = additional("additionalProperties");
  if (node_.draft >= 6) {
    node_.contains = child("contains");
    node_.property_names = child("propertyNames");
  }
  if (node_.draft >= 2019) {
    node_.dependent_schemas = map("dependentSchemas");
    node_.unevaluated_items = child("unevaluatedItems");
    node_.unevaluated_properties = child("unevaluatedProperties");
  }
  return {};
}

void NodeCompiler::item_applicators() {
  if (node_.draft >= 2020) {
    if (value_["prefixItems"].is_array()) node_.prefix = list("prefixItems");
    node_.items = child("items");
    return;
  }
  if (value_["items"].is_array()) {
    node_.prefix = list("items");
    node_.additional_items = additional("additionalItems");
  } else {
    node_.items = child("items");
  }
}

Result<> NodeCompiler::assertions() {
  const data::Value& types = value_["type"];
  node_.types = type_bit(types.as_string());
  for (const data::Value& type : types.items())
    node_.types |= type_bit(type.as_string());
  if (value_["enum"].is_array()) node_.choices = value_["enum"];
  if (node_.draft >= 6) {
    if (const data::Value* constant = value_.find("const")) node_.constant = *constant;
  }
  limits();
  if (value_["pattern"].is_string()) {
    node_.pattern = TRY(regex(value_["pattern"].to_string(), "pattern"));
  }
  node_.unique_items = flag("uniqueItems");
  node_.required = texts_of(value_["required"]);
  if (asserts_format() && value_["format"].is_string()) {
    node_.format_name = value_["format"].to_string();
    node_.format = find_format(node_.format_name);
  }
  return {};
}

void NodeCompiler::limits() {
  node_.multiple_of = number("multipleOf");
  node_.maximum = number("maximum");
  node_.exclusive_maximum = number("exclusiveMaximum");
  if (flag("exclusiveMaximum")) std::swap(node_.maximum, node_.exclusive_maximum);
  node_.minimum = number("minimum");
  node_.exclusive_minimum = number("exclusiveMinimum");
  if (flag("exclusiveMinimum")) std::swap(node_.minimum, node_.exclusive_minimum);
  node_.min_length = count("minLength");
  node_.max_length = count("maxLength");
  node_.min_items = count("minItems");
  node_.max_items = count("maxItems");
  node_.min_properties = count("minProperties");
  node_.max_properties = count("maxProperties");
  if (node_.draft >= 2019 && node_.contains != nullptr) {
    node_.min_contains = count("minContains");
    node_.max_contains = count("maxContains");
  }
}

void NodeCompiler::dependencies() {
  for (const data::Member& member : value_["dependencies"].members()) {
    std::string key(name(member));
    if (member.value.is_array()) {
      node_.dependencies[key] = texts_of(member.value);
    } else {
      std::string pointer = cat(below("dependencies"), "/", escape_token(key));
      node_.dependencies[key] = static_cast<const Node*>(compiler_.enqueue(node_.url, pointer));
    }
  }
  if (node_.draft < 2019) return;
  for (const data::Member& member : value_["dependentRequired"].members()) {
    if (!member.value.is_array()) continue;
    node_.dependent_required[std::string(name(member))] = texts_of(member.value);
  }
}

void NodeCompiler::conditions() {
  if (node_.draft < 7) return;
  node_.condition = child("if");
  if (node_.condition == nullptr) return;
  const data::Value& given = value_["if"];
  if (!given.is_bool() || given.as_bool()) node_.then = child("then");
  if (!given.is_bool() || !given.as_bool()) node_.otherwise = child("else");
}

std::optional<Decimal> NodeCompiler::number(std::string_view keyword) const {
  return Decimal::of(value_[keyword]);
}

std::optional<int64_t> NodeCompiler::count(std::string_view keyword) const {
  auto value = number(keyword);
  if (!value || !value->is_whole()) return std::nullopt;
  return static_cast<int64_t>(value->to_double());
}

bool NodeCompiler::flag(std::string_view keyword) const {
  return value_[keyword].as_bool();
}

Result<text::Regex> NodeCompiler::regex(const std::string& pattern, std::string_view keyword) {
  compiler_.pattern_parts_ += text::regex_size(pattern);
  if (compiler_.pattern_parts_ > kMaxPatternParts) {
    return Error(Code::Invalid, "the patterns of the schema are too large");
  }
  auto compiled = text::Regex::compile(pattern);
  if (compiled.ok()) return compiled;
  return Error(Code::Invalid,
               cat("invalid regex ",
                   quote(pattern),
                   " at ",
                   quote(show_location(node_.url, below(keyword))),
                   ": ",
                   compiled.error().message()));
}

// Later drafts only describe formats; the metaschemas themselves are always held to theirs.
bool NodeCompiler::asserts_format() const {
  return node_.draft < 2019 || is_official(node_.url);
}

}  // namespace fleet::schema
