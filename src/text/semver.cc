#include "text/semver.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/strings.h"

namespace fleet::text {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kIdentifier =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789";

Error invalid(std::string message) {
  return Error(Code::Invalid, std::move(message));
}

bool only(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

// As strconv.ParseUint(text, 10, 64), with its error texts.
Result<uint64_t> parse_number(std::string_view text) {
  uint64_t value = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || !only(text, kDigits)) {
    return invalid(cat("strconv.ParseUint: parsing ", quote(text), ": invalid syntax"));
  }
  if (code != std::errc() || end != text.data() + text.size()) {
    return invalid(cat("strconv.ParseUint: parsing ", quote(text), ": value out of range"));
  }
  return value;
}

Result<> check_prerelease(std::string_view text) {
  for (std::string_view part : split(text, '.')) {
    if (part.empty() || !only(part, kIdentifier)) return invalid("invalid prerelease string");
    if (only(part, kDigits) && part.size() > 1 && part[0] == '0') {
      return invalid("version segment starts with 0");
    }
  }
  return {};
}

Result<> check_metadata(std::string_view text) {
  for (std::string_view part : split(text, '.')) {
    if (part.empty() || !only(part, kIdentifier)) return invalid("invalid metadata string");
  }
  return {};
}

// The parts of something like a version, as views into the text read.
struct Shape {
  std::string_view whole;
  std::string_view major, minor, patch;  // without dots
  std::string_view prerelease, metadata;
};

size_t run_of(std::string_view text, size_t from, std::string_view characters) {
  size_t end = text.find_first_not_of(characters, from);
  return (end == std::string_view::npos ? text.size() : end) - from;
}

// Takes ".segment" if it is there.
std::string_view take_segment(std::string_view text, size_t& at, std::string_view characters) {
  if (at >= text.size() || text[at] != '.') return {};
  size_t length = run_of(text, at + 1, characters);
  if (length == 0) return {};
  std::string_view out = text.substr(at + 1, length);
  at += 1 + length;
  return out;
}

// Takes "<mark>identifier(.identifier)*" if it is there.
std::string_view take_identifiers(std::string_view text, size_t& at, char mark) {
  if (at >= text.size() || text[at] != mark) return {};
  size_t start = at + 1;
  size_t length = run_of(text, start, kIdentifier);
  if (length == 0) return {};
  size_t end = start + length;
  while (!take_segment(text, end, kIdentifier).empty()) {
  }
  at = end;
  return text.substr(start, end - start);
}

// The longest text at `from` that has the shape of a version whose numbers consist of `numerals`.
std::optional<Shape> take_shape(std::string_view text, size_t from, std::string_view numerals) {
  Shape shape;
  size_t at = from;
  if (at < text.size() && text[at] == 'v') ++at;
  size_t length = at < text.size() ? run_of(text, at, numerals) : 0;
  if (length == 0) return std::nullopt;
  shape.major = text.substr(at, length);
  at += length;
  shape.minor = take_segment(text, at, numerals);
  if (!shape.minor.empty()) shape.patch = take_segment(text, at, numerals);
  shape.prerelease = take_identifiers(text, at, '-');
  shape.metadata = take_identifiers(text, at, '+');
  shape.whole = text.substr(from, at - from);
  return shape;
}

int compare_numbers(uint64_t a, uint64_t b) {
  return a < b ? -1 : (a > b ? 1 : 0);
}

// One dot-separated part of two pre-releases; a missing part is empty and comes first.
int compare_part(std::string_view a, std::string_view b) {
  if (a == b) return 0;
  if (a.empty()) return -1;
  if (b.empty()) return 1;
  auto left = parse_number(a);
  auto right = parse_number(b);
  if (left.ok() && right.ok()) return *left > *right ? 1 : -1;
  if (left.ok()) return -1;  // numbers come before words
  if (right.ok()) return 1;
  return a > b ? 1 : -1;
}

int compare_prereleases(std::string_view a, std::string_view b) {
  auto left = split(a, '.');
  auto right = split(b, '.');
  for (size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    int order = compare_part(i < left.size() ? left[i] : std::string_view(),
                             i < right.size() ? right[i] : std::string_view());
    if (order != 0) return order;
  }
  return 0;
}

}  // namespace

