#include <algorithm>
#include <array>

#include "base/strings.h"
#include "kube/meta/requirement.h"
#include "kube/meta/selector.h"

namespace fleet::kube {
namespace {

enum class Token {
  Identifier,
  End,
  Open,
  Close,
  Comma,
  Not,
  Equals,
  DoubleEquals,
  NotEquals,
  Greater,
  Less,
  In,
  NotIn,
};

struct Lexeme {
  Token token = Token::End;
  std::string_view text;
};

struct Word {
  std::string_view text;
  Token token;
};
constexpr std::array kWords = {Word{")", Token::Close},
                               Word{",", Token::Comma},
                               Word{"!", Token::Not},
                               Word{"==", Token::DoubleEquals},
                               Word{"=", Token::Equals},
                               Word{">", Token::Greater},
                               Word{"in", Token::In},
                               Word{"<", Token::Less},
                               Word{"!=", Token::NotEquals},
                               Word{"notin", Token::NotIn},
                               Word{"(", Token::Open}};

const Word* find_word(std::string_view text) {
  auto at = std::find_if(
      kWords.begin(), kWords.end(), [text](const Word& word) { return word.text == text; });
  return at == kWords.end() ? nullptr : &*at;
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool is_special(char c) {
  return std::string_view("=!(),><").find(c) != std::string_view::npos;
}

std::vector<Lexeme> scan(std::string_view text) {
  std::vector<Lexeme> out;
  size_t i = 0;
  while (i < text.size()) {
    if (is_space(text[i])) {
      ++i;
      continue;
    }
    size_t start = i;
    if (is_special(text[i])) {
      // The longest known word of special characters.
      while (i < text.size() && is_special(text[i]) &&
             find_word(text.substr(start, i - start + 1)) != nullptr)
        ++i;
      out.push_back(
          {find_word(text.substr(start, i - start))->token, text.substr(start, i - start)});
      continue;
    }
    while (i < text.size() && !is_special(text[i]) && !is_space(text[i]))
      ++i;
    std::string_view name = text.substr(start, i - start);
    const Word* word = find_word(name);
    out.push_back({word != nullptr ? word->token : Token::Identifier, name});
  }
  out.push_back({Token::End, {}});
  return out;
}

enum class Expect { KeyOrOperator, Values };

Error error(std::string message) {
  return Error(Code::BadRequest, std::move(message));
}

class Parser {
 public:
  explicit Parser(std::string_view text)
      : lexemes_(scan(text)) {}

  Result<std::vector<Requirement>> run() {
    std::vector<Requirement> out;
    while (true) {
      Lexeme first = peek();
      if (first.token == Token::End) return out;
      if (first.token != Token::Identifier && first.token != Token::Not) {
        return error(cat("found '", first.text, "', expected: !, identifier, or 'end of string'"));
      }
      out.push_back(TRY(requirement().within("unable to parse requirement")));
      Lexeme after = take();
      if (after.token == Token::End) return out;
      if (after.token != Token::Comma) {
        return error(cat("found '", after.text, "', expected: ',' or 'end of string'"));
      }
      Lexeme next = peek();
      if (next.token != Token::Identifier && next.token != Token::Not) {
        return error(cat("found '", next.text, "', expected: identifier after ','"));
      }
    }
  }

 private:
  Lexeme peek(Expect expect = Expect::Values) const {
    Lexeme out = lexemes_[std::min(at_, lexemes_.size() - 1)];
    bool is_word = out.token == Token::In || out.token == Token::NotIn;
    if (expect == Expect::Values && is_word) out.token = Token::Identifier;
    return out;
  }

  Lexeme take(Expect expect = Expect::Values) {
    Lexeme out = peek(expect);
    ++at_;
    return out;
  }

  Result<Requirement> requirement() {
    Lexeme key = take();
    bool absent = key.token == Token::Not;
    if (absent) key = take();
    if (key.token != Token::Identifier) {
      return error(cat("found '", key.text, "', expected: identifier"));
    }
    if (auto wrong = check_requirement_key(key.text, ""); !wrong.empty()) {
      return error(join_field_errors(wrong));
    }
    Token next = peek().token;
    if (absent) return make_requirement(key.text, Operator::DoesNotExist, {});
    if (next == Token::End || next == Token::Comma) {
      return make_requirement(key.text, Operator::Exists, {});
    }
    Operator op = TRY(binary_operator());
    bool is_set = op == Operator::In || op == Operator::NotIn;
    auto values = is_set ? TRY(value_set()) : TRY(exact_value());
    // In texts, values are a set already when they are checked.
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return make_requirement(key.text, op, std::move(values));
  }

  Result<Operator> binary_operator() {
    Lexeme word = take(Expect::KeyOrOperator);
    switch (word.token) {
      case Token::In:
        return Operator::In;
      case Token::NotIn:
        return Operator::NotIn;
      case Token::Equals:
        return Operator::Equals;
      case Token::DoubleEquals:
        return Operator::DoubleEquals;
      case Token::NotEquals:
        return Operator::NotEquals;
      case Token::Greater:
        return Operator::GreaterThan;
      case Token::Less:
        return Operator::LessThan;
      default:
        return error(cat("found '", word.text, "', expected: in, notin, =, ==, !=, gt, lt"));
    }
  }

  Result<std::vector<std::string>> value_set() {
    Lexeme open = take();
    if (open.token != Token::Open) return error(cat("found '", open.text, "' expected: '('"));
    Lexeme first = peek();
    std::vector<std::string> out;
    if (first.token == Token::Close) {
      take();
      out.emplace_back();
      return out;
    }
    if (first.token != Token::Identifier && first.token != Token::Comma) {
      return error(cat("found '", first.text, "', expected: ',', ')' or identifier"));
    }
    TRY(identifiers(out));
    Lexeme close = take();
    if (close.token != Token::Close) return error(cat("found '", close.text, "', expected: ')'"));
    return out;
  }

  // Values up to ")", which stays. An empty place between commas is the empty value.
  Result<> identifiers(std::vector<std::string>& out) {
    while (true) {
      Lexeme one = take();
      Lexeme next = peek();
      if (one.token == Token::Identifier) {
        out.emplace_back(one.text);
        if (next.token == Token::Close) return {};
        if (next.token != Token::Comma) {
          return error(cat("found '", next.text, "', expected: ',' or ')'"));
        }
      } else if (one.token == Token::Comma) {
        if (out.empty()) out.emplace_back();
        if (next.token == Token::Close) {
          out.emplace_back();
          return {};
        }
        if (next.token == Token::Comma) {
          take();
          out.emplace_back();
        }
      } else {
        return error(cat("found '", one.text, "', expected: ',', or identifier"));
      }
    }
  }

  Result<std::vector<std::string>> exact_value() {
    Lexeme next = peek();
    if (next.token == Token::End || next.token == Token::Comma) {
      return std::vector<std::string>{""};
    }
    take();
    if (next.token != Token::Identifier) {
      return error(cat("found '", next.text, "', expected: identifier"));
    }
    return std::vector<std::string>{std::string(next.text)};
  }

  std::vector<Lexeme> lexemes_;
  size_t at_ = 0;
};

}  // namespace

Result<LabelSelector> LabelSelector::parse(std::string_view text) {
  LabelSelector out;
  out.requirements_ = TRY(Parser(text).run());
  sort_requirements(out.requirements_);
  return out;
}

}  // namespace fleet::kube
