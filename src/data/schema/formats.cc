// What `format` asks of a text, with the reasons in the words of the original.
#include <charconv>
#include <cstdlib>

#include "base/strings.h"
#include "base/time.h"
#include "data/schema/node.h"
#include "text/regex.h"
#include "text/url.h"

namespace fleet::schema {
namespace {

using Reason = std::optional<std::string>;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string quote_rune(std::string_view text) {
  size_t size = decode_rune(text).size;
  std::string quoted = quote(text.substr(0, size));
  std::string inner = quoted.substr(1, quoted.size() - 2);
  if (text[0] == '"') inner = "\"";
  if (text[0] == '\'') inner = "\\'";
  return cat("'", inner, "'");
}

// `invalid character 'x'` for the first rune that `good` refuses.
template <typename Good>
Reason odd_character(std::string_view text, Good good, std::string_view where = {}) {
  for (size_t i = 0; i < text.size(); i += decode_rune(text.substr(i)).size) {
    if (!good(text[i])) return cat("invalid character ", quote_rune(text.substr(i)), where);
  }
  return {};
}

size_t leading_digits(std::string_view text) {
  size_t count = 0;
  while (count < text.size() && is_digit(text[count]))
    ++count;
  return count;
}

Reason json_pointer(std::string_view text) {
  if (text.empty()) return {};
  if (text[0] != '/') return "not starting with /";
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '~') continue;
    if (i + 1 >= text.size() || (text[i + 1] != '0' && text[i + 1] != '1')) {
      return "~ must be followed by 0 or 1";
    }
  }
  return {};
}

Reason relative_json_pointer(std::string_view text) {
  size_t digits = leading_digits(text);
  if (digits == 0) return "must start with non-negative integer";
  if (digits > 1 && text[0] == '0') return "starts with zero";
  text.remove_prefix(digits);
  return text == "#" ? Reason() : json_pointer(text);
}

Reason uuid(std::string_view text) {
  constexpr size_t kSizes[] = {8, 4, 4, 4, 12};
  auto groups = split(text, '-');
  if (groups.size() != std::size(kSizes)) return cat("must have ", std::size(kSizes), " elements");
  for (size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].size() != kSizes[i]) {
      return cat("element ", i + 1, " must be ", kSizes[i], " characters long");
    }
    for (size_t at = 0; at < groups[i].size(); ++at) {
      char c = groups[i][at];
      bool hex = is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      if (!hex) return cat("non-hex character ", quote_rune(groups[i].substr(at)));
    }
  }
  return {};
}

Reason duration_elements(std::string_view text, std::string_view all_units) {
  std::string_view units = all_units;
  while (!text.empty()) {
    size_t digits = leading_digits(text);
    if (digits == 0) return "missing number";
    text.remove_prefix(digits);
    if (text.empty()) return "missing unit";
    size_t place = units.find(text[0]);
    if (place == std::string_view::npos) {
      std::string shown = quote_rune(text.substr(0, 1));
      bool late = all_units.find(text[0]) != std::string_view::npos;
      return late ? cat("unit ", shown, " out of order") : cat("invalid unit ", shown);
    }
    units.remove_prefix(place + 1);
    text.remove_prefix(1);
  }
  return {};
}

Reason duration(std::string_view text) {
  if (!text.starts_with('P')) return "must start with P";
  text.remove_prefix(1);
  if (text.empty()) return "nothing after P";
  if (text.ends_with('W')) {
    text.remove_suffix(1);
    if (text.empty()) return "no number in week";
    return leading_digits(text) == text.size() ? Reason() : "invalid week";
  }
  auto parts = split(text, 'T');
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i != 0 && parts[i].empty()) return "no time elements";
    if (i > 1) return "more than one T";
    if (auto bad = duration_elements(parts[i], i == 0 ? "YMD" : "HMS")) return bad;
  }
  return {};
}

// As strconv.Atoi fails.
std::string not_a_number(std::string_view text) {
  return cat("strconv.Atoi: parsing ", quote(text), ": invalid syntax");
}

Reason ipv4(std::string_view text) {
  auto groups = split(text, '.');
  if (groups.size() != 4) return "expected four decimals";
  for (std::string_view group : groups) {
    if (group.size() > 1 && group[0] == '0') return "leading zeros";
    auto number = parse_int(trim_prefix(group, "+"));
    if (!number) return not_a_number(group);
    if (*number < 0 || *number > 255) return "decimal must be between 0 and 255";
  }
  return {};
}

// As netip.ParseAddr reads an address with colons.
class Ipv6Reader {
 public:
  explicit Ipv6Reader(std::string_view text)
      : whole_(text),
        rest_(text) {}