Result<Version> Version::parse(std::string_view text) {
  if (text.size() > kMaxVersionBytes) {
    return invalid(cat("version string is too long (max ", kMaxVersionBytes, " bytes)"));
  }
  auto shape = take_shape(text, 0, kDigits);
  if (!shape || shape->whole.size() != text.size()) return invalid("invalid semantic version");
  Version out;
  constexpr std::string_view kDoing = "error parsing version segment";
  out.major_ = TRY(parse_number(shape->major).within(kDoing));
  if (!shape->minor.empty()) out.minor_ = TRY(parse_number(shape->minor).within(kDoing));
  if (!shape->patch.empty()) out.patch_ = TRY(parse_number(shape->patch).within(kDoing));
  if (!shape->prerelease.empty()) TRY(check_prerelease(shape->prerelease));
  out.prerelease_ = shape->prerelease;
  out.metadata_ = shape->metadata;
  out.original_ = text;
  return out;
}

Result<Version> Version::parse_strict(std::string_view text) {
  if (text.empty()) return invalid("version string empty");
  if (text.size() > kMaxVersionBytes) {
    return invalid(cat("version string is too long (max ", kMaxVersionBytes, " bytes)"));
  }
  auto parts = split_n(text, ".", 3);
  if (parts.size() != 3) return invalid("invalid semantic version");
  Version out;
  if (auto halves = cut(parts[2], "+")) {
    TRY(check_metadata(halves->after));
    out.metadata_ = halves->after;
    parts[2] = halves->before;
  }
  if (auto halves = cut(parts[2], "-")) {
    TRY(check_prerelease(halves->after));
    out.prerelease_ = halves->after;
    parts[2] = halves->before;
  }
  for (std::string_view part : parts) {
    if (!only(part, kDigits)) return invalid("invalid characters in version");
    if (part.size() > 1 && part[0] == '0') return invalid("version segment starts with 0");
  }
  out.major_ = TRY(parse_number(parts[0]));
  out.minor_ = TRY(parse_number(parts[1]));
  out.patch_ = TRY(parse_number(parts[2]));
  out.original_ = text;
  return out;
}

std::string Version::text() const {
  std::string out = cat(major_, ".", minor_, ".", patch_);
  if (!prerelease_.empty()) out += cat("-", prerelease_);
  if (!metadata_.empty()) out += cat("+", metadata_);
  return out;
}

Version Version::renumbered(uint64_t major, uint64_t minor, uint64_t patch) const {
  Version out;
  out.major_ = major;
  out.minor_ = minor;
  out.patch_ = patch;
  out.original_ = cat(original_.starts_with('v') ? "v" : "", out.text());
  return out;
}

Version Version::next_major() const {
  return renumbered(major_ + 1, 0, 0);
}

Version Version::next_minor() const {
  return renumbered(major_, minor_ + 1, 0);
}

Version Version::next_patch() const {
  return renumbered(major_, minor_, prerelease_.empty() ? patch_ + 1 : patch_);
}

Result<Version> Version::with_prerelease(std::string_view prerelease) const {
  if (!prerelease.empty()) TRY(check_prerelease(prerelease));
  Version out = *this;
  out.prerelease_ = prerelease;
  out.original_ = cat(original_.starts_with('v') ? "v" : "", out.text());
  return out;
}

Result<Version> Version::with_metadata(std::string_view metadata) const {
  if (!metadata.empty()) TRY(check_metadata(metadata));
  Version out = *this;
  out.metadata_ = metadata;
  out.original_ = cat(original_.starts_with('v') ? "v" : "", out.text());
  return out;
}

