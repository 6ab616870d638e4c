#include "kube/cel/special.h"

#include <algorithm>
#include <vector>

#include "base/strings.h"
#include "codec/base64.h"
#include "kube/cel/functions.h"
#include "kube/meta/names.h"
#include "kube/meta/quantity.h"
#include "text/semver.h"
#include "text/url.h"

namespace fleet::kube::cel {
namespace {

Quantity amount(const Val& value) {
  auto parsed = Quantity::parse(value.text);
  return parsed.ok() ? *parsed : Quantity{};
}

Error invalid(std::string message) {
  return Error(Code::Invalid, std::move(message));
}

bool parse_v4(std::string_view text, Address& out) {
  auto parts = split(text, '.');
  if (parts.size() != 4) return false;
  for (size_t i = 0; i < 4; ++i) {
    auto number = parse_uint(parts[i]);
    if (!number || *number > 255 || (parts[i].size() > 1 && parts[i][0] == '0')) return false;
    out.bytes[12 + i] = static_cast<uint8_t>(*number);
  }
  out.is_v4 = true;
  return true;
}

std::optional<uint16_t> parse_group(std::string_view text) {
  if (text.empty() || text.size() > 4) return std::nullopt;
  unsigned value = 0;
  for (char c : text) {
    unsigned digit = c >= '0' && c <= '9'   ? static_cast<unsigned>(c - '0')
                     : c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a' + 10)
                     : c >= 'A' && c <= 'F' ? static_cast<unsigned>(c - 'A' + 10)
                                            : 99U;
    if (digit == 99U) return std::nullopt;
    value = value * 16 + digit;
  }
  return static_cast<uint16_t>(value);
}

bool parse_groups(std::string_view text, std::vector<uint16_t>& out) {
  if (text.empty()) return true;
  for (std::string_view part : split(text, ':')) {
    auto group = parse_group(part);
    if (!group) return false;
    out.push_back(*group);
  }
  return true;
}

bool parse_v6(std::string_view text, Address& out) {
  std::vector<uint16_t> head;
  std::vector<uint16_t> tail;
  auto gap = cut(text, "::");
  if (!gap) {
    if (!parse_groups(text, head) || head.size() != 8) return false;
  } else {
    if (contains(gap->after, "::")) return false;
    if (!parse_groups(gap->before, head) || !parse_groups(gap->after, tail)) return false;
    if (head.size() + tail.size() > 7) return false;
  }
  head.resize(8 - tail.size());
  head.insert(head.end(), tail.begin(), tail.end());
  for (size_t i = 0; i < 8; ++i) {
    out.bytes[2 * i] = static_cast<uint8_t>(head[i] >> 8);
    out.bytes[2 * i + 1] = static_cast<uint8_t>(head[i] & 0xFF);
  }
  return true;
}

Address address_of(const Val& value) {
  return parse_address(value.text).value_or(Address{});
}

Result<Val> make_ip(Args args, Meter&) {
  if (args[0].kind == Kind::Ip) return args[0];
  auto text = TRY(text_of(args[0]));
  auto address = parse_address(text);
  if (!address) return invalid(cat("IP Address ", quote(text), " parse error: unable to parse IP"));
  return Val::special(Kind::Ip, address->str());
}

Result<Val> make_cidr(Args args, Meter&) {
  auto text = TRY(text_of(args[0]));
  auto network = parse_network(text);
  if (!network) {
    return invalid(cat("network address parse error during conversion from string: ", quote(text)));
  }
  return Val::special(Kind::Cidr, network->str());
}

Result<Val> make_url(Args args, Meter&) {
  auto text = TRY(text_of(args[0]));
  auto url = text::Url::parse(text);
  if (!url.ok())
    return invalid(cat("URL parse error during conversion from string: ", url.error().message()));
  if (!url->is_absolute() && !text.starts_with('/')) {
    return invalid(cat("URL parse error during conversion from string: parse ",
                       quote(text),
                       ": invalid URI for request"));
  }
  return Val::special(Kind::Url, std::string(text));
}

Result<Val> make_quantity(Args args, Meter&) {
  auto text = TRY(text_of(args[0]));
  auto parsed = Quantity::parse(text);
  if (!parsed.ok()) return parsed.error();
  return Val::special(Kind::Quantity, parsed->str());
}

Result<Val> make_semver(Args args, Meter&) {
  auto text = TRY(text_of(args[0]));
  auto parsed = text::Version::parse_strict(text);
  if (!parsed.ok()) return parsed.error();
  return Val::special(Kind::Semver, std::string(text));
}

// True if `Make` would succeed.
template <Result<Val> (*Make)(Args, Meter&)>
Result<Val> can_make(Args args, Meter& meter) {
  TRY(text_of(args[0]));
  return Val::boolean(Make(args, meter).ok());
}

template <Kind kWanted>
Result<> must_be(const Val& value) {
  if (value.kind != kWanted) return no_overload();
  return {};
}

text::Url url_of(const Val& value) {
  return text::Url::parse(value.text).value_or(text::Url{});
}

template <auto Read>
Result<Val> url_part(Args args, Meter&) {
  TRY(must_be<Kind::Url>(args[0]));
  return Val::string(Read(url_of(args[0])));
}

Result<Val> url_query_of(Args args, Meter&) {
  TRY(must_be<Kind::Url>(args[0]));
  Entries out;
  for (const auto& [name, values] : text::read_url_query(url_of(args[0]).raw_query)) {
    Items items;
    for (const std::string& value : values) {
      items.push_back(Val::string(value));
    }
    out.emplace_back(Val::string(name), Val::list(std::move(items)));
  }
  return Val::map(std::move(out));
}

Result<Val> ip_family(Args args, Meter&) {
  TRY(must_be<Kind::Ip>(args[0]));
  return Val::integer(address_of(args[0]).is_v4 ? 4 : 6);
}

template <auto Test>
Result<Val> ip_test(Args args, Meter&) {
  TRY(must_be<Kind::Ip>(args[0]));
  return Val::boolean(Test(address_of(args[0])));
}

bool is_unspecified(const Address& a) {
  return std::all_of(a.bytes.begin() + static_cast<std::ptrdiff_t>(a.first()),
                     a.bytes.end(),
                     [](uint8_t byte) { return byte == 0; });
}
bool is_loopback(const Address& a) {
  if (a.is_v4) return a.bytes[12] == 127;
  return a.bytes[15] == 1 &&
         std::all_of(a.bytes.begin(), a.bytes.end() - 1, [](uint8_t byte) { return byte == 0; });
}
bool is_link_local_multicast(const Address& a) {
  if (a.is_v4) return a.bytes[12] == 224 && a.bytes[13] == 0 && a.bytes[14] == 0;
  return a.bytes[0] == 0xFF && (a.bytes[1] & 0x0F) == 2;
}
bool is_link_local_unicast(const Address& a) {
  if (a.is_v4) return a.bytes[12] == 169 && a.bytes[13] == 254;
  return a.bytes[0] == 0xFE && (a.bytes[1] & 0xC0) == 0x80;
}
bool is_multicast(const Address& a) {
  return a.is_v4 ? (a.bytes[12] & 0xF0) == 0xE0 : a.bytes[0] == 0xFF;
}
bool is_global_unicast(const Address& a) {
  bool broadcast = a.is_v4 && std::all_of(a.bytes.begin() + 12, a.bytes.end(), [](uint8_t byte) {
                     return byte == 255;
                   });
  return !broadcast && !is_unspecified(a) && !is_loopback(a) && !is_multicast(a) &&
         !is_link_local_unicast(a);
}

Result<Val> is_canonical(Args args, Meter&) {
  auto text = TRY(text_of(args[0]));
  auto address = parse_address(text);
  if (!address) return invalid(cat("IP Address ", quote(text), " parse error: unable to parse IP"));
  return Val::boolean(address->str() == text);
}

Result<Val> cidr_contains_ip(Args args, Meter& meter) {
  TRY(must_be<Kind::Cidr>(args[0]));
  Val address = TRY(make_ip(args.subspan(1), meter));
  return Val::boolean(
      parse_network(args[0].text).value_or(Network{}).contains(address_of(address)));
}

Result<Val> cidr_contains_cidr(Args args, Meter& meter) {
  TRY(must_be<Kind::Cidr>(args[0]));
  Val other = args[1].kind == Kind::Cidr ? args[1] : TRY(make_cidr(args.subspan(1), meter));
  Network outer = parse_network(args[0].text).value_or(Network{});
  Network inner = parse_network(other.text).value_or(Network{});
  return Val::boolean(inner.prefix >= outer.prefix && outer.contains(inner.address));
}

Result<Val> ip_or_cidr_ip(Args args, Meter&) {
  TRY(must_be<Kind::Cidr>(args[0]));
  return Val::special(Kind::Ip, parse_network(args[0].text).value_or(Network{}).address.str());
}

Result<Val> cidr_prefix(Args args, Meter&) {
  TRY(must_be<Kind::Cidr>(args[0]));
  return Val::integer(static_cast<int64_t>(parse_network(args[0].text).value_or(Network{}).prefix));
}

Result<Val> cidr_masked(Args args, Meter&) {
  TRY(must_be<Kind::Cidr>(args[0]));
  return Val::special(Kind::Cidr, parse_network(args[0].text).value_or(Network{}).masked().str());
}

Result<Val> add_or_sub(Args args, bool subtract) {
  TRY(must_be<Kind::Quantity>(args[0]));
  Quantity result = amount(args[0]);
  Quantity other;
  if (args[1].kind == Kind::Int) {
    other = Quantity::of(args[1].number);
  } else {
    TRY(must_be<Kind::Quantity>(args[1]));
    other = amount(args[1]);
  }
  if (subtract) {
    result.subtract(other);
  } else {
    result.add(other);
  }
  return Val::special(Kind::Quantity, result.str());
}
Result<Val> quantity_add(Args args, Meter&) {
  return add_or_sub(args, false);
}
Result<Val> quantity_sub(Args args, Meter&) {
  return add_or_sub(args, true);
}

Result<Val> quantity_sign(Args args, Meter&) {
  TRY(must_be<Kind::Quantity>(args[0]));
  return Val::integer(amount(args[0]).sign());
}

bool is_whole(const Quantity& quantity) {
  Quantity rounded = Quantity::of(quantity.value());
  return rounded.compare(quantity) == 0;
}

Result<Val> quantity_is_integer(Args args, Meter&) {
  TRY(must_be<Kind::Quantity>(args[0]));
  return Val::boolean(is_whole(amount(args[0])));
}

Result<Val> quantity_as_integer(Args args, Meter&) {
  TRY(must_be<Kind::Quantity>(args[0]));
  Quantity quantity = amount(args[0]);
  if (!is_whole(quantity)) return invalid("cannot convert value to integer");
  return Val::integer(quantity.value());
}

Result<Val> quantity_as_float(Args args, Meter&) {
  TRY(must_be<Kind::Quantity>(args[0]));
  return Val::of_double(amount(args[0]).as_double());
}

template <auto Test>
Result<Val> compared(Args args, Meter&) {
  bool comparable = args[0].kind == args[1].kind &&
                    (args[0].kind == Kind::Quantity || args[0].kind == Kind::Semver);
  if (!comparable) return no_overload();
  return Test(compare_special(args[0], args[1]));
}

template <int kPart>
Result<Val> semver_part(Args args, Meter&) {
  TRY(must_be<Kind::Semver>(args[0]));
  auto parts = split(split(split(args[0].text, '+')[0], '-')[0], '.');
  return Val::integer(parse_int(parts[kPart]).value_or(0));
}

constexpr std::array<std::string_view, 13> kFormats = {"dns1123Label",
                                                       "dns1123Subdomain",
                                                       "dns1035Label",
                                                       "qualifiedName",
                                                       "labelValue",
                                                       "uri",
                                                       "date",
                                                       "datetime",
                                                       "uuid",
                                                       "byte",
                                                       "dns1123LabelPrefix",
                                                       "dns1123SubdomainPrefix",
                                                       "dns1035LabelPrefix"};

bool is_uuid(std::string_view text) {
  std::string bare = to_lower(replace_all(text, "-", ""));
  return bare.size() == 32 && bare.find_first_not_of("0123456789abcdef") == std::string::npos;
}

Complaints check_format(std::string_view format, std::string_view text) {
  // A prefix is what generateName takes: a name that something follows.
  std::string name(text);
  if (format.ends_with("Prefix")) {
    format = trim_suffix(format, "Prefix");
    if (name.ends_with('-')) name.back() = 'a';
  }
  if (format == "dns1123Label") return check_dns1123_label(name);
  if (format == "dns1123Subdomain") return check_dns1123_subdomain(name);
  if (format == "dns1035Label") return check_dns1035_label(name);
  if (format == "qualifiedName") return check_qualified_name(name);
  if (format == "labelValue") return check_label_value(name);
  if (format == "uri" && !text::Url::parse(text).ok()) return {"must be a URI"};
  if (format == "date" && !parse_rfc3339(cat(text, "T00:00:00Z"))) return {"must be a date"};
  if (format == "datetime" && !parse_rfc3339(text)) return {"must be a date and time"};
  if (format == "uuid" && !is_uuid(text)) return {"must be a UUID"};
  if (format == "byte" && !codec::base64_decode(text).ok()) return {"must be base64"};
  return {};
}

Result<Val> named_format(Args args, Meter&) {
  auto name = TRY(text_of(args[0]));
  bool known = std::find(kFormats.begin(), kFormats.end(), name) != kFormats.end();
  return known ? Val::some(Val::special(Kind::Format, std::string(name))) : Val::none();
}

// format.dns1123Label() and its like.
template <size_t kIndex>
Result<Val> known_format(Args, Meter&) {
  return Val::special(Kind::Format, std::string(kFormats[kIndex]));
}

Result<Val> validate_format(Args args, Meter&) {
  TRY(must_be<Kind::Format>(args[0]));
  auto complaints = check_format(args[0].text, TRY(text_of(args[1])));
  if (complaints.empty()) return Val::none();
  Items items;
  for (std::string& complaint : complaints) {
    items.push_back(Val::string(std::move(complaint)));
  }
  return Val::some(Val::list(std::move(items)));
}

constexpr Function kFunctions[] = {
    {"ip", 1, 1, false, &make_ip},
    {"isIP", 1, 1, false, &can_make<make_ip>},
    {"ip.isCanonical", 1, 1, false, &is_canonical},
    {"family", 1, 1, true, &ip_family},
    {"isUnspecified", 1, 1, true, &ip_test<is_unspecified>},
    {"isLoopback", 1, 1, true, &ip_test<is_loopback>},
    {"isLinkLocalMulticast", 1, 1, true, &ip_test<is_link_local_multicast>},
    {"isLinkLocalUnicast", 1, 1, true, &ip_test<is_link_local_unicast>},
    {"isGlobalUnicast", 1, 1, true, &ip_test<is_global_unicast>},
    {"cidr", 1, 1, false, &make_cidr},
    {"isCIDR", 1, 1, false, &can_make<make_cidr>},
    {"containsIP", 2, 2, true, &cidr_contains_ip},
    {"containsCIDR", 2, 2, true, &cidr_contains_cidr},
    {"ip", 1, 1, true, &ip_or_cidr_ip},
    {"prefixLength", 1, 1, true, &cidr_prefix},
    {"masked", 1, 1, true, &cidr_masked},
    {"url", 1, 1, false, &make_url},
    {"isURL", 1, 1, false, &can_make<make_url>},
    {"getScheme", 1, 1, true, &url_part<[](const text::Url& url) { return url.scheme; }>},
    {"getHost", 1, 1, true, &url_part<[](const text::Url& url) { return url.host; }>},
    {"getHostname", 1, 1, true, &url_part<[](const text::Url& url) { return url.hostname(); }>},
    {"getPort", 1, 1, true, &url_part<[](const text::Url& url) { return url.port(); }>},
    {"getEscapedPath",
     1,
     1,
     true,
     &url_part<[](const text::Url& url) { return url.escaped_path(); }>},
    {"getQuery", 1, 1, true, &url_query_of},
    {"quantity", 1, 1, false, &make_quantity},
    {"isQuantity", 1, 1, false, &can_make<make_quantity>},
    {"add", 2, 2, true, &quantity_add},
    {"sub", 2, 2, true, &quantity_sub},
    {"sign", 1, 1, true, &quantity_sign},
    {"isInteger", 1, 1, true, &quantity_is_integer},
    {"asInteger", 1, 1, true, &quantity_as_integer},
    {"asApproximateFloat", 1, 1, true, &quantity_as_float},
    {"isGreaterThan", 2, 2, true, &compared<[](int order) { return Val::boolean(order > 0); }>},
    {"isLessThan", 2, 2, true, &compared<[](int order) { return Val::boolean(order < 0); }>},
    {"compareTo", 2, 2, true, &compared<[](int order) { return Val::integer(order); }>},
    {"semver", 1, 1, false, &make_semver},
    {"isSemver", 1, 1, false, &can_make<make_semver>},
    {"major", 1, 1, true, &semver_part<0>},
    {"minor", 1, 1, true, &semver_part<1>},
    {"patch", 1, 1, true, &semver_part<2>},
    {"format.named", 1, 1, false, &named_format},
    {"format.dns1123Label", 0, 0, false, &known_format<0>},
    {"format.dns1123Subdomain", 0, 0, false, &known_format<1>},
    {"format.dns1035Label", 0, 0, false, &known_format<2>},
    {"format.qualifiedName", 0, 0, false, &known_format<3>},
    {"format.labelValue", 0, 0, false, &known_format<4>},
    {"format.uri", 0, 0, false, &known_format<5>},
    {"format.date", 0, 0, false, &known_format<6>},
    {"format.datetime", 0, 0, false, &known_format<7>},
    {"format.uuid", 0, 0, false, &known_format<8>},
    {"format.byte", 0, 0, false, &known_format<9>},
    {"format.dns1123LabelPrefix", 0, 0, false, &known_format<10>},
    {"format.dns1123SubdomainPrefix", 0, 0, false, &known_format<11>},
    {"format.dns1035LabelPrefix", 0, 0, false, &known_format<12>},
    {"validate", 2, 2, true, &validate_format},
};

}  // namespace

int compare_special(const Val& a, const Val& b) {
  if (a.kind == Kind::Quantity) return amount(a).compare(amount(b));
  auto left = text::Version::parse_strict(a.text);
  auto right = text::Version::parse_strict(b.text);
  return left.ok() && right.ok() ? text::Version::compare(*left, *right) : 0;
}

std::string Address::str() const {
  if (is_v4) return cat(bytes[12], ".", bytes[13], ".", bytes[14], ".", bytes[15]);
  std::array<unsigned, 8> groups{};
  for (size_t i = 0; i < 8; ++i)
    groups[i] = static_cast<unsigned>(bytes[2 * i] * 256 + bytes[2 * i + 1]);
  size_t best = 8;
  size_t length = 1;  // one zero group alone is not shortened
  for (size_t i = 0; i < 8; ++i) {
    size_t end = i;
    while (end < 8 && groups[end] == 0)
      ++end;
    if (end - i > length) {
      best = i;
      length = end - i;
    }
  }
  std::string out;
  constexpr char kDigits[] = "0123456789abcdef";
  for (size_t i = 0; i < 8; ++i) {
    if (i == best) {
      out += "::";
      i += length - 1;
      continue;
    }
    if (!out.empty() && !out.ends_with(':')) out += ':';
    std::string group;
    for (unsigned rest = groups[i]; rest != 0 || group.empty(); rest /= 16)
      group.insert(group.begin(), kDigits[rest % 16]);
    out += group;
  }
  return out;
}

std::optional<Address> parse_address(std::string_view text) {
  Address out;
  if (parse_v4(text, out)) return out;
  out = Address{};
  if (text.find(':') != std::string_view::npos && parse_v6(text, out)) return out;
  return std::nullopt;
}

bool Network::contains(const Address& other) const {
  if (other.is_v4 != address.is_v4) return false;
  for (size_t bit = 0; bit < prefix; ++bit) {
    size_t byte = address.first() + bit / 8;
    unsigned mask = 0x80U >> (bit % 8);
    if ((address.bytes[byte] & mask) != (other.bytes[byte] & mask)) return false;
  }
  return true;
}

Network Network::masked() const {
  Network out = *this;
  for (size_t bit = prefix; bit < address.bits(); ++bit) {
    uint8_t& byte = out.address.bytes[address.first() + bit / 8];
    byte = static_cast<uint8_t>(byte & ~(0x80U >> (bit % 8)));
  }
  return out;
}

std::string Network::str() const {
  return cat(address.str(), "/", prefix);
}

std::optional<Network> parse_network(std::string_view text) {
  auto parts = cut(text, "/");
  if (!parts) return std::nullopt;
  auto address = parse_address(parts->before);
  auto prefix = parse_uint(parts->after);
  if (!address || !prefix || *prefix > address->bits()) return std::nullopt;
  return Network{*address, static_cast<size_t>(*prefix)};
}

std::span<const Function> special_functions() {
  return kFunctions;
}

}  // namespace fleet::kube::cel
