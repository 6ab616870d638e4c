#include "data/schema/validator.h"

#include <algorithm>

#include "base/strings.h"
#include "data/schema/location.h"

namespace fleet::schema {
namespace {

using data::Value;

constexpr int64_t kChoicesPerStep = 2;

// As the original shows a number, a text or nothing from a schema.
std::string display(const Value& value) {
  switch (value.type()) {
    case data::Type::Null:
      return "<nil>";
    case data::Type::Bool:
      return value.as_bool() ? "true" : "false";
    case data::Type::String:
      return quote_single(value.as_string());
    case data::Type::Array:
    case data::Type::Object:
      return "value";
    case data::Type::Number:
      return value.to_string();
    case data::Type::Double:
      return to_text(value.as_double());
    default:
      return std::to_string(value.as_int());
  }
}

std::string wrong_choice(const Value& choices) {
  std::vector<std::string> shown;
  for (const Value& choice : choices.items()) {
    if (choice.is_array() || choice.is_object()) return "'enum' failed";
    shown.push_back(display(choice));
  }
  return cat("value must be ", shown.size() == 1 ? "" : "one of ", join(shown, ", "));
}

// Where a scope is, as keywords from the root: for messages about cycles.
std::string keyword_location(const Scope* scope) {
  std::string out;
  for (; scope->parent != nullptr; scope = scope->parent) {
    if (!scope->keyword.empty()) {
      out = cat("/", escape_token(scope->keyword), out);
      continue;
    }
    const std::string& own = scope->node->location;
    out = cat(own.substr(std::min(own.size(), scope->parent->node->location.size())), out);
  }
  return out;
}

}  // namespace

Unevaluated unevaluated_of(const Value& value, const Node& node, bool caller_needs) {
  Unevaluated out;
  if (value.is_object()) {
    bool needed = caller_needs || node.unevaluated_properties != nullptr;
    if (!needed || node.all_properties_evaluated()) return out;
    for (const data::Member& member : value.members())
      out.properties.insert(name(member));
  } else if (value.is_array()) {
    bool needed = caller_needs || node.unevaluated_items != nullptr;
    if (!needed || node.all_items_evaluated()) return out;
    for (size_t i = node.items_evaluated(); i < value.size(); ++i)
      out.items.insert(i);
  }
  return out;
}

Problem Validator::problem(std::string text) const {
  if (detail == Detail::YesOrNo) return {};
  ++session_.problems;
  return {Problem::Kind::Plain, pointer_of(path_), std::move(text), {}};
}

void Validator::add(std::optional<Problem> found) {
  if (found) problems_.push_back(std::move(*found));
}

void Validator::fail(std::string text, std::vector<Problem> causes) {
  problems_.push_back(problem(std::move(text)));
  problems_.back().causes = std::move(causes);
}

std::optional<Problem> Validator::check_cycle() const {
  for (const Scope* at = scope_.parent; at != nullptr && at->value == scope_.value;
       at = at->parent) {
    if (at->node != scope_.node) continue;
    return problem(cat("both ",
                       keyword_location(&scope_),
                       " and ",
                       keyword_location(at),
                       " resolve to ",
                       quote(node_->location),
                       " causing reference cycle"));
  }
  return std::nullopt;
}

std::optional<Problem> Validator::run() {
  if (++session_.steps > kMaxSchemaSteps || session_.problems > kMaxProblems) {
    return too_many_steps();
  }
  if (session_.depth >= kMaxSchemaDepth) return problem("schema nests too deeply");
  ++session_.depth;
  std::optional<Problem> out;
  if (node_->boolean) {
    if (!*node_->boolean) out = problem("false schema");
  } else {
    out = check_value();
  }
  --session_.depth;
  return out;
}

std::optional<Problem> Validator::too_many_steps() const {
  return problem("too many steps of validation");
}

// Type, const, enum and format stop at the first problem; the rest gathers all.
std::optional<Problem> Validator::check_value() {
  if (auto cycle = check_cycle()) return cycle;
  const Node& node = *node_;
  unsigned type = type_of(value_);
  if (node.types != 0) {
    bool fits = (node.types & type) != 0;
    if (!fits && type == kNumber && (node.types & kInteger) != 0) {
      auto number = Decimal::of(value_);
      fits = number && number->is_whole();
    }
    if (!fits) {
      return problem(
          cat("got ", type_names(type)[0], ", want ", join(type_names(node.types), " or ")));
    }
  }
  if (node.constant && !equal_json(value_, *node.constant)) {
    bool simple = !node.constant->is_array() && !node.constant->is_object();
    return problem(simple ? cat("value must be ", display(*node.constant)) : "'const' failed");
  }
  if (node.choices) {
    auto choices = node.choices->items();
    session_.steps += static_cast<int64_t>(choices.size()) / kChoicesPerStep;
    bool found = std::any_of(choices.begin(), choices.end(), [&](const Value& choice) {
      return equal_json(value_, choice);
    });
    if (!found) return problem(wrong_choice(*node.choices));
  }
  if (node.format != nullptr && value_.is_string()) {
    if (node.format_name == "regex") {
      session_.steps += static_cast<int64_t>(text::regex_size(value_.as_string()));
      if (session_.steps > kMaxSchemaSteps) return too_many_steps();
    }
    if (auto why = node.format(value_.as_string())) {
      return problem(
          cat(quote_single(value_.as_string()), " is not valid ", node.format_name, ": ", *why));
    }
  }
  if (node.ref != nullptr) {
    auto wrong = referred(node.ref, "$ref");
    if (node.draft < 2019) return wrong;
    add(std::move(wrong));
  }
  if (value_.is_object()) check_object();
  if (value_.is_array()) check_array();
  if (value_.is_string()) check_string();
  if (value_.is_number()) check_number();
  if (problems_.empty() || detail == Detail::Problems) {
    if (node.draft >= 2019) check_references();
    check_combined();
    check_condition();
    if (node.draft >= 2019) check_unevaluated();
  }
  return finish();
}

std::optional<Problem> Validator::finish() {
  if (problems_.empty()) return std::nullopt;
  if (problems_.size() == 1) return std::move(problems_[0]);
  Problem group = problem("validation failed");
  group.kind = Problem::Kind::Group;
  group.causes = std::move(problems_);
  return group;
}

void Validator::check_string() {
  const Node& node = *node_;
  std::string_view text = value_.as_string();
  if (node.min_length || node.max_length) {
    auto length = static_cast<int64_t>(rune_count(text));
    if (node.min_length && length < *node.min_length) {
      fail(cat("minLength: got ", english(length), ", want ", english(*node.min_length)));
    }
    if (node.max_length && length > *node.max_length) {
      fail(cat("maxLength: got ", english(length), ", want ", english(*node.max_length)));
    }
  }
  if (node.pattern && !node.pattern->matches(text)) {
    fail(
        cat(quote_single(text), " does not match pattern ", quote_single(node.pattern->pattern())));
  }
}

void Validator::check_number() {
  const Node& node = *node_;
  auto number = Decimal::of(value_);
  if (!number) return;
  auto check = [&](std::string_view keyword, const std::optional<Decimal>& limit, auto fits) {
    if (!limit || fits(Decimal::compare(*number, *limit))) return;
    fail(cat(
        keyword, ": got ", english(number->to_double()), ", want ", english(limit->to_double())));
  };
  check("minimum", node.minimum, [](int order) { return order >= 0; });
  check("maximum", node.maximum, [](int order) { return order <= 0; });
  check("exclusiveMinimum", node.exclusive_minimum, [](int order) { return order > 0; });
  check("exclusiveMaximum", node.exclusive_maximum, [](int order) { return order < 0; });
  check("multipleOf", node.multiple_of, [&](int) {
    return number->is_multiple_of(*node.multiple_of);
  });
}

std::optional<Problem> Validator::same_value(const Node* node,
                                             std::string_view keyword,
                                             Detail wanted) {
  Scope scope{node, keyword, scope_.value, &scope_};
  Validator inner(session_, value_, scope, path_);
  inner.unevaluated = unevaluated_of(value_, *node, !unevaluated.empty());
  inner.detail = detail == Detail::YesOrNo ? detail : wanted;
  inner.meta = meta;
  if (meta != nullptr && node == meta) {
    auto found = session_.metas->find(pointer_of(path_));
    if (found != session_.metas->end()) inner.meta = inner.node_ = found->second;
  }
  auto out = inner.run();
  if (!out) {
    std::erase_if(unevaluated.properties,
                  [&](std::string_view p) { return !inner.unevaluated.properties.contains(p); });
    std::erase_if(unevaluated.items,
                  [&](size_t i) { return !inner.unevaluated.items.contains(i); });
  }
  return out;
}

std::optional<Problem> Validator::inner_value(const Node* node,
                                              const Value& value,
                                              std::string token) {
  path_.push_back(std::move(token));
  Scope scope{node, {}, scope_.value + 1, &scope_};
  Validator inner(session_, value, scope, path_);
  inner.unevaluated = unevaluated_of(value, *node, false);
  inner.detail = detail;
  inner.meta = meta;
  if (meta != nullptr && node == meta) {
    auto found = session_.metas->find(pointer_of(path_));
    if (found != session_.metas->end()) inner.meta = inner.node_ = found->second;
  }
  auto out = inner.run();
  path_.pop_back();
  return out;
}

std::optional<Problem> Validator::referred(const Node* node, std::string_view keyword) {
  auto wrong = same_value(node, keyword);
  if (!wrong) return std::nullopt;
  Problem out = problem("validation failed");
  out.kind = Problem::Kind::Reference;
  if (wrong->kind == Problem::Kind::Group) {
    out.causes = std::move(wrong->causes);
  } else {
    out.causes.push_back(std::move(*wrong));
  }
  return out;
}

void Validator::check_references() {
  if (const Node* target = node_->recursive_ref) {
    if (target->recursive_anchor) {
      for (const Scope* at = &scope_; at != nullptr; at = at->parent) {
        if (at->node->resource->recursive_anchor) target = at->node;
      }
    }
    add(referred(target, "$recursiveRef"));
  }
  if (const Node* target = node_->dynamic_ref) {
    const std::string& anchor = node_->dynamic_ref_anchor;
    if (!anchor.empty() && target->dynamic_anchor == anchor) {
      for (const Scope* at = &scope_; at != nullptr; at = at->parent) {
        auto found = at->node->resource->dynamic_anchors.find(anchor);
        if (found != at->node->resource->dynamic_anchors.end()) target = found->second;
      }
    }
    add(referred(target, "$dynamicRef"));
  }
}

void Validator::check_combined() {
  if (node_->negated != nullptr && !same_value(node_->negated, {}, Detail::YesOrNo)) {
    fail("'not' failed");
  }
  std::vector<Problem> wrong;
  for (const Node* inner : node_->all_of) {
    auto found = same_value(inner);
    if (!found) continue;
    wrong.push_back(std::move(*found));
    if (detail == Detail::YesOrNo) break;
  }
  if (!wrong.empty()) fail("'allOf' failed", std::move(wrong));
  wrong.clear();
  bool matched = node_->any_of.empty();
  for (const Node* inner : node_->any_of) {
    auto found = same_value(inner);
    if (found) {
      wrong.push_back(std::move(*found));
      continue;
    }
    matched = true;
    if (unevaluated.empty()) break;  // else all must be looked at
  }
  if (!matched) fail("'anyOf' failed", std::move(wrong));
  if (!node_->one_of.empty()) check_one_of();
}

void Validator::check_one_of() {
  std::optional<size_t> matched;
  std::vector<Problem> wrong;
  for (size_t i = 0; i < node_->one_of.size(); ++i) {
    auto found = same_value(node_->one_of[i], {}, matched ? Detail::YesOrNo : Detail::Problems);
    if (found) {
      if (!matched) wrong.push_back(std::move(*found));
    } else if (!matched) {
      matched = i;
    } else {
      fail(cat("'oneOf' failed, subschemas ",
               english(static_cast<int64_t>(*matched)),
               ", ",
               english(static_cast<int64_t>(i)),
               " matched"));
      break;
    }
  }
  if (!matched) fail("'oneOf' failed, none matched", std::move(wrong));
}

void Validator::check_condition() {
  if (node_->condition == nullptr) return;
  bool holds = !same_value(node_->condition, {}, Detail::YesOrNo);
  const Node* next = holds ? node_->then : node_->otherwise;
  if (next != nullptr) add(same_value(next));
}

void Validator::check_unevaluated() {
  if (value_.is_object() && node_->unevaluated_properties != nullptr) {
    for (std::string_view property : unevaluated.properties) {
      const Value* inner = value_.find(property);
      if (inner == nullptr) continue;
      add(inner_value(node_->unevaluated_properties, *inner, std::string(property)));
    }
    unevaluated.properties.clear();
  }
  if (value_.is_array() && node_->unevaluated_items != nullptr) {
    for (size_t i : unevaluated.items) {
      add(inner_value(node_->unevaluated_items, value_[i], std::to_string(i)));
    }
    unevaluated.items.clear();
  }
}

Result<> validate_with(const Node& node,
                       const Value& document,
                       const Node* meta,
                       const MetaByPointer* metas) {
  Session session;
  session.metas = metas;
  std::vector<std::string> path;
  Scope scope{&node, {}, 0, nullptr};
  Validator validator(session, document, scope, path);
  validator.meta = meta;
  validator.unevaluated = unevaluated_of(document, node, false);
  auto wrong = validator.run();
  if (!wrong) return {};
  return Error(Code::Invalid, print_problem(node.location, *wrong));
}

}  // namespace fleet::schema