int Version::compare(const Version& a, const Version& b) {
  if (int order = compare_numbers(a.major_, b.major_); order != 0) return order;
  if (int order = compare_numbers(a.minor_, b.minor_); order != 0) return order;
  if (int order = compare_numbers(a.patch_, b.patch_); order != 0) return order;
  if (a.prerelease_.empty() && b.prerelease_.empty()) return 0;
  if (a.prerelease_.empty()) return 1;
  if (b.prerelease_.empty()) return -1;
  return compare_prereleases(a.prerelease_, b.prerelease_);
}

namespace {

// In constraints a number may be a wildcard; the original's character class also lets `|` in.
constexpr std::string_view kNumerals = "0123456789xX*|";
constexpr std::string_view kSpace = " \t\n\f\r";

size_t skip_space(std::string_view text, size_t at) {
  return at + (at < text.size() ? run_of(text, at, kSpace) : 0);
}

bool is_wildcard(std::string_view part) {
  return part.empty() || part == "x" || part == "X" || part == "*";
}

std::string_view take_operator(std::string_view text, size_t at) {
  for (std::string_view op : {"!=", ">=", "=>", "<=", "=<", "~>", ">", "<", "=", "~", "^"}) {
    if (text.substr(at).starts_with(op)) return op;
  }
  return {};
}

// "a - b" becomes ">= a, <= b ", wherever it stands.
std::string expand_hyphen_ranges(std::string_view text) {
  std::string out(text);
  for (size_t from = 0; from < text.size();) {
    size_t start = skip_space(text, from);
    auto low = take_shape(text, start, kNumerals);
    size_t at = low ? start + low->whole.size() : start;
    size_t dash = skip_space(text, at);
    bool dashed = low && dash > at && dash < text.size() && text[dash] == '-';
    size_t high_at = dashed ? skip_space(text, dash + 1) : dash;
    auto high = dashed && high_at > dash + 1 ? take_shape(text, high_at, kNumerals) : std::nullopt;
    if (!high) {
      ++from;
      continue;
    }
    size_t end = skip_space(text, high_at + high->whole.size());
    std::string_view found = text.substr(from, end - from);
    std::string range = cat(">= ", low->whole, ", <= ", high->whole, " ");
    if (size_t place = out.find(found); place != std::string::npos) {
      out.replace(place, found.size(), range);
    }
    from = end;
  }
  return out;
}

// The terms of one group, or nothing when the group is not well formed.
std::optional<std::vector<std::string_view>> split_terms(std::string_view group) {
  std::vector<std::string_view> out;
  size_t at = skip_space(group, 0);
  while (true) {
    size_t start = at;
    at = skip_space(group, at + take_operator(group, at).size());
    auto shape = take_shape(group, at, kNumerals);
    if (!shape) return std::nullopt;
    at += shape->whole.size();
    out.push_back(group.substr(start, at - start));
    size_t next = skip_space(group, at);
    if (next == group.size()) return out;
    if (group[next] == ',') {
      at = skip_space(group, next + 1);
    } else if (next > at) {
      at = next;
    } else {
      return std::nullopt;
    }
  }
}

}  // namespace

Result<Constraints> Constraints::parse(std::string_view text) {
  if (text.size() > kMaxConstraintBytes) {
    return invalid(cat("constraint string is too long (max ", kMaxConstraintBytes, " bytes)"));
  }
  std::string expanded = expand_hyphen_ranges(text);
  auto groups = fleet::split(expanded, "||");
  if (groups.size() > kMaxConstraintGroups) {
    return invalid(cat("too many constraint groups (max ", kMaxConstraintGroups, ")"));
  }
  Constraints out;
  for (std::string_view group_text : groups) {
    auto terms = split_terms(group_text);
    if (!terms) return invalid(cat("improper constraint: ", quote(group_text)));
    Group group;
    for (std::string_view term_text : *terms) {
      Term term = TRY(parse_term(term_text));
      if (!term.version.prerelease().empty()) group.names_prerelease = true;
      group.terms.push_back(std::move(term));
    }
    out.groups_.push_back(std::move(group));
  }
  return out;
}

