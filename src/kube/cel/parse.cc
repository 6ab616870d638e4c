#include <algorithm>
#include <array>
#include <optional>

#include "base/strings.h"
#include "kube/cel/ast.h"
#include "kube/cel/functions.h"
#include "kube/cel/lexer.h"
#include "kube/cel/program.h"

namespace fleet::kube::cel {
namespace {

constexpr std::array kTypes = {
    "bool", "int", "uint", "double", "string", "bytes", "list", "map", "type", "null_type"};
constexpr std::array kNamespaces = {
    "math", "sets", "optional", "ip", "cel", "lists", "strings", "format", "regex"};
constexpr std::array kLoops = {"all",
                               "exists",
                               "exists_one",
                               "existsOne",
                               "map",
                               "filter",
                               "transformList",
                               "transformMap",
                               "optMap",
                               "optFlatMap"};

template <typename List>
bool is_one_of(const List& list, std::string_view word) {
  return std::any_of(
      list.begin(), list.end(), [word](std::string_view one) { return one == word; });
}

// Property names as Kubernetes spells them in CEL: foo__dash__bar is foo-bar.
std::string unescape_field(std::string_view name) {
  std::string out = replace_all(name, "__dot__", ".");
  out = replace_all(out, "__dash__", "-");
  out = replace_all(out, "__slash__", "/");
  constexpr std::array kKeywords = {"true",   "false",    "null", "in",      "as",        "break",
                                    "const",  "continue", "else", "for",     "function",  "if",
                                    "import", "let",      "loop", "package", "namespace", "return",
                                    "var",    "void",     "while"};
  if (out.size() > 4 && out.starts_with("__") && out.ends_with("__")) {
    std::string inner = out.substr(2, out.size() - 4);
    if (is_one_of(kKeywords, inner)) return inner;
  }
  return replace_all(out, "__underscores__", "__");
}

class Parser {
 public:
  Parser(std::string_view source,
         std::vector<Lexeme> words,
         const std::vector<std::string>& variables)
      : source_(source),
        words_(std::move(words)),
        scope_(variables),
        variables_(variables.size()),
        slots_(variables.size()) {}

  Result<Parsed> run() {
    Parsed out;
    out.root = TRY(expression());
    if (now().word != Word::End) return unexpected();
    out.slots = slots_;
    out.used = std::move(used_);
    return out;
  }

 private:
  const Lexeme& now() const { return words_[at_]; }
  bool is(std::string_view symbol) const {
    return now().word == Word::Symbol && now().text == symbol;
  }
  bool take(std::string_view symbol) {
    if (!is(symbol)) return false;
    ++at_;
    return true;
  }
  Error wrong(size_t at, std::string_view what) const { return error_at(source_, at, what); }
  Error unexpected() const {
    const Lexeme& word = now();
    std::string shown = word.word == Word::End ? "<EOF>" : word.text;
    if (word.word == Word::Literal) shown = "a literal";
    return wrong(word.at, cat("Syntax error: mismatched input '", shown, "'"));
  }
  Result<> expect(std::string_view symbol) {
    if (take(symbol)) return {};
    return unexpected();
  }

  static NodePtr make(Op op, size_t at) {
    auto node = std::make_unique<Node>();
    node->op = op;
    node->at = at;
    return node;
  }
  static NodePtr make(Op op, size_t at, NodePtr a, NodePtr b) {
    NodePtr node = make(op, at);
    node->children.push_back(std::move(a));
    node->children.push_back(std::move(b));
    return node;
  }

  Result<NodePtr> expression() {
    if (++depth_ > kMaxExpressionDepth) {
      return wrong(now().at, "expression recursion limit exceeded");
    }
    NodePtr condition = TRY(chain("||", Op::Or));
    if (is("?")) {
      size_t at = now().at;
      take("?");
      NodePtr node = make(Op::Condition, at, std::move(condition), TRY(chain("||", Op::Or)));
      TRY(expect(":"));
      node->children.push_back(TRY(expression()));
      condition = std::move(node);
    }
    --depth_;
    return condition;
  }

  Result<NodePtr> chain(std::string_view symbol, Op op) {
    NodePtr left = op == Op::Or ? TRY(chain("&&", Op::And)) : TRY(relation());
    while (is(symbol)) {
      size_t at = now().at;
      take(symbol);
      NodePtr right = op == Op::Or ? TRY(chain("&&", Op::And)) : TRY(relation());
      left = make(op, at, std::move(left), std::move(right));
    }
    return left;
  }

  std::optional<std::string> operator_among(std::initializer_list<std::string_view> symbols) const {
    for (std::string_view symbol : symbols) {
      bool word = symbol == "in" && now().word == Word::Name && now().text == "in";
      if (word || is(symbol)) return std::string(symbol);
    }
    return std::nullopt;
  }

  template <typename Next>
  Result<NodePtr> binary(std::initializer_list<std::string_view> symbols, Next&& next) {
    NodePtr left = TRY(next());
    while (auto symbol = operator_among(symbols)) {
      size_t at = now().at;
      ++at_;
      left = make(Op::Binary, at, std::move(left), TRY(next()));
      left->text = *symbol;
    }
    return left;
  }

