#include "kube/crd/json_path.h"

#include "base/strings.h"

namespace fleet::kube::crd {

using data::Value;

class JsonPath::Reader {
 public:
  explicit Reader(std::string_view text)
      : text_(text) {}

  Result<std::vector<Step>> run() {
    std::vector<Step> out;
    if (text_.starts_with('{') && text_.ends_with('}')) text_ = text_.substr(1, text_.size() - 2);
    if (text_.starts_with('$')) ++at_;
    while (at_ < text_.size()) {
      if (out.size() >= kMaxJsonPathSteps) return wrong("has too many steps");
      if (text_[at_] == '[') {
        out.push_back(TRY(bracket()));
        continue;
      }
      if (text_[at_] == '.') ++at_;
      if (at_ >= text_.size() || text_[at_] == '[') continue;
      Step step;
      step.field = TRY(field_name(".["));
      if (step.field == "*") step.kind = Step::Kind::All;
      out.push_back(std::move(step));
    }
    return out;
  }

 private:
  Error wrong(std::string_view why) const {
    return Error(Code::Invalid, cat("JSONPath ", quote(text_), " ", why));
  }

  Result<std::string> field_name(std::string_view ends) {
    std::string out;
    for (; at_ < text_.size() && ends.find(text_[at_]) == std::string_view::npos; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      out += text_[at_];
    }
    if (out.empty()) return wrong("has an empty name");
    return out;
  }

  Result<Step> bracket() {
    size_t close = closing();
    if (close == std::string_view::npos) return wrong("has an unterminated bracket");
    std::string_view inside = trim(text_.substr(at_ + 1, close - at_ - 1));
    at_ = close + 1;
    Step step;
    if (inside == "*") {
      step.kind = Step::Kind::All;
    } else if (inside.starts_with("?(") && inside.ends_with(')')) {
      return filter(inside.substr(2, inside.size() - 3));
    } else if (inside.size() >= 2 && (inside[0] == '\'' || inside[0] == '"')) {
      step.field = inside.substr(1, inside.size() - 2);
    } else if (auto index = parse_int(inside)) {
      step.kind = Step::Kind::Index;
      step.index = *index;
    } else {
      return wrong("has a bracket that is not understood");
    }
    return step;
  }

  // The "]" that ends the bracket at `at_`; texts in quotes may hold others.
  size_t closing() const {
    char quoted = 0;
    int depth = 0;
    for (size_t i = at_; i < text_.size(); ++i) {
      char c = text_[i];
      if (quoted != 0) {
        if (c == '\\') {
          ++i;
        } else if (c == quoted) {
          quoted = 0;
        }
      } else if (c == '\'' || c == '"') {
        quoted = c;
      } else if (c == '[') {
        ++depth;
      } else if (c == ']' && --depth == 0) {
        return i;
      }
    }
    return std::string_view::npos;
  }

  Result<Step> filter(std::string_view inside) {
    Step step;
    step.kind = Step::Kind::Filter;
    size_t at = inside.find_first_of("=!<>");
    std::string_view left = trim(inside.substr(0, at));
    if (!left.starts_with('@')) return wrong("has a filter that does not begin with @");
    for (std::string_view part : split(left.substr(1), '.')) {
      if (!part.empty()) step.inner.emplace_back(part);
    }
    if (at == std::string_view::npos) return step;
    for (std::string_view op : {"==", "!=", "<=", ">=", "<", ">"}) {
      if (step.op.empty() && inside.substr(at).starts_with(op)) step.op = op;
    }
    if (step.op.empty()) return wrong("has a filter with an unknown operator");
    std::string_view right = trim(inside.substr(at + step.op.size()));
    if (right.size() >= 2 && (right[0] == '\'' || right[0] == '"')) {
      step.wanted = right.substr(1, right.size() - 2);
    } else if (right == "true" || right == "false") {
      step.wanted = right == "true";
    } else if (auto number = parse_int(right)) {
      step.wanted = *number;
    } else {
      return wrong("compares with what is neither a text, a number nor a bool");
    }
    return step;
  }

  std::string_view text_;
  size_t at_ = 0;
};

Result<JsonPath> JsonPath::parse(std::string_view text) {
  JsonPath out;
  out.steps_ = TRY(Reader(text).run());
  return out;
}

bool JsonPath::passes(const Step& step, const Value& item) {
  const Value* at = &item;
  for (const std::string& field : step.inner) {
    at = at->find(field);
    if (at == nullptr) return false;
  }
  if (step.op.empty()) return !at->is_null();
  if (step.op == "==") return *at == step.wanted;
  if (step.op == "!=") return !(*at == step.wanted);
  if (!at->is_number() || !step.wanted.is_number()) return false;
  double a = at->as_double();
  double b = step.wanted.as_double();
  if (step.op == "<") return a < b;
  if (step.op == "<=") return a <= b;
  return step.op == ">" ? a > b : a >= b;
}

std::vector<const Value*> JsonPath::find(const Value& from) const {
  std::vector<const Value*> now{&from};
  for (const Step& step : steps_) {
    std::vector<const Value*> next;
    for (const Value* value : now) {
      if (step.kind == Step::Kind::Field) {
        if (const Value* member = value->find(step.field)) next.push_back(member);
      } else if (step.kind == Step::Kind::Index) {
        int64_t size = static_cast<int64_t>(value->items().size());
        int64_t index = step.index < 0 ? size + step.index : step.index;
        if (index >= 0 && index < size) next.push_back(&value->items()[static_cast<size_t>(index)]);
      } else {
        for (const Value& item : value->items()) {
          if (step.kind == Step::Kind::All || passes(step, item)) next.push_back(&item);
        }
        if (step.kind == Step::Kind::All) {
          for (const data::Member& member : value->members()) {
            next.push_back(&member.value);
          }
        }
      }
    }
    now = std::move(next);
  }
  return now;
}

}  // namespace fleet::kube::crd
