#include "base/strings.h"
#include "text/glob_node.h"

namespace fleet::text {
namespace {

using Kind = GlobSyntax::Kind;

Error invalid(std::string message) {
  return Error(Code::Invalid, std::move(message));
}

class Parser {
 public:
  explicit Parser(std::string_view pattern)
      : pattern_(pattern) {}

  Result<GlobSyntax> run() {
    GlobSyntax root;
    root.kind = Kind::Sequence;
    TRY(sequence(root, 0));
    return root;
  }

 private:
  // Reads up to the end, or to the `,` or `}` that ends an alternative.
  Result<> sequence(GlobSyntax& out, size_t depth) {
    while (true) {
      char32_t c = TRY(peek());
      if (c == 0) return {};
      if (depth > 0 && (c == ',' || c == '}')) return {};
      if (++parts_ > kMaxGlobParts) return invalid("pattern has too many parts");
      GlobSyntax part;
      switch (c) {
        case '{':
          if (depth >= kMaxGlobDepth) return invalid("pattern nests too deeply");
          TRY(choice(part, depth + 1));
          break;
        case '[':
          TRY(range(part));
          break;
        case '?':
          ++at_;
          part.kind = Kind::Single;
          break;
        case '*':
          ++at_;
          part.kind = Kind::Any;
          if (TRY(peek()) == '*') {
            ++at_;
            part.kind = Kind::Super;
          }
          break;
        default:
          part.kind = Kind::Text;
          part.text = TRY(text(depth > 0 ? U"?*[{}," : U"?*[{"));
          if (part.text.empty()) continue;  // a lone `\` at the end
          break;
      }
      out.children.push_back(std::move(part));
    }
  }

  Result<> choice(GlobSyntax& out, size_t depth) {
    out.kind = Kind::Choice;
    ++at_;
    while (true) {
      GlobSyntax alternative;
      alternative.kind = Kind::Sequence;
      TRY(sequence(alternative, depth));
      out.children.push_back(std::move(alternative));
      char32_t c = TRY(peek());
      if (c == 0) return {};  // as the original: an open brace closes itself
      ++at_;
      if (c == '}') return {};
      if (++parts_ > kMaxGlobParts) return invalid("pattern has too many parts");
    }
  }

  Result<> range(GlobSyntax& out) {
    ++at_;
    char32_t first = TRY(need());
    if (first == '!') {
      out.negated = true;
      take(first);
      first = TRY(need());
    }
    size_t start = at_;
    take(first);
    if (TRY(peek()) == '-') {
      take('-');
      char32_t last = TRY(need());
      take(last);
      TRY(close());
      if (last < first) {
        return invalid(cat(
            "hi character '", in_utf8(last), "' should be greater than lo '", in_utf8(first), "'"));
      }
      out.kind = Kind::Range;
      out.list = {first, last};
      return {};
    }
    at_ = start;
    std::string characters = TRY(text(U"]"));
    TRY(close());
    if (characters.empty()) return invalid("could not parse range");
    out.kind = Kind::List;
    for (std::string_view rest = characters; !rest.empty();) {
      Rune rune = decode_rune(rest);
      out.list.push_back(rune.value);
      rest.remove_prefix(rune.size);
    }
    return {};
  }

  Result<> close() {
    char32_t c = TRY(need());
    if (c != ']') return invalid("expected close range character");
    take(c);
    return {};
  }

  // Characters up to one of `breakers`; `\` takes the next one as it is.
  Result<std::string> text(std::u32string_view breakers) {
    std::string out;
    bool escaped = false;
    while (true) {
      char32_t c = TRY(peek());
      if (c == 0) return out;
      if (!escaped && c == '\\') {
        escaped = true;
        take(c);
        continue;
      }
      if (!escaped && breakers.find(c) != std::u32string_view::npos) return out;
      escaped = false;
      append_rune(out, c);
      take(c);
    }
  }

  // The next rune, 0 at the end (or at a NUL, which ends a pattern).
  Result<char32_t> peek() const {
    if (at_ >= pattern_.size()) return char32_t{0};
    Rune rune = decode_rune(pattern_.substr(at_));
    if (rune.value == 0xFFFD) return invalid("could not read rune");
    return rune.value;
  }

  Result<char32_t> need() const {
    char32_t c = TRY(peek());
    if (c == 0) return invalid("unexpected end of input");
    return c;
  }

  void take(char32_t) { at_ += decode_rune(pattern_.substr(at_)).size; }

  static std::string in_utf8(char32_t rune) {
    std::string out;
    append_rune(out, rune);
    return out;
  }

  std::string_view pattern_;
  size_t at_ = 0;
  size_t parts_ = 0;
};

}  // namespace

Result<GlobSyntax> parse_glob(std::string_view pattern) {
  if (pattern.size() > kMaxGlobBytes) return invalid("pattern is too long");
  return Parser(pattern).run();
}

Result<Glob> Glob::compile(std::string_view pattern, std::u32string_view separators) {
  GlobSyntax syntax = TRY(parse_glob(pattern));
  Glob out;
  out.root_ = compile_glob(syntax, separators);
  return out;
}

bool Glob::matches(std::string_view name) const {
  return match_glob(*root_, name);
}

}  // namespace fleet::text
