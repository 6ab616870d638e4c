#include "kube/cel/program.h"

#include <algorithm>

#include "base/strings.h"
#include "kube/cel/ast.h"
#include "kube/cel/functions.h"
#include "kube/cel/lexer.h"

namespace fleet::kube::cel {

struct Program::Code {
  std::vector<std::string> variables;
  Parsed parsed;
};

namespace {

Error invalid(std::string message) {
  return Error(fleet::Code::Invalid, std::move(message));
}

Error no_key(std::string_view key) {
  return invalid(cat("no such key: ", key));
}

class Machine {
 public:
  Machine(size_t slots, uint64_t limit)
      : frame_(slots) {
    meter_.limit = limit;
  }

  void set(size_t slot, Val value) { frame_[slot] = std::move(value); }
  uint64_t spent() const { return meter_.spent; }

  Result<Val> run(const Node& node) {
    meter_.add(1);
    TRY(meter_.check());
    switch (node.op) {
      case Op::Literal:
        return node.literal;
      case Op::Variable:
        return frame_[node.slot];
      case Op::Select:
      case Op::Has:
        return select(node);
      case Op::Index:
        return index(node);
      case Op::Call:
        return call(node);
      case Op::List:
        return list(node);
      case Op::Map:
        return map(node);
      case Op::Condition: {
        bool yes = TRY(truth(*node.children[0]));
        return run(*node.children[yes ? 1 : 2]);
      }
      case Op::And:
      case Op::Or:
        return logic(node);
      case Op::Not:
        return Val::boolean(!TRY(truth(*node.children[0])));
      case Op::Negate:
        return operate("-", Val::integer(0), TRY(run(*node.children[0])));
      case Op::Binary: {
        Val a = TRY(run(*node.children[0]));
        Val b = TRY(run(*node.children[1]));
        meter_.add((a.text.size() + b.text.size()) / 10 + (b.kind == Kind::List ? b.size() : 0));
        return operate(node.text, a, b);
      }
      case Op::Loop:
        return loop(node);
      case Op::Bind:
        frame_[node.slot] = TRY(run(*node.children[0]));
        return run(*node.children[1]);
    }
    return invalid("unknown operation");
  }

 private:
  Result<bool> truth(const Node& node) {
    Val value = TRY(run(node));
    if (value.kind != Kind::Bool) return no_overload();
    return value.flag;
  }

  // An error on one side does not count when the other decides.
  Result<Val> logic(const Node& node) {
    bool decides = node.op == Op::Or;
    Result<bool> left = truth(*node.children[0]);
    if (!left.ok() && left.error().code() == fleet::Code::Timeout) return left.error();
    if (left.ok() && *left == decides) return Val::boolean(decides);
    Result<bool> right = truth(*node.children[1]);
    if (right.ok() && *right == decides) return Val::boolean(decides);
    if (!left.ok()) return left.error();
    if (!right.ok()) return right.error();
    return Val::boolean(!decides);
  }

  // Wraps an answer for a target that was itself optional, or asked for with `.?`.
  static Result<Val> answer(bool optional, bool found, Val value, const std::string& key) {
    if (optional) return found ? Val::some(std::move(value)) : Val::none();
    if (!found) return no_key(key);
    return value;
  }

  Result<Val> select(const Node& node) {
    Val target = TRY(run(*node.children[0]));
    bool optional = node.optional;
    if (target.kind == Kind::Optional) {
      if (node.op == Op::Has && !target.has_value()) return Val::boolean(false);
      if (!target.has_value()) return Val::none();
      optional = true;
      target = Val((*target.items)[0]);
    }
    Val value;
    if (target.kind != Kind::Map) {
      if (optional && target.kind == Kind::Null) return Val::none();
      return no_overload();
    }
    bool found = target.find(std::string_view(node.text), value);
    if (node.op == Op::Has) return Val::boolean(found);
    return answer(optional, found, std::move(value), node.text);
  }

  Result<Val> index(const Node& node) {
    Val target = TRY(run(*node.children[0]));
    Val key = TRY(run(*node.children[1]));
    bool optional = node.optional;
    if (target.kind == Kind::Optional) {
      if (!target.has_value()) return Val::none();
      optional = true;
      target = Val((*target.items)[0]);
    }
    Val value;
    if (target.kind == Kind::Map) {
      bool found = target.find(key, value);
      return answer(optional,
                    found,
                    std::move(value),
                    key.kind == Kind::String ? key.text : std::to_string(key.number));
    }
    if (target.kind != Kind::List || !key.is_number()) return no_overload();
    double at = key.as_double();
    bool found = at >= 0 && at < static_cast<double>(target.size());
    if (found) value = target.item(static_cast<size_t>(at));
    if (!found && !optional) {
      return invalid(cat("index out of bounds: ", static_cast<int64_t>(at)));
    }
    return answer(optional, found, std::move(value), "");
  }

  Result<Val> call(const Node& node) {
    if (node.regex) {
      Val target = TRY(run(*node.children[0]));
      auto searched = TRY(text_of(target));
      meter_.add(searched.size() / 10 + 1);
      return Val::boolean(node.regex->matches(searched));
    }
    Items args;
    for (const NodePtr& child : node.children) {
      args.push_back(TRY(run(*child)));
    }
    Val out = TRY(node.function->run(args, meter_));
    TRY(meter_.check());
    return out;
  }