  Result<NodePtr> relation() {
    return binary({"<=", ">=", "<", ">", "==", "!=", "in"}, [this] { return sum(); });
  }
  Result<NodePtr> sum() {
    return binary({"+", "-"}, [this] { return product(); });
  }
  Result<NodePtr> product() {
    return binary({"*", "/", "%"}, [this] { return unary(); });
  }

  Result<NodePtr> unary() {
    if (++depth_ > kMaxExpressionDepth) {
      return wrong(now().at, "expression recursion limit exceeded");
    }
    size_t at = now().at;
    NodePtr out;
    if (take("!")) {
      out = make(Op::Not, at);
      out->children.push_back(TRY(unary()));
    } else if (is("-")) {
      take("-");
      // The lexer lets the smallest int through behind a minus only.
      if (now().word == Word::Literal && now().value.kind == Kind::Int) {
        words_[at_].value.number =
            static_cast<int64_t>(0 - static_cast<uint64_t>(words_[at_].value.number));
        out = TRY(member());
      } else if (now().word == Word::Literal && now().value.kind == Kind::Double) {
        words_[at_].value.real = -words_[at_].value.real;
        out = TRY(member());
      } else {
        out = make(Op::Negate, at);
        out->children.push_back(TRY(unary()));
      }
    } else {
      out = TRY(member());
    }
    --depth_;
    return out;
  }

  Result<NodePtr> member() {
    NodePtr out = TRY(primary());
    while (true) {
      size_t at = now().at;
      if (is(".") || is(".?")) {
        bool optional = is(".?");
        ++at_;
        if (now().word != Word::Name) return unexpected();
        Lexeme name = now();
        ++at_;
        if (is("(") && !optional && !name.escaped) {
          out = TRY(method(std::move(out), name));
          continue;
        }
        NodePtr select = make(Op::Select, at);
        select->text = name.escaped ? name.text : unescape_field(name.text);
        select->optional = optional;
        select->children.push_back(TRY(resolved(std::move(out))));
        out = std::move(select);
      } else if (is("[") || is("[?")) {
        bool optional = is("[?");
        ++at_;
        NodePtr index = make(Op::Index, at, TRY(resolved(std::move(out))), TRY(expression()));
        index->optional = optional;
        TRY(expect("]"));
        out = std::move(index);
      } else {
        return resolved(std::move(out));
      }
    }
  }

  // A name that was left open until it was known not to be a namespace.
  Result<NodePtr> resolved(NodePtr node) {
    if (node->op != Op::Variable || node->slot != kOpen) return node;
    for (size_t i = scope_.size(); i-- > 0;) {
      if (scope_[i] != node->text) continue;
      node->slot = i;
      if (i < variables_ && std::find(used_.begin(), used_.end(), node->text) == used_.end()) {
        used_.push_back(node->text);
      }
      return node;
    }
    if (is_one_of(kTypes, node->text)) {
      node->op = Op::Literal;
      node->literal = Val::type(node->text);
      return node;
    }
    return wrong(node->at, cat("undeclared reference to '", node->text, "' (in container '')"));
  }

  bool is_variable(std::string_view name) const {
    return std::find(scope_.begin(), scope_.end(), name) != scope_.end();
  }

  Result<NodePtr> primary() {
    const Lexeme word = now();
    if (word.word == Word::Literal) {
      ++at_;
      NodePtr node = make(Op::Literal, word.at);
      node->literal = word.value;
      return node;
    }
    if (word.word == Word::Name && !word.escaped) {
      ++at_;
      if (is("(")) return call(word);
      NodePtr node = make(Op::Variable, word.at);
      node->text = word.text;
      node->slot = kOpen;
      return node;
    }
    if (take("(")) {
      NodePtr node = TRY(expression());
      TRY(expect(")"));
      return node;
    }
    if (take("[")) return list_literal(word.at);
    if (is("[?")) {
      // The lexer took "[" and "?" of the first item as one.
      words_[at_].text = "?";
      return list_literal(word.at);
    }
    if (take("{")) return map_literal(word.at);
    return unexpected();
  }

  Result<NodePtr> list_literal(size_t at) {
    NodePtr node = make(Op::List, at);
    while (!take("]")) {
      node->optional_items.push_back(take("?"));
      node->children.push_back(TRY(expression()));
      if (!take(",") && !is("]")) return unexpected();
    }
    return node;
  }

  Result<NodePtr> map_literal(size_t at) {
    NodePtr node = make(Op::Map, at);
    while (!take("}")) {
      node->optional_items.push_back(take("?"));
      node->children.push_back(TRY(expression()));
      TRY(expect(":"));
      node->children.push_back(TRY(expression()));
      if (!take(",") && !is("}")) return unexpected();
    }
    return node;
  }