  Reason run() {
    if (size_t zone = rest_.find('%'); zone != std::string_view::npos) {
      if (zone + 1 == rest_.size()) return wrong("zone must be a non-empty string");
      has_zone_ = true;
      rest_ = rest_.substr(0, zone);
    }
    if (rest_.starts_with("::")) {
      ellipsis_ = true;
      rest_.remove_prefix(2);
      if (rest_.empty()) return zone_reason();
    }
    while (bytes_ < 16) {
      bool done = false;
      if (auto bad = group(done)) return bad;
      if (done) break;
    }
    if (!rest_.empty()) return wrong("trailing garbage after address", rest_);
    if (bytes_ < 16 && !ellipsis_) return wrong("address string too short");
    if (bytes_ == 16 && ellipsis_) {
      return wrong("the :: must expand to at least one field of zeros");
    }
    return zone_reason();
  }

 private:
  Reason zone_reason() const {
    return has_zone_ ? Reason("zone id is not a part of ipv6 address") : Reason();
  }

  Reason wrong(std::string_view what, std::string_view at = {}) const {
    std::string out = cat("ParseAddr(", quote(whole_), "): ", what);
    return at.empty() ? out : cat(out, " (at ", quote(at), ")");
  }

  Reason group(bool& done) {
    size_t digits = 0;
    while (digits < rest_.size() && (is_digit(rest_[digits]) || is_hex(rest_[digits]))) {
      if (digits > 3) return wrong("each group must have 4 or less digits", rest_);
      ++digits;
    }
    if (digits == 0) {
      return wrong("each colon-separated field must have at least one digit", rest_);
    }
    if (digits < rest_.size() && rest_[digits] == '.') {
      done = true;
      return embedded_ipv4();
    }
    bytes_ += 2;
    rest_.remove_prefix(digits);
    done = rest_.empty();
    if (done) return {};
    if (rest_[0] != ':') return wrong("unexpected character, want colon", rest_);
    if (rest_.size() == 1) return wrong("colon must be followed by more characters", rest_);
    rest_.remove_prefix(1);
    if (rest_[0] != ':') return {};
    if (ellipsis_) return wrong("multiple :: in address", rest_);
    ellipsis_ = true;
    rest_.remove_prefix(1);
    done = rest_.empty();
    return {};
  }

  Reason embedded_ipv4() {
    if (!ellipsis_ && bytes_ != 12) {
      return wrong("embedded IPv4 address must replace the final 2 fields of the address", rest_);
    }
    if (bytes_ + 4 > 16) {
      return wrong("too many hex fields to fit an embedded IPv4 at the end of the address", rest_);
    }
    auto fields = split(rest_, '.');
    for (std::string_view field : fields) {
      if (field.empty()) return wrong("IPv4 field must have at least one digit", rest_);
      if (leading_digits(field) != field.size()) return wrong("unexpected character", field);
      if (field.size() > 1 && field[0] == '0') {
        return wrong("IPv4 field has octet with leading zero");
      }
      auto number = parse_uint(field);
      if (!number || *number > 255) return wrong("IPv4 field has value >255");
    }
    if (fields.size() > 4) return wrong("IPv4 address too long");
    if (fields.size() < 4) return wrong("IPv4 address too short");
    rest_ = {};
    bytes_ += 4;
    return {};
  }

  static bool is_hex(char c) { return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

  std::string_view whole_;
  std::string_view rest_;
  size_t bytes_ = 0;
  bool ellipsis_ = false;
  bool has_zone_ = false;
};

Reason ipv6(std::string_view text) {
  if (!contains(text, ":")) return "missing colon";
  return Ipv6Reader(text).run();
}

Reason hostname(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.size() > 253) return "more than 253 characters long";
  for (std::string_view label : split(text, '.')) {
    if (label.empty() || label.size() > 63) return "label must be 1 to 63 characters long";
    if (label.starts_with('-')) return "label starts with hyphen";
    if (label.ends_with('-')) return "label ends with hyphen";
    auto good = [](char c) { return is_letter(c) || is_digit(c) || c == '-'; };
    if (auto bad = odd_character(label, good)) return bad;
  }
  return {};
}

Reason local_part(std::string_view local) {
  if (local.size() > 64) return "local part more than 64 characters long";
  if (local.size() > 1 && local.starts_with('"')) {
    std::string_view inner = local.substr(1, local.size() - 2);
    if (inner.find_first_of("\\\"") == std::string_view::npos) return {};
    return "backslash and quote are not allowed within quoted local part";
  }
  if (local.starts_with('.')) return "starts with dot";
  if (local.ends_with('.')) return "ends with dot";
  if (contains(local, "..")) return "consecutive dots";
  return odd_character(local, [](char c) {
    constexpr std::string_view kMarks = ".!#$%&'*+-/=?^_`{|}~";
    return is_letter(c) || is_digit(c) || kMarks.find(c) != std::string_view::npos;
  });
}

