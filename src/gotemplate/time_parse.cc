#include "base/strings.h"
#include "gotemplate/time.h"

namespace fleet::gotemplate {
namespace {

bool is_digit_at(std::string_view text, size_t at) {
  return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

// As package time quotes: bytes outside of printable ASCII in hexadecimal.
std::string time_quote(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "\"";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < ' ' || byte >= 0x80) {
      out += "\\x";
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

// Reads a text by a layout. Each `take_` function moves `text_` and says whether it succeeded;
// `range_` names a part whose number is out of range.
class Reader {
 public:
  Reader(Heap& heap, std::string_view layout, std::string_view text)
      : heap_(heap),
        whole_layout_(layout),
        whole_(text),
        layout_(layout),
        text_(text) {}

  Result<TimeNode> read() {
    for (;;) {
      LayoutPiece piece = next_piece(layout_);
      if (!skip(piece.text)) return mismatch(piece.text, text_);
      if (piece.element == Element::End) {
        if (!text_.empty()) return wrong(cat(": extra text: ", time_quote(text_)));
        return finish();
      }
      layout_ = piece.rest;
      std::string_view before = text_;
      bool good = take(piece);
      if (!range_.empty()) return wrong(cat(": ", range_, " out of range"));
      if (!good) return mismatch(piece.written, before);
    }
  }

 private:
  Error wrong(std::string_view message) const {
    return Error(Code::Invalid, cat("parsing time ", time_quote(whole_), message));
  }
  Error mismatch(std::string_view element, std::string_view at) const {
    return Error(Code::Invalid,
                 cat("parsing time ",
                     time_quote(whole_),
                     " as ",
                     time_quote(whole_layout_),
                     ": cannot parse ",
                     time_quote(at),
                     " as ",
                     time_quote(element)));
  }

  // Plain text of the layout; a run of spaces matches any run of spaces, or the end.
  bool skip(std::string_view plain) {
    while (!plain.empty()) {
      if (plain[0] == ' ') {
        if (!text_.empty() && text_[0] != ' ') return false;
        plain = trim_left(plain, " ");
        text_ = trim_left(text_, " ");
        continue;
      }
      if (text_.empty() || text_[0] != plain[0]) return false;
      plain.remove_prefix(1);
      text_.remove_prefix(1);
    }
    return true;
  }

  bool take_number(int& number, bool two_digits) {
    if (!is_digit_at(text_, 0)) return false;
    if (!is_digit_at(text_, 1)) {
      if (two_digits) return false;
      number = text_[0] - '0';
      text_.remove_prefix(1);
      return true;
    }
    number = (text_[0] - '0') * 10 + (text_[1] - '0');
    text_.remove_prefix(2);
    return true;
  }

  bool take_digits(int& number, size_t count) {
    number = 0;
    for (size_t i = 0; i < count; ++i) {
      if (!is_digit_at(text_, i)) return false;
      number = number * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(count);
    return true;
  }

  bool take_name(std::span<const std::string_view> names, bool full, int& number) {
    for (size_t i = 0; i < names.size(); ++i) {
      std::string_view name = full ? names[i] : names[i].substr(0, 3);
      if (!equal_fold(text_.substr(0, name.size()), name)) continue;
      number = static_cast<int>(i) + 1;
      text_.remove_prefix(name.size());
      return true;
    }
    return false;
  }

  bool take_year_day(bool fixed) {
    for (int i = 0; i < 2 && !fixed && text_.starts_with(' '); ++i)
      text_.remove_prefix(1);
    size_t digits = 0;
    int number = 0;
    for (; digits < 3 && is_digit_at(text_, digits); ++digits) {
      number = number * 10 + (text_[digits] - '0');
    }
    if (digits == 0 || (fixed && digits != 3)) return false;
    text_.remove_prefix(digits);
    year_day_ = number;
    return true;
  }

  // "." or "," and digits; more than nine are cut.
  bool take_fraction(size_t size) {
    if (size < 2 || size > text_.size() || (text_[0] != '.' && text_[0] != ',')) return false;
    int64_t number = 0;
    for (size_t i = 1; i < 10; ++i) {
      number *= 10;
      if (i >= size) continue;
      if (!is_digit_at(text_, i)) return false;
      number += text_[i] - '0';
    }
    nanoseconds_ = static_cast<int>(number);
    text_.remove_prefix(size);
    return true;
  }

  size_t fraction_in_text() const {
    if (text_.size() < 2 || (text_[0] != '.' && text_[0] != ',') || !is_digit_at(text_, 1))
      return 0;
    size_t size = 2;
    while (is_digit_at(text_, size))
      ++size;
    return size;
  }

  bool take_second(bool fixed) {
    if (!take_number(second_, fixed)) return false;
    if (second_ >= 60) {
      range_ = "second";
      return true;
    }
    // A fraction may stand in the text without standing in the layout.
    Element following = next_piece(layout_).element;
    if (following == Element::Fraction0 || following == Element::Fraction9) return true;
    size_t size = fraction_in_text();
    return size == 0 || take_fraction(size);
  }

  bool take_hour(bool fixed, int limit) {
    if (!take_number(hour_, fixed)) return false;
    if (hour_ > limit) range_ = "hour";
    return true;
  }

  bool take_half(std::string_view am, std::string_view pm) {
    if (text_.size() < 2) return false;
    std::string_view word = text_.substr(0, 2);
    text_.remove_prefix(2);
    is_pm_ = word == pm;
    is_am_ = word == am;
    return is_pm_ || is_am_;
  }

  bool take_offset(Element element) {
    bool iso = element >= Element::IsoZone && element <= Element::IsoColonSeconds;
    if (iso && text_.starts_with('Z')) {
      text_.remove_prefix(1);
      utc_ = true;
      return true;
    }
    bool colon = element == Element::IsoColon || element == Element::NumColon ||
                 element == Element::IsoColonSeconds || element == Element::NumColonSeconds;
    bool seconds = element == Element::IsoSeconds || element == Element::NumSeconds ||
                   element == Element::IsoColonSeconds || element == Element::NumColonSeconds;
    bool brief = element == Element::IsoShort || element == Element::NumShort;
    if (text_.empty()) return false;
    char sign = text_[0];
    text_.remove_prefix(1);
    int parts[3] = {0, 0, 0};
    int count = brief ? 1 : seconds ? 3 : 2;
    for (int i = 0; i < count; ++i) {
      if (i > 0 && colon) {
        if (!text_.starts_with(':')) return false;
        text_.remove_prefix(1);
      }
      if (!take_digits(parts[i], 2)) return false;
    }
    if (parts[0] > 24) range_ = "time zone offset hour";
    if (parts[1] > 60) range_ = "time zone offset minute";
    if (parts[2] > 60) range_ = "time zone offset second";
    offset_ = (parts[0] * 60 + parts[1]) * 60 + parts[2];
    if (sign == '-') offset_ = -offset_;
    has_offset_ = true;
    return sign == '+' || sign == '-';
  }

  // "+3" or "-11" behind GMT, or alone.
  static size_t signed_offset(std::string_view text) {
    if (text.empty() || (text[0] != '+' && text[0] != '-')) return 0;
    size_t size = 1;
    int hours = 0;
    for (; is_digit_at(text, size) && hours < 1000; ++size)
      hours = hours * 10 + (text[size] - '0');
    return size == 1 || hours > 23 ? 0 : size;
  }

  size_t zone_name_size() const {
    if (text_.size() < 3) return 0;
    if (text_.starts_with("ChST") || text_.starts_with("MeST")) return 4;
    if (text_.starts_with("GMT")) return 3 + signed_offset(text_.substr(3));
    if (text_[0] == '+' || text_[0] == '-') return signed_offset(text_);
    size_t upper = 0;
    while (upper < 6 && upper < text_.size() && text_[upper] >= 'A' && text_[upper] <= 'Z')
      ++upper;
    if (upper == 5 && text_[4] == 'T') return 5;
    if (upper == 4 && (text_[3] == 'T' || text_.starts_with("WITA"))) return 4;
    return upper == 3 ? 3 : 0;
  }

  bool take_zone_name() {
    if (text_.starts_with("UTC")) {
      text_.remove_prefix(3);
      utc_ = true;
      return true;
    }
    size_t size = zone_name_size();
    if (size == 0) return false;
    zone_ = text_.substr(0, size);
    text_.remove_prefix(size);
    return true;
  }

  bool take(const LayoutPiece& piece) {
    int ignored = 0;
    switch (piece.element) {
      case Element::Year:
        if (!take_digits(year_, 2)) return false;
        year_ += year_ >= 69 ? 1900 : 2000;
        return true;
      case Element::LongYear:
        return take_digits(year_, 4);
      case Element::Month:
      case Element::LongMonth:
        return take_name(kMonthNames, piece.element == Element::LongMonth, month_);
      case Element::NumMonth:
      case Element::ZeroMonth:
        if (!take_number(month_, piece.element == Element::ZeroMonth)) return false;
        if (month_ < 1 || month_ > 12) range_ = "month";
        return true;
      case Element::Weekday:
      case Element::LongWeekday:
        return take_name(kWeekdayNames, piece.element == Element::LongWeekday, ignored);
      case Element::UnderDay:
        if (text_.starts_with(' ')) text_.remove_prefix(1);
        return take_number(day_, false);
      case Element::Day:
      case Element::ZeroDay:
        return take_number(day_, piece.element == Element::ZeroDay);
      case Element::UnderYearDay:
      case Element::ZeroYearDay:
        return take_year_day(piece.element == Element::ZeroYearDay);
      case Element::Hour:
        return take_hour(false, 23);
      case Element::Hour12:
      case Element::ZeroHour12:
        return take_hour(piece.element == Element::ZeroHour12, 12);
      case Element::Minute:
      case Element::ZeroMinute:
        if (!take_number(minute_, piece.element == Element::ZeroMinute)) return false;
        if (minute_ >= 60) range_ = "minute";
        return true;
      case Element::Second:
      case Element::ZeroSecond:
        return take_second(piece.element == Element::ZeroSecond);
      case Element::UpperPm:
        return take_half("AM", "PM");
      case Element::LowerPm:
        return take_half("am", "pm");
      case Element::ZoneName:
        return take_zone_name();
      case Element::Fraction0:
        return take_fraction(piece.written.size());
      case Element::Fraction9: {
        size_t size = fraction_in_text();
        return size == 0 || take_fraction(size);
      }
      default:
        return take_offset(piece.element);
    }
  }

  // Turns the day of the year into month and day. A message, or "".
  std::string_view use_year_day() {
    if (year_day_ < 0) return {};
    bool leap = days_in(2, year_) == 29;
    if (year_day_ < 1 || year_day_ > (leap ? 366 : 365)) return ": day-of-year out of range";
    int day = year_day_;
    int month = 1;
    for (; day > days_in(month, year_); ++month)
      day -= days_in(month, year_);
    if (month_ >= 0 && month_ != month) return ": day-of-year does not match month";
    if (day_ >= 0 && day_ != day) return ": day-of-year does not match day";
    month_ = month;
    day_ = day;
    return {};
  }

  Result<TimeNode> finish() {
    if (is_pm_ && hour_ < 12) hour_ += 12;
    if (is_am_ && hour_ == 12) hour_ = 0;
    std::string_view problem = use_year_day();
    if (!problem.empty()) return wrong(problem);
    if (month_ < 0) month_ = 1;
    if (day_ < 0) day_ = 1;
    if (day_ < 1 || day_ > days_in(month_, year_)) return wrong(": day out of range");
    TimeNode time;
    time.seconds = seconds_of(year_, month_, day_, (hour_ * 60 + minute_) * 60 + second_);
    time.nanoseconds = nanoseconds_;
    if (utc_) return time;
    if (has_offset_) {
      time.seconds -= offset_;
      if (offset_ == 0 && (zone_.empty() || zone_ == "UTC")) return time;
      time.offset = offset_;
      time.zone = heap_.copy(zone_);
    } else if (!zone_.empty()) {
      int hours = 0;
      if (zone_.size() > 3 && zone_.starts_with("GMT")) {
        hours = static_cast<int>(parse_int(trim_prefix(zone_.substr(3), "+")).value_or(0));
      }
      time.offset = hours * 3'600;
      time.zone = heap_.copy(zone_);
    }
    return time;
  }

  Heap& heap_;
  std::string_view whole_layout_;
  std::string_view whole_;
  std::string_view layout_;
  std::string_view text_;
  std::string_view range_;
  std::string_view zone_;
  int year_ = 0;
  int month_ = -1;
  int day_ = -1;
  int year_day_ = -1;
  int hour_ = 0;
  int minute_ = 0;
  int second_ = 0;
  int nanoseconds_ = 0;
  int offset_ = 0;
  bool has_offset_ = false;
  bool utc_ = false;
  bool is_am_ = false;
  bool is_pm_ = false;
};

}  // namespace

Result<TimeNode> parse_time(Heap& heap, std::string_view layout, std::string_view text) {
  return Reader(heap, layout, text).read();
}

}  // namespace fleet::gotemplate