Result<Constraints::Term> Constraints::parse_term(std::string_view text) {
  static constexpr std::pair<std::string_view, Op> kOps[] = {{"", Op::None},
                                                             {"=", Op::Equal},
                                                             {"!=", Op::NotEqual},
                                                             {">", Op::Greater},
                                                             {"<", Op::Less},
                                                             {">=", Op::GreaterEqual},
                                                             {"=>", Op::GreaterEqual},
                                                             {"<=", Op::LessEqual},
                                                             {"=<", Op::LessEqual},
                                                             {"~", Op::Tilde},
                                                             {"~>", Op::Tilde},
                                                             {"^", Op::Caret}};
  Term term;
  term.op_text = take_operator(text, 0);
  for (const auto& [name, op] : kOps) {
    if (name == term.op_text) term.op = op;
  }
  auto shape = take_shape(text, skip_space(text, term.op_text.size()), kNumerals);
  if (!shape) return invalid(cat("improper constraint: ", quote(text)));
  term.operand = shape->whole;

  std::string version;
  if (is_wildcard(shape->major)) {
    version = "0.0.0";
    term.wild = true;
  } else if (is_wildcard(shape->minor)) {
    version = cat(shape->major, ".0.0");
    term.wild = term.any_minor = true;
  } else if (is_wildcard(shape->patch)) {
    version = cat(shape->major, ".", shape->minor, ".0");
    term.wild = term.any_patch = true;
  } else {
    version = shape->whole;
  }
  if (term.wild && !shape->prerelease.empty()) version += cat("-", shape->prerelease);
  auto parsed = Version::parse(version);
  if (!parsed.ok()) return invalid("constraint parser error");
  term.version = std::move(parsed).value();
  return term;
}

std::string Constraints::why_not_equal(const Term& term, const Version& version) {
  if (version == term.version) return {};
  return cat(quote(version.text()), " is not equal to ", quote(term.operand));
}

// `!=`: a wildcard excludes the whole range it stands for.
std::string Constraints::why_equal(const Term& term, const Version& version) {
  const Version& own = term.version;
  std::string equal = cat(quote(version.text()), " is equal to ", quote(term.operand));
  if (term.wild) {
    if (own.major() != version.major()) return {};
    if (term.any_minor) return equal;
    if (own.minor() != version.minor()) return {};
    if (term.any_patch) {
      bool differ = compare_prereleases(version.prerelease(), own.prerelease()) != 0;
      return differ ? std::string() : equal;
    }
    if (own.patch() != version.patch()) return {};
  }
  return version == own ? equal : std::string();
}

// `>`: of a wildcard, beyond the whole range it stands for.
std::string Constraints::why_not_greater(const Term& term, const Version& version) {
  const Version& own = term.version;
  bool greater = own < version;
  if (term.wild && version.major() != own.major()) {
    greater = version.major() > own.major();
  } else if (term.any_minor) {
    greater = false;
  } else if (term.any_patch) {
    greater = version.minor() > own.minor();
  }
  if (greater) return {};
  return cat(quote(version.text()), " is less than or equal to ", quote(term.operand));
}

std::string Constraints::why_not_at_most(const Term& term, const Version& version) {
  const Version& own = term.version;
  bool greater = own < version;
  if (term.wild) {
    greater = version.major() > own.major() ||
              (version.major() == own.major() && version.minor() > own.minor() && !term.any_minor);
  }
  if (!greater) return {};
  return cat(quote(version.text()), " is greater than ", quote(term.operand));
}