  Result<Val> list(const Node& node) {
    Items items;
    for (size_t i = 0; i < node.children.size(); ++i) {
      Val item = TRY(run(*node.children[i]));
      if (!node.optional_items[i]) {
        items.push_back(std::move(item));
      } else if (item.kind != Kind::Optional) {
        return no_overload();
      } else if (item.has_value()) {
        items.push_back((*item.items)[0]);
      }
    }
    return Val::list(std::move(items));
  }

  Result<Val> map(const Node& node) {
    Entries entries;
    for (size_t i = 0; i < node.optional_items.size(); ++i) {
      Val key = TRY(run(*node.children[2 * i]));
      Val value = TRY(run(*node.children[2 * i + 1]));
      for (const auto& [mine, ignored] : entries) {
        if (equal(mine, key)) return invalid("Failed with repeated key");
      }
      if (node.optional_items[i]) {
        if (value.kind != Kind::Optional) return no_overload();
        if (!value.has_value()) continue;
        value = Val((*value.items)[0]);
      }
      entries.emplace_back(std::move(key), std::move(value));
    }
    return Val::map(std::move(entries));
  }

  // Puts the i-th item (or key) into the loop's variables.
  void enter(const Node& node, const Val& range, size_t i) {
    bool is_map = range.kind == Kind::Map;
    if (node.two_variables) {
      frame_[node.slot] = is_map ? range.key(i) : Val::integer(static_cast<int64_t>(i));
      frame_[node.slot2] = range.item(i);
    } else {
      frame_[node.slot] = is_map ? range.key(i) : range.item(i);
    }
  }

  Result<Val> loop(const Node& node) {
    Val range = TRY(run(*node.children[0]));
    if (node.text == "optMap" || node.text == "optFlatMap") return optional_loop(node, range);
    if (range.kind != Kind::List && range.kind != Kind::Map) return no_overload();
    if (node.text == "all" || node.text == "exists") return quantified(node, range);
    if (node.text == "exists_one") {
      size_t count = 0;
      for (size_t i = 0; i < range.size(); ++i) {
        enter(node, range, i);
        count += TRY(truth(*node.children[1])) ? 1 : 0;
      }
      return Val::boolean(count == 1);
    }
    return collected(node, range);
  }

  // As with && and ||, an error counts only if no item decides.
  Result<Val> quantified(const Node& node, const Val& range) {
    bool decides = node.text == "exists";
    Result<bool> trouble = !decides;
    for (size_t i = 0; i < range.size(); ++i) {
      enter(node, range, i);
      Result<bool> one = truth(*node.children[1]);
      if (one.ok()) {
        if (*one == decides) return Val::boolean(decides);
      } else if (one.error().code() == fleet::Code::Timeout) {
        return one.error();
      } else {
        trouble = std::move(one);
      }
    }
    if (!trouble.ok()) return trouble.error();
    return Val::boolean(!decides);
  }

  // map, filter, transformList, transformMap.
  Result<Val> collected(const Node& node, const Val& range) {
    bool filter = node.text == "filter";
    bool to_map = node.text == "transformMap";
    const Node& last = *node.children.back();
    Items items;
    Entries entries;
    for (size_t i = 0; i < range.size(); ++i) {
      enter(node, range, i);
      Val current = frame_[node.slot];
      if (filter) {
        if (TRY(truth(last))) items.push_back(std::move(current));
        continue;
      }
      if (node.children.size() == 3 && !TRY(truth(*node.children[1]))) continue;
      Val value = TRY(run(last));
      if (to_map) {
        entries.emplace_back(std::move(current), std::move(value));
      } else {
        items.push_back(std::move(value));
      }
    }
    return to_map ? Val::map(std::move(entries)) : Val::list(std::move(items));
  }

  Result<Val> optional_loop(const Node& node, const Val& target) {
    if (target.kind != Kind::Optional) return no_overload();
    if (!target.has_value()) return Val::none();
    frame_[node.slot] = (*target.items)[0];
    Val value = TRY(run(*node.children[1]));
    return node.text == "optMap" ? Val::some(std::move(value)) : value;
  }

  std::vector<Val> frame_;
  Meter meter_;
};

}  // namespace

Result<Program> Program::compile(std::string_view expression,
                                 const std::vector<std::string>& variables) {
  if (expression.size() > kMaxExpressionBytes) {
    return error_at(expression.substr(0, 40), 0, "expression is too long");
  }
  auto code = std::make_shared<Code>();
  code->variables = variables;
  code->parsed = TRY(parse(expression, variables));
  Program out;
  out.code_ = std::move(code);
  return out;
}

bool Program::uses(std::string_view variable) const {
  const auto& used = code_->parsed.used;
  return std::find(used.begin(), used.end(), variable) != used.end();
}

Result<data::Value> Program::evaluate(const std::vector<Variable>& variables,
                                      Limits limits,
                                      uint64_t* cost) const {
  Machine machine(code_->parsed.slots, limits.cost);
  for (size_t i = 0; i < code_->variables.size(); ++i) {
    for (const Variable& variable : variables) {
      if (variable.name != code_->variables[i]) continue;
      Val value = variable.value != nullptr ? Val::from(*variable.value) : Val::null();
      if (variable.is_optional) {
        value = variable.value != nullptr ? Val::some(std::move(value)) : Val::none();
      }
      machine.set(i, std::move(value));
    }
  }
  auto answer = machine.run(*code_->parsed.root);
  if (cost != nullptr) *cost = machine.spent();
  if (!answer.ok()) return answer.error();
  return answer->to_json();
}

}  // namespace fleet::kube::cel
