#include "base/strings.h"
#include "gotemplate/sprig.h"
#include "gotemplate/unicode.h"

namespace fleet::gotemplate {
namespace {

Result<Value> upper(Execution& run, Args a) {
  return kept(run, map_runes(text_of(a[0]), &upper_of));
}
Result<Value> lower(Execution& run, Args a) {
  return kept(run, map_runes(text_of(a[0]), &lower_of));
}

bool separates_words(char32_t rune) {
  if (rune < 0x80) return !is_letter(rune) && !is_digit(rune) && rune != '_';
  return !is_letter(rune) && !is_digit(rune) && is_unicode_space(rune);
}

// Walks runes with a state; `step` gives what is written.
template <typename Step>
std::string walk(std::string_view text, Step step) {
  std::string out;
  while (!text.empty()) {
    Rune rune = decode_rune(text);
    append_rune(out, step(rune.value));
    text.remove_prefix(rune.size);
  }
  return out;
}

Result<Value> title(Execution& run, Args a) {
  char32_t previous = ' ';
  return kept(run, walk(text_of(a[0]), [&](char32_t rune) {
                char32_t written = separates_words(previous) ? title_of(rune) : rune;
                previous = rune;
                return written;
              }));
}

Result<Value> untitle(Execution& run, Args a) {
  bool next = true;
  return kept(run, walk(text_of(a[0]), [&](char32_t rune) {
                if (is_unicode_space(rune)) {
                  next = true;
                } else if (next) {
                  next = false;
                  return lower_of(rune);
                }
                return rune;
              }));
}

Result<Value> swapcase(Execution& run, Args a) {
  bool at_word = true;
  return kept(run, walk(text_of(a[0]), [&](char32_t rune) {
                if (is_upper(rune) || is_title(rune)) {
                  at_word = false;
                  return lower_of(rune);
                }
                if (is_lower(rune)) {
                  char32_t written = at_word ? title_of(rune) : upper_of(rune);
                  at_word = false;
                  return written;
                }
                at_word = is_unicode_space(rune);
                return rune;
              }));
}

// Bytes taken for runes, as in goutils: other letters come out as Latin-1.
Result<Value> initials(Execution& run, Args a) {
  std::string out;
  bool gap = true;
  for (char c : text_of(a[0])) {
    auto rune = static_cast<char32_t>(static_cast<unsigned char>(c));
    if (is_unicode_space(rune)) {
      gap = true;
    } else if (gap) {
      append_rune(out, rune);
      gap = false;
    }
  }
  return kept(run, out);
}

Result<Value> nospace(Execution& run, Args a) {
  std::string out;
  size_t count = 0;
  for (char c : text_of(a[0])) {
    auto rune = static_cast<char32_t>(static_cast<unsigned char>(c));
    if (is_unicode_space(rune)) continue;
    append_rune(out, rune);
    ++count;
  }
  return count == text_of(a[0]).size() ? a[0] : kept(run, out);
}

bool is_connector(char32_t rune) {
  return rune == '-' || rune == '_' || is_unicode_space(rune);
}

// xstrings.ToPascalCase: connectors at the start stay, others make the next rune upper case.
std::string pascal_case(std::string_view text) {
  std::string out;
  char32_t rune = 0;
  bool upper_run = false;
  size_t size = 0;
  while (!text.empty()) {
    Rune next = decode_rune(text);
    rune = next.value;
    size = next.size;
    text.remove_prefix(next.size);
    if (!is_connector(rune)) {
      upper_run = is_upper(rune);
      rune = upper_of(rune);
      break;
    }
    append_rune(out, rune);
  }
  if (text.empty()) {
    if (size != 0) append_rune(out, rune);
    return out;
  }
  while (!text.empty()) {
    char32_t previous = rune;
    Rune next = decode_rune(text);
    rune = next.value;
    text.remove_prefix(next.size);
    if (is_connector(rune) && is_connector(previous)) {
      append_rune(out, previous);
      continue;
    }
    if (is_connector(previous)) {
      upper_run = is_upper(rune);
      rune = upper_of(rune);
      continue;
    }
    if (upper_run && is_upper(rune)) {
      rune = lower_of(rune);
    } else {
      upper_run = false;
    }
    append_rune(out, previous);
  }
  append_rune(out, rune);
  return out;
}

Result<Value> camelcase(Execution& run, Args a) {
  return kept(run, pascal_case(text_of(a[0])));
}

// xstrings' words, and how they are joined for snake and kebab case.
enum class Word { Invalid, Number, Upper, Alphabet, Connector, Punctuation, Other };

bool is_alphabet(char32_t rune) {
  if (!is_letter(rune)) return false;
  return !((rune >= 0x4E00 && rune <= 0x9FCC) || (rune >= 0x3400 && rune <= 0x4D85) ||
           (rune >= 0x20000 && rune <= 0x2B81D));
}

class CaseSplitter {
 public:
  CaseSplitter(std::string_view text, char connector)
      : rest_(text),
        connector_(connector) {}

  std::string join() {
    if (rest_.empty()) return {};
    next();
    while (!rest_.empty()) {
      if (kind_ != Word::Connector) write(kind_, word_);
      Word previous = kind_;
      std::string_view last = word_;
      next();
      switch (previous) {
        case Word::Number:
          write_words();
          connect();
          break;
        case Word::Connector:
          write(previous, last);
          break;
        case Word::Punctuation:
          break;
        default:
          behind_letters();
      }
    }
    write(kind_, word_);
    return out_;
  }

