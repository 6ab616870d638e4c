#include "kube/meta/quantity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "base/strings.h"
#include "kube/meta/decimal.h"

namespace fleet::kube {
namespace {

using Format = Quantity::Format;

constexpr int kNano = -9;
constexpr int kNarrowDigits = 18;  // what an int64 holds for sure

struct Suffix {
  std::string_view text;
  int exponent;
};
constexpr std::array kDecimal = {Suffix{"n", -9},
                                 Suffix{"u", -6},
                                 Suffix{"m", -3},
                                 Suffix{"", 0},
                                 Suffix{"k", 3},
                                 Suffix{"M", 6},
                                 Suffix{"G", 9},
                                 Suffix{"T", 12},
                                 Suffix{"P", 15},
                                 Suffix{"E", 18}};
constexpr std::array kBinary = {Suffix{"Ki", 10},
                                Suffix{"Mi", 20},
                                Suffix{"Gi", 30},
                                Suffix{"Ti", 40},
                                Suffix{"Pi", 50},
                                Suffix{"Ei", 60}};

Error wrong(std::string_view sentence) {
  return Error(Code::Invalid, std::string(sentence));
}
Error wrong_form() {
  return wrong(
      "quantities must match the regular expression "
      "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
}
Error wrong_suffix() {
  return wrong("unable to parse quantity's suffix");
}
Error wrong_number() {
  return wrong("unable to parse numeric part of quantity");
}

template <typename List>
const Suffix* find_suffix(const List& list, std::string_view text) {
  auto at = std::find_if(
      list.begin(), list.end(), [text](const Suffix& one) { return one.text == text; });
  return at == list.end() ? nullptr : &*at;
}

template <typename List>
std::string_view suffix_of(const List& list, int exponent) {
  auto at = std::find_if(
      list.begin(), list.end(), [exponent](const Suffix& one) { return one.exponent == exponent; });
  return at == list.end() ? std::string_view{} : at->text;
}

size_t digits_at(std::string_view text, size_t at) {
  size_t end = at;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9')
    ++end;
  return end - at;
}

}  // namespace

struct Quantity::Parts {
  bool negative = false;
  std::string_view whole;     // without leading zeros, "0" if nothing else
  std::string_view fraction;  // as written
  int exponent = 0;           // of ten, or of two for BinarySI
  Format format = Format::DecimalSI;
};

Result<Quantity::Parts> Quantity::split(std::string_view text) {
  Parts out;
  size_t at = 0;
  if (text[0] == '-' || text[0] == '+') {
    out.negative = text[0] == '-';
    at = 1;
  }
  while (at < text.size() && text[at] == '0')
    ++at;
  size_t size = digits_at(text, at);
  out.whole = size == 0 ? std::string_view("0") : text.substr(at, size);
  at += size;
  if (at < text.size() && text[at] == '.') {
    size = digits_at(text, at + 1);
    out.fraction = text.substr(at + 1, size);
    at += 1 + size;
  }
  std::string_view suffix = text.substr(at);
  size_t letters = std::min(suffix.find_first_not_of("eEinumkKMGTP"), suffix.size());
  size_t end = letters;
  if (end < suffix.size() && (suffix[end] == '-' || suffix[end] == '+')) ++end;
  if (end + digits_at(suffix, end) != suffix.size()) return wrong_form();

  if (const Suffix* decimal = find_suffix(kDecimal, suffix)) {
    out.exponent = decimal->exponent;
  } else if (const Suffix* binary = find_suffix(kBinary, suffix)) {
    out.exponent = binary->exponent;
    out.format = Format::BinarySI;
  } else {
    if (suffix.size() < 2 || letters != 1 || (suffix[0] != 'e' && suffix[0] != 'E')) {
      return wrong_suffix();
    }
    auto exponent = parse_int(trim_prefix(suffix.substr(1), "+"));
    if (!exponent || std::abs(*exponent) > kMaxQuantityExponent) return wrong_suffix();
    out.exponent = static_cast<int>(*exponent);
    out.format = Format::DecimalExponent;
  }
  return out;
}

// What Go keeps in an int64 and a scale. False if it would not.
bool Quantity::set_narrow(const Parts& parts, std::string_view text) {
  int length = static_cast<int>(parts.whole.size() + parts.fraction.size());
  bool binary = parts.format == Format::BinarySI;
  std::string shifted = cat(parts.whole, parts.fraction);
  std::string amount(decimal::trim_zeros(shifted));
  int scale = 0;
  if (binary) {
    int approximate = static_cast<int>(static_cast<float>(parts.exponent) * 3 / 10);
    if (!parts.fraction.empty()) return false;
    if (15 - static_cast<int>(parts.whole.size()) - approximate - 1 < 0) return false;
    for (int i = 0; i < parts.exponent; i += 10)
      amount = decimal::times(amount, 1024);
  } else {
    if (kNarrowDigits - length < 0) return false;
    scale = parts.exponent - static_cast<int>(parts.fraction.size());
    if (scale < kNano) return false;
  }
  digits_ = std::move(amount);
  exponent_ = scale;
  negative_ = parts.negative && !digits_.empty();
  format_ = parts.format;
  // Canonical texts are kept; the rule is Go's and lets some others pass ("01", "+1", "1.").
  bool keep = binary ? (decimal::low64(parts.whole) & 7) != 0
                     : scale % 3 == 0 && !shifted.ends_with("000") && shifted[0] != '0';
  if (keep) written_ = text;
  return true;
}

Result<> Quantity::set_wide(const Parts& parts) {
  if (parts.whole.size() + parts.fraction.size() > kMaxQuantityDigits) return wrong_number();
  wide_ = true;
  format_ = parts.format;
  digits_ = decimal::trim_zeros(cat(parts.whole, parts.fraction));
  exponent_ = -static_cast<int>(parts.fraction.size());
  if (format_ == Format::BinarySI) {
    for (int i = 0; i < parts.exponent; i += 10)
      digits_ = decimal::times(digits_, 1024);
  } else {
    exponent_ += parts.exponent;
  }
  if (!digits_.empty()) {
    if (exponent_ >= kNano) {
      digits_.append(static_cast<size_t>(exponent_ - kNano), '0');
    } else {
      digits_ = decimal::cut(digits_, static_cast<size_t>(kNano - exponent_)).rounded_up;
    }
    exponent_ = kNano;
  }
  if (format_ == Format::BinarySI) {
    const std::string most = "9223372036854775807";
    Quantity cap;
    cap.digits_ = most;
    if (compare(cap) > 0) {
      digits_ = most;
      exponent_ = 0;
    }
    cap.digits_ = "1";
    if (!digits_.empty() && compare(cap) < 0) format_ = Format::DecimalSI;
  }
  negative_ = parts.negative && !digits_.empty();
  return {};
}

Result<Quantity> Quantity::parse(std::string_view text) {
  Quantity out;
  if (text.empty()) return wrong_form();
  if (text == "0") {
    out.written_ = text;
    return out;
  }
  Parts parts = TRY(split(text));
  if (!out.set_narrow(parts, text)) TRY(out.set_wide(parts));
  return out;
}

Result<Quantity> Quantity::from_value(const data::Value& value) {
  if (value.is_null()) return Quantity{};
  if (value.is_string() || value.type() == data::Type::Number) {
    return parse(trim(value.as_string()));
  }
  if (value.is_integer()) return parse(std::to_string(value.as_int()));
  if (value.is_number()) return parse(to_text(value.as_double()));
  return wrong_form();
}

Quantity Quantity::of(int64_t value, Format format) {
  Quantity out;
  std::string text = std::to_string(value);
  out.negative_ = value < 0;
  out.digits_ = decimal::trim_zeros(trim_prefix(text, "-"));
  out.format_ = format;
  return out;
}

int Quantity::sign() const {
  return digits_.empty() ? 0 : negative_ ? -1 : 1;
}

int64_t Quantity::value() const {
  return scaled(0);
}

int64_t Quantity::milli_value() const {
  return scaled(-3);
}

// As ScaledValue, overflow included: an int64 amount that does not fit answers 0, a big decimal its
// lowest 64 bits.
int64_t Quantity::scaled(int scale) const {
  if (digits_.empty()) return 0;
  auto low = [this](std::string_view digits) {
    uint64_t bits = decimal::low64(digits);
    return static_cast<int64_t>(negative_ ? -bits : bits);
  };
  if (exponent_ >= scale) {
    std::string grown = digits_ + std::string(static_cast<size_t>(exponent_ - scale), '0');
    bool fits = parse_int(cat(negative_ ? "-" : "", grown)).has_value();
    return wide_ || fits ? low(grown) : 0;
  }
  size_t places = static_cast<size_t>(scale - exponent_);
  auto cut = decimal::cut(digits_, places);
  if (!wide_) return low(cut.rounded_up);
  bool fast = places < 19 && (negative_ || (digits_.size() <= 19 && parse_int(digits_)));
  if (fast) {
    int64_t divisor = 1;
    for (size_t i = 0; i < places; ++i)
      divisor *= 10;
    int64_t all = low(digits_);
    return all / divisor + (all % divisor != 0 ? 1 : 0);
  }
  return low(negative_ ? cut.down : cut.rounded_up);
}

double Quantity::as_double() const {
  if (digits_.empty()) return 0;
  double base = std::strtod(digits_.c_str(), nullptr);
  if (negative_) base = -base;
  if (exponent_ == 0) return base;
  std::string power = cat("1e", exponent_);
  return base * std::strtod(power.c_str(), nullptr);
}

std::string Quantity::decimal() const {
  std::string out = digits_.empty() ? "0" : digits_;
  if (exponent_ >= 0) {
    if (!digits_.empty()) out.append(static_cast<size_t>(exponent_), '0');
  } else {
    size_t places = static_cast<size_t>(-exponent_);
    if (out.size() <= places) out.insert(0, places + 1 - out.size(), '0');
    out.insert(out.size() - places, ".");
  }
  return negative_ ? "-" + out : out;
}

std::string Quantity::str() const {
  return written_.empty() ? canonical() : written_;
}

std::string Quantity::canonical() const {
  if (digits_.empty()) return "0";
  std::string_view sign = negative_ ? "-" : "";
  Format format = format_;
  std::string digits = digits_;
  int exponent = exponent_;
  while (digits.back() == '0') {
    digits.pop_back();
    ++exponent;
  }
  if (format == Format::BinarySI) {
    Quantity kilo;
    kilo.digits_ = "1024";
    kilo.negative_ = negative_;
    bool small = negative_ ? compare(kilo) > 0 : compare(kilo) < 0;
    if (!small && exponent >= 0) {
      digits.append(static_cast<size_t>(exponent), '0');
      int power = 0;
      for (auto part = decimal::divided(digits, 1024);
           part.remainder == 0 && !part.quotient.empty() && power < 60;
           part = decimal::divided(digits, 1024)) {
        digits = part.quotient;
        power += 10;
      }
      return cat(sign, digits, suffix_of(kBinary, power));
    }
    format = Format::DecimalSI;
  }
  while (exponent % 3 != 0) {
    digits += '0';
    --exponent;
  }
  if (format == Format::DecimalSI) return cat(sign, digits, suffix_of(kDecimal, exponent));
  return exponent == 0 ? cat(sign, digits) : cat(sign, digits, "e", exponent);
}

int Quantity::compare(const Quantity& other) const {
  if (sign() != other.sign()) return sign() < other.sign() ? -1 : 1;
  if (sign() == 0) return 0;
  std::string mine = digits_;
  std::string theirs = other.digits_;
  decimal::align(mine, exponent_, theirs, other.exponent_);
  int order = decimal::compare(mine, theirs);
  return negative_ ? -order : order;
}

void Quantity::add(const Quantity& other) {
  add_signed(other, false);
}

void Quantity::subtract(const Quantity& other) {
  add_signed(other, true);
}

void Quantity::add_signed(const Quantity& other, bool negate) {
  written_.clear();
  if (is_zero()) format_ = other.format_;
  bool their_sign = other.negative_ != negate;
  std::string theirs = other.digits_;
  if (theirs.empty()) return;
  if (digits_.empty()) exponent_ = other.exponent_;
  exponent_ = decimal::align(digits_, exponent_, theirs, other.exponent_);
  wide_ = wide_ || other.wide_;
  if (negative_ == their_sign || digits_.empty()) {
    digits_ = decimal::plus(digits_, theirs);
    negative_ = their_sign;
    return;
  }
  int order = decimal::compare(digits_, theirs);
  if (order < 0) {
    digits_.swap(theirs);
    negative_ = their_sign;
  }
  digits_ = decimal::minus(digits_, theirs);
  if (digits_.empty()) negative_ = false;
}

const data::TypeInfo& Quantity::data_type() {
  static constexpr data::CustomOps kOps{
      [](const data::DecodeContext&, const data::Value& value, void* out) -> Result<> {
        *static_cast<Quantity*>(out) = TRY(from_value(value));
        return {};
      },
      [](const void* in) { return data::Value(static_cast<const Quantity*>(in)->str()); },
      [](const void* in) { return static_cast<const Quantity*>(in)->is_zero(); },
      [] {
        return data::Value::object(
            {{"anyOf",
              data::Value::array({data::Value::object({{"type", "integer"}}),
                                  data::Value::object({{"type", "string"}})})},
             {"pattern",
              "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?"
              "(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$"},
             {"x-kubernetes-int-or-string", true}});
      }};
  static constexpr data::TypeInfo kInfo{
      .shape = data::Shape::Custom, .go_type = "resource.Quantity", .custom = &kOps};
  return kInfo;
}

std::string_view to_string(Quantity::Format format) {
  constexpr std::string_view kWords[] = {"DecimalExponent", "BinarySI", "DecimalSI"};
  return kWords[static_cast<size_t>(format)];
}

}  // namespace fleet::kube