  Result<std::vector<NodePtr>> arguments() {
    std::vector<NodePtr> out;
    TRY(expect("("));
    while (!take(")")) {
      out.push_back(TRY(expression()));
      if (!take(",") && !is(")")) return unexpected();
    }
    return out;
  }

  Result<NodePtr> bind_function(NodePtr node) {
    node->function = find_function(node->text, node->children.size(), node->has_target);
    if (node->function == nullptr) {
      return wrong(node->at, cat("undeclared reference to '", node->text, "' (in container '')"));
    }
    if (node->text == "matches" && node->children[1]->op == Op::Literal &&
        node->children[1]->literal.kind == Kind::String) {
      auto regex = text::Regex::compile(node->children[1]->literal.text);
      if (!regex.ok()) return wrong(node->children[1]->at, "invalid matches argument");
      node->regex = std::move(regex).value();
    }
    return node;
  }

  Result<NodePtr> call(const Lexeme& name) {
    if (name.text == "has") {
      TRY(expect("("));
      NodePtr field = TRY(expression());
      TRY(expect(")"));
      if (field->op != Op::Select) {
        return wrong(name.at, "invalid argument to has() macro");
      }
      field->op = Op::Has;
      return field;
    }
    NodePtr node = make(Op::Call, name.at);
    node->text = name.text;
    node->children = TRY(arguments());
    return bind_function(std::move(node));
  }

  Result<NodePtr> method(NodePtr target, const Lexeme& name) {
    bool is_namespace = target->op == Op::Variable && target->slot == kOpen &&
                        is_one_of(kNamespaces, target->text) && !is_variable(target->text);
    if (is_namespace) {
      if (target->text == "cel" && name.text == "bind") return bind(name);
      NodePtr node = make(Op::Call, name.at);
      node->text = cat(target->text, ".", name.text);
      node->children = TRY(arguments());
      return bind_function(std::move(node));
    }
    target = TRY(resolved(std::move(target)));
    if (is_one_of(kLoops, name.text)) return loop(std::move(target), name);
    NodePtr node = make(Op::Call, name.at);
    node->text = name.text;
    node->has_target = true;
    node->children.push_back(std::move(target));
    auto rest = TRY(arguments());
    std::move(rest.begin(), rest.end(), std::back_inserter(node->children));
    return bind_function(std::move(node));
  }

  Result<std::string> loop_variable() {
    if (now().word != Word::Name || now().escaped) {
      return wrong(now().at, "argument must be a simple name");
    }
    std::string name = now().text;
    ++at_;
    TRY(expect(","));
    return name;
  }

  size_t open_slot(std::string name) {
    scope_.push_back(std::move(name));
    slots_ = std::max(slots_, scope_.size());
    return scope_.size() - 1;
  }

  // target.all(x, p), target.map(x, [p,] t), target.all(i, x, p), target.optMap(x, t) ...
  Result<NodePtr> loop(NodePtr target, const Lexeme& name) {
    NodePtr node = make(Op::Loop, name.at);
    node->text = name.text == "existsOne" ? "exists_one" : name.text;
    node->children.push_back(std::move(target));
    TRY(expect("("));
    size_t before = scope_.size();
    node->slot = open_slot(TRY(loop_variable()));
    bool second = now().word == Word::Name && !now().escaped &&
                  words_[at_ + 1].word == Word::Symbol && words_[at_ + 1].text == "," &&
                  node->text != "map" && node->text != "filter";
    if (second) {
      node->two_variables = true;
      node->slot2 = open_slot(TRY(loop_variable()));
    }
    node->children.push_back(TRY(expression()));
    if (take(",")) node->children.push_back(TRY(expression()));
    TRY(expect(")"));
    scope_.resize(before);
    bool may_filter = node->text == "map" || node->text.starts_with("transform");
    if (node->children.size() == 3 && !may_filter) {
      return wrong(name.at, cat("undeclared reference to '", name.text, "' (in container '')"));
    }
    if (node->text.starts_with("transform") && !node->two_variables) {
      return wrong(name.at, cat("undeclared reference to '", name.text, "' (in container '')"));
    }
    return node;
  }

  Result<NodePtr> bind(const Lexeme& name) {
    TRY(expect("("));
    std::string variable = TRY(loop_variable());
    NodePtr node = make(Op::Bind, name.at);
    node->children.push_back(TRY(expression()));
    TRY(expect(","));
    size_t before = scope_.size();
    node->slot = open_slot(std::move(variable));
    node->children.push_back(TRY(expression()));
    scope_.resize(before);
    TRY(expect(")"));
    return node;
  }

  static constexpr size_t kOpen = SIZE_MAX;

  std::string_view source_;
  std::vector<Lexeme> words_;
  size_t at_ = 0;
  int depth_ = 0;
  std::vector<std::string> scope_;
  size_t variables_;
  size_t slots_;
  std::vector<std::string> used_;
};

}  // namespace

Result<Parsed> parse(std::string_view source, const std::vector<std::string>& variables) {
  auto words = TRY(scan(source));
  return Parser(source, std::move(words), variables).run();
}

}  // namespace fleet::kube::cel