 private:
  bool words() const { return kind_ == Word::Alphabet || kind_ == Word::Number; }

  void write_words() {
    while (words()) {
      write(kind_, word_);
      next();
    }
  }

  void connect() {
    if (kind_ != Word::Invalid && kind_ != Word::Punctuation && kind_ != Word::Connector) {
      out_ += connector_;
    }
  }

  // A number belongs to the letters before it, unless small letters follow it: bld4_floor,
  // http_2xx.
  void behind_letters() {
    if (kind_ != Word::Number) {
      if (kind_ != Word::Connector && kind_ != Word::Punctuation) out_ += connector_;
      return;
    }
    if (rest_.empty()) return;
    std::string_view number = word_;
    next();
    if (kind_ != Word::Alphabet) {
      write(Word::Number, number);
      if (kind_ != Word::Connector && kind_ != Word::Punctuation) out_ += connector_;
      return;
    }
    out_ += connector_;
    write(Word::Number, number);
    write_words();
    connect();
  }

  void write(Word kind, std::string_view word) {
    if (kind != Word::Upper && kind != Word::Connector) {
      out_ += word;
      return;
    }
    while (!word.empty()) {
      Rune rune = decode_rune(word);
      word.remove_prefix(rune.size);
      if (is_connector(rune.value)) {
        out_ += connector_;
      } else {
        append_rune(out_, is_upper(rune.value) ? lower_of(rune.value) : rune.value);
      }
    }
  }

  // The next valid rune of `text`; bad bytes before it count to its size.
  static Rune valid_rune(std::string_view text, char32_t otherwise) {
    Rune out{otherwise, 0, false};
    while (!text.empty()) {
      Rune rune = decode_rune(text);
      out.size += rune.size;
      if (rune.value != 0xFFFD) return Rune{rune.value, out.size, true};
      text.remove_prefix(rune.size);
    }
    return out;
  }

  template <typename Belongs>
  void take_while(size_t& size, char32_t last, Belongs belongs) {
    while (size < rest_.size()) {
      Rune rune = valid_rune(rest_.substr(size), last);
      if (!belongs(rune.value)) break;
      last = rune.value;
      size += rune.size;
    }
  }

  static bool small(char32_t rune) { return is_alphabet(rune) && !is_upper(rune); }

  // "HTTPStatus" is HTTP and Status: the last capital goes with the small letters.
  void take_upper(size_t& size, char32_t first) {
    if (size >= rest_.size()) return;
    Rune second = valid_rune(rest_.substr(size), first);
    if (!is_upper(second.value)) {
      if (!is_alphabet(second.value)) return;
      size += second.size;
      take_while(size, second.value, small);
      return;
    }
    size_t previous = second.size;
    size += second.size;
    char32_t last = second.value;
    while (size < rest_.size()) {
      Rune rune = valid_rune(rest_.substr(size), last);
      last = rune.value;
      if (!is_upper(rune.value)) break;
      previous = rune.size;
      size += rune.size;
    }
    if (size < rest_.size() && is_alphabet(last)) size -= previous;
  }

  void next() {
    if (rest_.empty()) {
      kind_ = Word::Invalid;
      word_ = {};
      return;
    }
    Rune first = valid_rune(rest_, 0xFFFD);
    size_t size = first.size;
    char32_t rune = first.value;
    if (rune == 0xFFFD) {
      kind_ = Word::Invalid;
    } else if (is_connector(rune)) {
      kind_ = Word::Connector;
      take_while(size, rune, is_connector);
    } else if (is_punctuation(rune)) {
      kind_ = Word::Punctuation;
      take_while(size, rune, is_punctuation);
    } else if (is_upper(rune)) {
      kind_ = Word::Upper;
      take_upper(size, rune);
    } else if (is_alphabet(rune)) {
      kind_ = Word::Alphabet;
      take_while(size, rune, small);
    } else if (is_number(rune)) {
      kind_ = Word::Number;
      take_while(size, rune, is_number);
    } else {
      kind_ = Word::Other;
      take_while(size, rune, [](char32_t r) {
        return !is_connector(r) && !is_alphabet(r) && !is_number(r) && !is_punctuation(r);
      });
    }
    word_ = rest_.substr(0, size);
    rest_.remove_prefix(size);
  }

  std::string_view rest_;
  char connector_;
  Word kind_ = Word::Invalid;
  std::string_view word_;
  std::string out_;
};

Result<Value> snakecase(Execution& run, Args a) {
  return kept(run, CaseSplitter(text_of(a[0]), '_').join());
}
Result<Value> kebabcase(Execution& run, Args a) {
  return kept(run, CaseSplitter(text_of(a[0]), '-').join());
}

constexpr Function kFunctions[] = {
    {"upper", "s", &upper},
    {"lower", "s", &lower},
    {"title", "s", &title},
    {"untitle", "s", &untitle},
    {"swapcase", "s", &swapcase},
    {"initials", "s", &initials},
    {"nospace", "s", &nospace},
    {"camelcase", "s", &camelcase},
    {"snakecase", "s", &snakecase},
    {"kebabcase", "s", &kebabcase},
};

}  // namespace

std::span<const Function> sprig_case_functions() {
  return kFunctions;
}

}  // namespace fleet::gotemplate
