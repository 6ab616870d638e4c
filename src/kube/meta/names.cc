#include "kube/meta/names.h"

#include <algorithm>

#include "base/strings.h"

namespace fleet::kube {
namespace {

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_lower_or_digit(char c) {
  return is_lower(c) || is_digit(c);
}
bool is_letter_or_digit(char c) {
  return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z');
}

constexpr std::string_view kLabelRegex = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
constexpr std::string_view kSubdomainRegex =
    "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
constexpr std::string_view kQualifiedRegex = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
constexpr std::string_view kQualifiedRule =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    "alphanumeric character";

// "RULE (e.g. 'A',  or 'B', regex used for validation is 'R')", the doubled blank included.
std::string sentence(std::string_view rule,
                     std::string_view regex,
                     const std::vector<std::string_view>& examples) {
  std::string out = cat(rule, " (e.g. ");
  for (size_t i = 0; i < examples.size(); ++i) {
    if (i > 0) out += " or ";
    out += cat("'", examples[i], "', ");
  }
  return cat(out, "regex used for validation is '", regex, "')");
}

std::string too_long(size_t most, std::string_view unit) {
  return cat("must be no more than ", most, " ", unit);
}

std::string subdomain_sentence() {
  return sentence(
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
      "'.', and must start and end with an alphanumeric character",
      kSubdomainRegex,
      {"example.com"});
}

bool is_dns_label(std::string_view text) {
  if (text.empty() || !is_lower_or_digit(text.front()) || !is_lower_or_digit(text.back())) {
    return false;
  }
  return std::all_of(
      text.begin(), text.end(), [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

bool is_dns_subdomain(std::string_view text) {
  auto labels = split(text, '.');
  return std::all_of(labels.begin(), labels.end(), is_dns_label);
}

bool is_qualified_part(std::string_view text) {
  if (text.empty() || !is_letter_or_digit(text.front()) || !is_letter_or_digit(text.back())) {
    return false;
  }
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.';
  });
}

void check_dots(std::string_view text, Complaints& out) {
  if (text == ".") {
    out.push_back("must not be '.'");
  } else if (text == "..") {
    out.push_back("must not be '..'");
  } else if (text.starts_with("..")) {
    out.push_back("must not start with '..'");
  }
}

}  // namespace

Complaints check_dns1123_label(std::string_view text) {
  Complaints out;
  if (text.size() > kMaxDnsLabelBytes) out.push_back(too_long(kMaxDnsLabelBytes, "characters"));
  if (is_dns_label(text)) return out;
  if (is_dns_subdomain(text)) {
    out.push_back("must not contain dots");
  } else {
    out.push_back(sentence(
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
        "must start and end with an alphanumeric character",
        kLabelRegex,
        {"my-name", "123-abc"}));
  }
  return out;
}

Complaints check_dns1123_subdomain(std::string_view text) {
  Complaints out;
  if (text.size() > kMaxDnsSubdomainBytes) {
    out.push_back(too_long(kMaxDnsSubdomainBytes, "characters"));
  }
  if (!is_dns_subdomain(text)) {
    out.push_back(subdomain_sentence());
  }
  return out;
}

Complaints check_dns1035_label(std::string_view text) {
  Complaints out;
  if (text.size() > kMaxDnsLabelBytes) out.push_back(too_long(kMaxDnsLabelBytes, "characters"));
  if (!is_dns_label(text) || !is_lower(text.front())) {
    out.push_back(
        sentence("a DNS-1035 label must consist of lower case alphanumeric characters or '-', "
                 "start with an alphabetic character, and end with an alphanumeric character",
                 "[a-z]([-a-z0-9]*[a-z0-9])?",
                 {"my-name", "abc-123"}));
  }
  return out;
}

Complaints check_label_key(std::string_view text) {
  Complaints out;
  auto parts = split(text, '/');
  if (parts.size() > 2) {
    out.push_back(sentence(cat("a valid label key ", kQualifiedRule),
                           kQualifiedRegex,
                           {"MyName", "my.name", "123-abc"}) +
                  " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
    return out;
  }
  if (parts.size() == 2) {
    if (parts[0].empty()) {
      out.push_back("prefix part must be non-empty");
    } else {
      if (parts[0].size() > kMaxDnsSubdomainBytes) {
        out.push_back("prefix part " + too_long(kMaxDnsSubdomainBytes, "bytes"));
      }
      if (!is_dns_subdomain(parts[0])) {
        out.push_back("prefix part " + subdomain_sentence());
      }
    }
  }
  std::string_view name = parts.back();
  if (name.empty()) {
    out.push_back("name part must be non-empty");
  } else if (name.size() > kMaxQualifiedNameBytes) {
    out.push_back("name part " + too_long(kMaxQualifiedNameBytes, "bytes"));
  }
  if (!is_qualified_part(name)) {
    out.push_back("name part " +
                  sentence(kQualifiedRule, kQualifiedRegex, {"MyName", "my.name", "123-abc"}));
  }
  return out;
}

Complaints check_qualified_name(std::string_view text) {
  return check_label_key(text);
}

Complaints check_label_value(std::string_view text) {
  Complaints out;
  if (text.size() > kMaxLabelValueBytes) out.push_back(too_long(kMaxLabelValueBytes, "bytes"));
  if (!text.empty() && !is_qualified_part(text)) {
    out.push_back(sentence(
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
        "'.', and must start and end with an alphanumeric character",
        "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?",
        {"MyValue", "my_value", "12345"}));
  }
  return out;
}

Complaints check_port_name(std::string_view text) {
  Complaints out;
  if (text.size() > 15) out.push_back(too_long(15, "characters"));
  bool charset = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_lower_or_digit(c) || c == '-';
  });
  if (!charset) {
    out.push_back("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  }
  if (std::none_of(text.begin(), text.end(), is_lower)) {
    out.push_back("must contain at least one letter (a-z)");
  }
  if (contains(text, "--")) out.push_back("must not contain consecutive hyphens");
  if (text.starts_with('-') || text.ends_with('-')) {
    out.push_back("must not begin or end with a hyphen");
  }
  return out;
}

Complaints check_env_var_name(std::string_view text) {
  Complaints out;
  if (text.empty()) out.push_back("environment variable name must be non-empty");
  bool fine = std::all_of(
      text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~' && c != '='; });
  if (!fine) {
    out.push_back(
        "a valid environment variable name must consist only of printable ASCII characters other "
        "than '='");
  }
  return out;
}

Complaints check_config_map_key(std::string_view text) {
  Complaints out;
  if (text.size() > kMaxDnsSubdomainBytes) {
    out.push_back(too_long(kMaxDnsSubdomainBytes, "characters"));
  }
  bool fine = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.';
  });
  if (!fine) {
    out.push_back(
        sentence("a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
                 "[-._a-zA-Z0-9]+",
                 {"key.name", "KEY_NAME", "key-name"}));
  }
  check_dots(text, out);
  return out;
}

Complaints check_path_segment(std::string_view text) {
  Complaints out;
  if (text == ".") return {"may not be '.'"};
  if (text == "..") return {"may not be '..'"};
  for (char c : std::string_view("/%")) {
    if (text.find(c) != std::string_view::npos) out.push_back(cat("may not contain '", c, "'"));
  }
  return out;
}

}  // namespace fleet::kube