std::string Constraints::why_not_tilde(const Term& term, const Version& version) {
  const Version& own = term.version;
  std::string name = quote(version.text());
  std::string operand = quote(term.operand);
  if (version < own) return cat(name, " is less than ", operand);
  bool zero = own.major() == 0 && own.minor() == 0 && own.patch() == 0;
  if (zero && !term.any_minor && !term.any_patch) return {};
  if (version.major() != own.major()) {
    return cat(name, " does not have same major version as ", operand);
  }
  if (version.minor() != own.minor() && !term.any_minor) {
    return cat(name, " does not have same major and minor version as ", operand);
  }
  return {};
}

std::string Constraints::why_not_caret(const Term& term, const Version& version) {
  const Version& own = term.version;
  std::string name = quote(version.text());
  std::string operand = quote(term.operand);
  if (version < own) return cat(name, " is less than ", operand);
  if (own.major() > 0 || term.any_minor || version.major() > 0) {
    if (version.major() == own.major()) return {};
    return cat(name, " does not have same major version as ", operand);
  }
  if (own.minor() > 0 || term.any_patch) {
    if (version.minor() == own.minor()) return {};
    return cat(name,
               " does not have same minor version as ",
               operand,
               ". Expected minor versions to match when constraint major version is 0");
  }
  if (version.minor() > 0) return cat(name, " does not have same minor version as ", operand);
  if (version.patch() == own.patch()) return {};
  return cat(name,
             " does not equal ",
             operand,
             ". Expect version and constraint to equal when major and minor versions are 0");
}

std::string Constraints::why_not(const Term& term, const Version& version, bool prereleases) {
  const Version& own = term.version;
  if (!version.prerelease().empty() && !prereleases) {
    return cat(quote(version.text()),
               " is a prerelease version and the constraint is only looking for release versions");
  }
  switch (term.op) {
    case Op::None:
    case Op::Equal:
      return term.wild ? why_not_tilde(term, version) : why_not_equal(term, version);
    case Op::NotEqual:
      return why_equal(term, version);
    case Op::Greater:
      return why_not_greater(term, version);
    case Op::Less:
      if (version < own) return {};
      return cat(quote(version.text()), " is greater than or equal to ", quote(term.operand));
    case Op::GreaterEqual:
      if (!(version < own)) return {};
      return cat(quote(version.text()), " is less than ", quote(term.operand));
    case Op::LessEqual:
      return why_not_at_most(term, version);
    case Op::Tilde:
      return why_not_tilde(term, version);
    case Op::Caret:
      return why_not_caret(term, version);
  }
  return {};
}

bool Constraints::check(const Version& version) const {
  return std::any_of(groups_.begin(), groups_.end(), [&](const Group& group) {
    bool prereleases = include_prereleases_ || group.names_prerelease;
    return std::all_of(group.terms.begin(), group.terms.end(), [&](const Term& term) {
      return why_not(term, version, prereleases).empty();
    });
  });
}

std::vector<std::string> Constraints::validate(const Version& version) const {
  std::vector<std::string> out;
  bool told = false;  // about pre-releases, once
  for (const Group& group : groups_) {
    bool prereleases = include_prereleases_ || group.names_prerelease;
    bool refused = !prereleases && !version.prerelease().empty();
    bool satisfied = true;
    for (const Term& term : group.terms) {
      std::string reason = why_not(term, version, prereleases);
      if (reason.empty()) continue;
      satisfied = false;
      if (refused && told) continue;
      told = told || refused;
      out.push_back(std::move(reason));
    }
    if (satisfied) return {};
  }
  return out;
}

std::string Constraints::text() const {
  std::vector<std::string> groups;
  for (const Group& group : groups_) {
    std::vector<std::string> terms;
    for (const Term& term : group.terms)
      terms.push_back(term.op_text + term.operand);
    groups.push_back(join(terms, " "));
  }
  return join(groups, " || ");
}

bool is_compatible_range(std::string_view constraint, std::string_view version) {
  auto parsed = Version::parse(version);
  if (!parsed.ok()) return false;
  auto range = Constraints::parse(constraint);
  return range.ok() && range->check(*parsed);
}

}  // namespace fleet::text