Reason email(std::string_view text) {
  if (text.size() > 254) return "more than 255 characters long";
  auto halves = cut_last(text, "@");
  if (!halves) return "missing @";
  if (auto bad = local_part(halves->before)) return bad;
  std::string_view domain = halves->after;
  if (domain.starts_with('[') && domain.ends_with(']')) {
    domain = domain.substr(1, domain.size() - 2);
    if (domain.starts_with("IPv6:")) {
      auto bad = ipv6(domain.substr(5));
      return bad ? cat("invalid ipv6 address: ", *bad) : Reason();
    }
    auto bad = ipv4(domain);
    return bad ? cat("invalid ipv4 address: ", *bad) : Reason();
  }
  auto bad = hostname(domain);
  return bad ? cat("invalid domain: ", *bad) : Reason();
}

// As time.Parse("2006-01-02", …).
Reason date(std::string_view text) {
  constexpr std::string_view kLayout = "\"2006-01-02\"";
  auto wrong = [&](std::string_view at, std::string_view element) {
    return cat("parsing time ",
               quote(text),
               " as ",
               kLayout,
               ": cannot parse ",
               quote(at),
               " as ",
               quote(element));
  };
  auto range = [&](std::string_view what) {
    return cat("parsing time ", quote(text), ": ", what, " out of range");
  };
  std::string_view rest = text;
  if (leading_digits(rest.substr(0, 4)) != 4) return wrong(rest, "2006");
  auto year = static_cast<int>(*parse_int(rest.substr(0, 4)));
  rest.remove_prefix(4);
  int numbers[2] = {0, 0};
  for (int i = 0; i < 2; ++i) {
    if (!rest.starts_with('-')) return wrong(rest, "-");
    rest.remove_prefix(1);
    if (leading_digits(rest.substr(0, 2)) != 2) return wrong(rest, i == 0 ? "01" : "02");
    numbers[i] = static_cast<int>(*parse_int(rest.substr(0, 2)));
    rest.remove_prefix(2);
    if (i == 0 && (numbers[0] < 1 || numbers[0] > 12)) return range("month");
  }
  if (!rest.empty()) return cat("parsing time ", quote(text), ": extra text: ", quote(rest));
  if (numbers[1] < 1 || numbers[1] > days_in_month(year, numbers[0])) return range("day");
  return {};
}

// Minutes east of UTC turned around, or a reason.
Reason time_offset(std::string_view text, int& minutes) {
  if (text == "z" || text == "Z") return {};
  if (text.size() != 6) return "offset must be 6 characters long";
  if (text[0] != '+' && text[0] != '-') return "offset must begin with plus/minus";
  if (text[3] != ':') return "missing colon in offset in correct place";
  auto hour = parse_int(text.substr(1, 2));
  auto minute = parse_int(text.substr(4, 2));
  if (!hour || !minute) return "invalid hour/min in offset";
  if (*hour < 0 || *minute < 0) return "non-positive hour/min in offset";
  if (*hour > 23 || *minute > 59) return "hour/min in offset out of range";
  minutes = static_cast<int>(*hour * 60 + *minute) * (text[0] == '+' ? -1 : 1);
  return {};
}

Reason time_of_day(std::string_view text) {
  if (text.size() < 9) return "less than 9 characters long";
  if (text[2] != ':' || text[5] != ':') return "missing colon in correct place";
  int64_t parts[3] = {0, 0, 0};
  for (size_t i = 0; i < 3; ++i) {
    auto number = parse_int(text.substr(i * 3, 2));
    if (!number) return "invalid hour/min/sec";
    if (*number < 0) return "non-positive hour/min/sec";
    parts[i] = *number;
  }
  if (parts[0] > 23 || parts[1] > 59 || parts[2] > 60) return "hour/min/sec out of range";
  text.remove_prefix(8);
  if (text.starts_with('.')) {
    size_t digits = leading_digits(text.substr(1));
    if (digits == 0) return "no digits in second fraction";
    text.remove_prefix(1 + digits);
  }
  int offset = 0;
  if (auto bad = time_offset(text, offset)) return bad;
  int64_t minutes = parts[0] * 60 + parts[1] + offset;
  if (minutes < 0) minutes += 24 * 60;
  if (parts[2] >= 60 && minutes != 23 * 60 + 59) return "invalid leap second";
  return {};
}

Reason date_time(std::string_view text) {
  if (text.size() < 20) return "less than 20 characters long";
  if (text[10] != 't' && text[10] != 'T') return "11th character must be t or T";
  if (auto bad = date(text.substr(0, 10))) return cat("invalid date element: ", *bad);
  if (auto bad = time_of_day(text.substr(11))) return cat("invalid time element: ", *bad);
  return {};
}

