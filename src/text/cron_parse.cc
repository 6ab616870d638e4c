#include <algorithm>
#include <span>
#include <string>

#include "base/strings.h"
#include "text/cron.h"

namespace fleet::text {
namespace {

using Numbers = std::vector<int64_t>;

constexpr std::string_view kMonths[] = {
    "0", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::string_view kWeekdays[] = {"0", "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};

struct Named {
  std::string_view name;
  std::string_view expression;
};
constexpr Named kNamed[] = {{"@yearly", "0 0 0 1 1 *"},
                            {"@monthly", "0 0 0 1 * *"},
                            {"@weekly", "0 0 0 * * 1"},
                            {"@daily", "0 0 0 * * *"},
                            {"@hourly", "0 0 * * * *"}};

// What may stand in a place.
struct Range {
  int64_t least;
  int64_t most;
  std::span<const std::string_view> words = {};

  bool has(int64_t number) const { return number >= least && number <= most; }
};
constexpr Range kSixty{0, 59};
constexpr Range kHours{0, 23};
constexpr Range kDays{1, 31};
const Range kMonthRange{1, 12, kMonths};
const Range kWeekdayRange{1, 7, kWeekdays};
constexpr Range kYears{1970, 3940};

Error refuse(std::string_view why) {
  return Error(Code::Invalid, cat("parse cron expression: ", why));
}
Error refuse_field(std::string_view kind, std::string_view field) {
  return refuse(cat("invalid ", kind, " field ", field));
}

bool is_free(std::string_view field) {
  return field == "*" || field == "?";
}

// As Go reads a number: a sign may stand before it.
std::optional<int64_t> read_number(std::string_view text) {
  std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
  if (digits.starts_with('-') && digits.size() != text.size()) return std::nullopt;
  return parse_int(digits);
}

// Letters as Go makes them large: two beyond ASCII become ASCII letters.
std::string upper(std::string_view word) {
  return to_upper(replace_all(replace_all(word, "\xC5\xBF", "S"), "\xC4\xB1", "I"));
}

Result<int64_t> read_word(std::string_view text, const Range& range) {
  if (auto number = read_number(text)) {
    return std::clamp(*number, -kMaxCronNumber, kMaxCronNumber);
  }
  auto at = std::ranges::find(range.words, upper(text));
  if (at == range.words.end()) return refuse(cat("unknown literal ", text));
  return at - range.words.begin();
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool all_letters_or_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

struct Ends {
  int64_t from;
  int64_t to;
};

// "1-5"; `kind` and `whole` are for the message.
Result<Ends> read_ends(std::string_view text,
                       const Range& range,
                       std::string_view kind,
                       std::string_view whole) {
  auto parts = split(text, '-');
  if (parts.size() != 2) return refuse_field(kind, whole);
  const int64_t from = TRY(read_word(parts[0], range));
  const int64_t to = TRY(read_word(parts[1], range));
  return Ends{from, to};
}

Result<Numbers> fill(Ends ends, int64_t step, std::string_view kind) {
  if (ends.to < ends.from) return refuse(cat("fill ", kind, " values"));
  Numbers numbers;
  for (int64_t n = ends.from; n <= ends.to; n += step)
    numbers.push_back(n);
  return numbers;
}

Result<Numbers> read_range(std::string_view text, const Range& range) {
  const Ends ends = TRY(read_ends(text, range, "range", text));
  if (!range.has(ends.from) || !range.has(ends.to)) return refuse_field("range", text);
  return fill(ends, 1, "range");
}

Result<Numbers> read_step(std::string_view text, const Range& range) {
  auto parts = split(text, '/');
  if (parts.size() != 2) return refuse_field("step", text);
  Ends ends{range.least, range.most};
  if (contains(parts[0], "-")) {
    ends = TRY(read_ends(parts[0], range, "step", text));
  } else if (parts[0] != "*") {
    ends.from = TRY(read_word(parts[0], range));
  }
  auto step = read_number(parts[1]);
  const bool fits = step && *step >= 1 && *step <= range.most;
  if (!fits || !range.has(ends.from) || !range.has(ends.to)) return refuse_field("step", text);
  return fill(ends, *step, "step");
}

// Words first, then steps, then ranges: that decides which mistake is named.
Result<Numbers> read_list(std::string_view text, const Range& range) {
  Numbers all;
  auto parts = split(text, ',');
  auto add = [&all](const Numbers& more) { all.insert(all.end(), more.begin(), more.end()); };
  for (std::string_view part : parts) {
    if (!contains(part, "/") && !contains(part, "-")) all.push_back(TRY(read_word(part, range)));
  }
  for (std::string_view part : parts) {
    if (contains(part, "/")) add(TRY(read_step(part, range)));
  }
  for (std::string_view part : parts) {
    if (!contains(part, "/") && contains(part, "-")) add(TRY(read_range(part, range)));
  }
  std::ranges::sort(all);
  return all;
}

Result<Numbers> read_place(std::string_view text, const Range& range) {
  if (is_free(text)) return Numbers{};
  if (contains(text, ",")) return read_list(text, range);
  if (contains(text, "/")) return read_step(text, range);
  if (contains(text, "-")) return read_range(text, range);
  const int64_t number = TRY(read_word(text, range));
  if (!range.has(number)) return refuse_field("numeric", text);
  return Numbers{number};
}

}  // namespace

class CronReader {
 public:
  using Days = Cron::Days;
  using Pick = Cron::Pick;

  static Result<Cron> read(std::string_view expression) {
    for (const Named& named : kNamed) {
      if (expression == named.name) expression = named.expression;
    }
    auto places = split(expression, ' ');
    if (places.size() < 6 || places.size() > 7) return refuse("invalid expression length");
    if (!is_free(places[3]) && !is_free(places[5])) return refuse("day field set twice");
    Cron cron;
    cron.seconds_ = TRY(read_place(places[0], kSixty));
    cron.minutes_ = TRY(read_place(places[1], kSixty));
    cron.hours_ = TRY(read_place(places[2], kHours));
    cron.days_ = TRY(read_days(places[3]));
    cron.months_ = TRY(read_place(places[4], kMonthRange));
    cron.weekdays_ = TRY(read_weekdays(places[5]));
    for (int64_t& day : cron.weekdays_.numbers)
      --day;
    cron.years_ = TRY(read_place(places.size() == 7 ? places[6] : "*", kYears));
    return cron;
  }

 private:
  static Result<Days> read_days(std::string_view text) {
    if (text == "L") return Days{{}, Pick::FromLast, 0};
    if (text.starts_with("L-") && all_digits(text.substr(2))) {
      auto before = parse_int(text.substr(2));
      if (!before || !kDays.has(*before)) return refuse_field("last", text);
      return Days{{}, Pick::FromLast, *before};
    }
    if (text == "LW") return Days{{}, Pick::LastWorkday, 0};
    if (text.ends_with('W') && all_digits(text.substr(0, text.size() - 1))) {
      auto day = parse_int(text.substr(0, text.size() - 1));
      if (!day || !kDays.has(*day)) return refuse_field("weekday", text);
      return Days{{*day}, Pick::Workday, 0};
    }
    return Days{TRY(read_place(text, kDays)), Pick::Listed, 0};
  }

  static Result<Days> read_weekdays(std::string_view text) {
    auto weekday = [](std::string_view word) -> std::optional<int64_t> {
      auto day = read_word(word, kWeekdayRange);
      if (!day.ok() || !kWeekdayRange.has(*day)) return std::nullopt;
      return *day;
    };
    if (text == "L") return Days{{kWeekdayRange.most}, Pick::LastOfKind, 0};
    if (text.ends_with('L') && all_letters_or_digits(text)) {
      auto day = weekday(text.substr(0, text.size() - 1));
      if (!day) return refuse_field("last", text);
      return Days{{*day}, Pick::LastOfKind, 0};
    }
    auto parts = cut(text, "#");
    if (parts && !parts->before.empty() && all_letters_or_digits(parts->before) &&
        all_digits(parts->after)) {
      auto day = weekday(parts->before);
      auto nth = parse_int(parts->after);
      if (!day || !nth || *nth < 1 || *nth > 5) return refuse_field("hash", text);
      return Days{{*day}, Pick::Nth, *nth};
    }
    return Days{TRY(read_place(text, kWeekdayRange)), Pick::Listed, 0};
  }
};

Result<Cron> Cron::parse(std::string_view expression) {
  std::string spaced;
  for (char c : expression) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
    if (!blank) {
      spaced += c;
    } else if (!spaced.ends_with(' ')) {
      spaced += ' ';
    }
  }
  return CronReader::read(trim(spaced));
}

}  // namespace fleet::text