Reason url(std::string_view text, bool must_be_absolute) {
  auto parsed = text::Url::parse(text);
  if (!parsed.ok()) return parsed.error().message();
  std::string host = parsed->hostname();
  if (contains(host, ":")) {
    if (!contains(parsed->host, "[") || !contains(parsed->host, "]")) {
      return "ipv6 address not enclosed in brackets";
    }
    if (auto bad = ipv6(host)) return cat("invalid ipv6 address: ", *bad);
  }
  return must_be_absolute && !parsed->is_absolute() ? Reason("relative url") : Reason();
}

Reason uri(std::string_view text) {
  return url(text, true);
}

Reason uri_reference(std::string_view text) {
  if (contains(text, "\\")) return "contains \\";
  return url(text, false);
}

Reason uri_template(std::string_view text) {
  if (auto bad = url(text, false)) return bad;
  std::string raw = text::Url::parse(text)->raw_path;
  for (std::string_view part : split(raw, '/')) {
    auto plain = text::url_unescape(part, text::UrlPart::PathSegment);
    if (!plain.ok()) return cat("percent decode failed: ", plain.error().message());
    bool open = false;
    for (char c : *plain) {
      if (c != '{' && c != '}') continue;
      if ((c == '{') == open) return "nested curly braces";
      open = !open;
    }
    if (open) return "no matching closing brace";
  }
  return {};
}

Reason period(std::string_view text) {
  auto halves = cut(text, "/");
  if (!halves) return "missing slash";
  auto [start, end] = *halves;
  bool from_duration = start.starts_with('P');
  if (auto bad = from_duration ? duration(start) : date_time(start)) {
    return cat("invalid start ", from_duration ? "duration: " : "date-time: ", *bad);
  }
  bool to_duration = !from_duration && end.starts_with('P');
  if (auto bad = to_duration ? duration(end) : date_time(end)) {
    return to_duration || from_duration
               ? cat("invalid end ", to_duration ? "duration: " : "date-time: ", *bad)
               : cat("invalid end date-time: ", *bad);
  }
  return {};
}

Reason semver_identifiers(std::string_view text, std::string_view what) {
  for (std::string_view part : split(text, '.')) {
    if (part.empty()) return cat(what, " identifier is empty");
    auto good = [](char c) { return is_letter(c) || is_digit(c) || c == '-'; };
    if (auto bad = odd_character(part, good, cat(" in ", what, " identifier"))) return bad;
    bool number = leading_digits(part) == part.size();
    if (what == "pre-release" && number && part.size() > 1 && part[0] == '0') {
      return "pre-release numeric identifier starts with zero";
    }
  }
  return {};
}

Reason semver(std::string_view text) {
  if (auto halves = cut(text, "+")) {
    if (halves->after.empty()) return "build is empty";
    if (auto bad = semver_identifiers(halves->after, "build")) return bad;
    text = halves->before;
  }
  if (auto halves = cut(text, "-")) {
    if (auto bad = semver_identifiers(halves->after, "pre-release")) return bad;
    text = halves->before;
  }
  constexpr std::string_view kNames[] = {"major", "minor", "patch"};
  auto parts = split(text, '.');
  if (parts.size() != 3) return "versionCore must have 3 numbers separated by dot";
  for (size_t i = 0; i < 3; ++i) {
    if (parts[i].empty()) return cat(kNames[i], " is empty");
    if (parts[i].size() > 1 && parts[i][0] == '0') return cat(kNames[i], " starts with zero");
    if (leading_digits(parts[i]) != parts[i].size()) return cat(kNames[i], " contains non-digit");
  }
  return {};
}

Reason regex(std::string_view text) {
  auto compiled = text::Regex::compile(text);
  return compiled.ok() ? Reason() : Reason(compiled.error().message());
}

struct Named {
  std::string_view name;
  FormatCheck check;
};
constexpr Named kFormats[] = {
    {"json-pointer", &json_pointer},
    {"relative-json-pointer", &relative_json_pointer},
    {"uuid", &uuid},
    {"duration", &duration},
    {"period", &period},
    {"ipv4", &ipv4},
    {"ipv6", &ipv6},
    {"hostname", &hostname},
    {"email", &email},
    {"date", &date},
    {"time", &time_of_day},
    {"date-time", &date_time},
    {"uri", &uri},
    {"iri", &uri},
    {"uri-reference", &uri_reference},
    {"iri-reference", &uri_reference},
    {"uri-template", &uri_template},
    {"semver", &semver},
    {"regex", &regex},
};

}  // namespace

FormatCheck find_format(std::string_view name) {
  for (const Named& format : kFormats) {
    if (format.name == name) return format.check;
  }
  return nullptr;
}

}  // namespace fleet::schema
