#include "cli/flags.h"

#include <algorithm>
#include <cstdlib>

#include "base/strings.h"
#include "sys/environment.h"

namespace fleet::cli {

namespace {

Error usage(std::string message) {
  return {Code::BadRequest, std::move(message)};
}

std::optional<bool> parse_bool(std::string_view text) {
  for (std::string_view yes : {"1", "t", "T", "TRUE", "true", "True"}) {
    if (text == yes) return true;
  }
  for (std::string_view no : {"0", "f", "F", "FALSE", "false", "False"}) {
    if (text == no) return false;
  }
  return std::nullopt;
}

// One line of CSV, as pflag splits the values of a list.
std::vector<std::string> split_csv(std::string_view line) {
  std::vector<std::string> out(1);
  bool is_quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    char c = line[i];
    if (is_quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      out.back() += '"';
      ++i;
    } else if (c == '"') {
      is_quoted = !is_quoted;
    } else if (c == ',' && !is_quoted) {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

}  // namespace

Flags::Flags() {
  flag("h,help", wants_help_, "Print this help.");
}

void Flags::add(std::string_view name, Type type, void* value, std::string_view help) {
  Entry entry;
  auto parts = cut(name, ",");
  entry.name = parts ? parts->after : name;
  if (parts) entry.letter = parts->before.front();
  entry.type = type;
  entry.value = value;
  entry.help = help;
  entry.fallback = shown(entry);
  entries_.push_back(std::move(entry));
}

void Flags::flag(std::string_view name, bool& value, std::string_view help) {
  add(name, Type::Bool, &value, help);
}
void Flags::text(std::string_view name, std::string& value, std::string_view help) {
  add(name, Type::Text, &value, help);
}
void Flags::integer(std::string_view name, int64_t& value, std::string_view help) {
  add(name, Type::Integer, &value, help);
}
void Flags::real(std::string_view name, double& value, std::string_view help) {
  add(name, Type::Real, &value, help);
}
void Flags::texts(std::string_view name, std::vector<std::string>& values, std::string_view help) {
  add(name, Type::Texts, &values, help);
}
void Flags::list(std::string_view name, std::vector<std::string>& values, std::string_view help) {
  add(name, Type::List, &values, help);
}

void Flags::environment(std::string_view name, std::string_view variable) {
  if (Entry* entry = find(name)) entry->variable = variable;
}

void Flags::hide(std::string_view name) {
  if (Entry* entry = find(name)) entry->is_hidden = true;
}

Flags::Entry* Flags::find(std::string_view name) {
  auto found = std::ranges::find(entries_, name, &Entry::name);
  return found == entries_.end() ? nullptr : &*found;
}

Flags::Entry* Flags::find(char letter) {
  auto found = std::ranges::find(entries_, letter, &Entry::letter);
  return found == entries_.end() ? nullptr : &*found;
}

std::string Flags::shown(const Entry& entry) {
  switch (entry.type) {
    case Type::Bool:
      return *static_cast<const bool*>(entry.value) ? "true" : "false";
    case Type::Text:
      return *static_cast<const std::string*>(entry.value);
    case Type::Integer:
      return std::to_string(*static_cast<const int64_t*>(entry.value));
    case Type::Real:
      return to_text(*static_cast<const double*>(entry.value));
    case Type::Texts:
    case Type::List:
      break;
  }
  return join(*static_cast<const std::vector<std::string>*>(entry.value), ",");
}

Result<> Flags::set(Entry& entry, const std::string& text) {
  auto refuse = [&](std::string_view function) {
    std::string name =
        entry.letter ? cat("-", entry.letter, ", --", entry.name) : cat("--", entry.name);
    return usage(cat("invalid argument ",
                     quote(text),
                     " for ",
                     quote(name),
                     " flag: strconv.",
                     function,
                     ": parsing ",
                     quote(text),
                     ": invalid syntax"));
  };
  switch (entry.type) {
    case Type::Bool: {
      auto value = parse_bool(text);
      if (!value) return refuse("ParseBool");
      *static_cast<bool*>(entry.value) = *value;
      return {};
    }
    case Type::Text:
      *static_cast<std::string*>(entry.value) = text;
      return {};
    case Type::Integer: {
      auto value = parse_int(trim_prefix(text, "+"));
      if (!value) return refuse("ParseInt");
      *static_cast<int64_t*>(entry.value) = *value;
      return {};
    }
    case Type::Real: {
      char* end = nullptr;
      double value = std::strtod(text.c_str(), &end);
      if (text.empty() || *end != '\0') return refuse("ParseFloat");
      *static_cast<double*>(entry.value) = value;
      return {};
    }
    case Type::Texts:
      static_cast<std::vector<std::string>*>(entry.value)->push_back(text);
      return {};
    case Type::List:
      break;
  }
  auto& values = *static_cast<std::vector<std::string>*>(entry.value);
  for (std::string& value : split_csv(text)) {
    values.push_back(std::move(value));
  }
  return {};
}

Result<> Flags::read_long(std::span<const std::string> args, size_t& at) {
  std::string_view body = std::string_view(args[at]).substr(2);
  auto parts = cut(body, "=");
  std::string_view name = parts ? parts->before : body;
  if (name.empty()) return usage(cat("bad flag syntax: ", args[at]));
  Entry* entry = find(name);
  if (!entry) return usage(cat("unknown flag: --", name));
  if (parts) return set(*entry, std::string(parts->after));
  if (entry->type == Type::Bool) return set(*entry, "true");
  if (at + 1 >= args.size()) return usage(cat("flag needs an argument: --", name));
  return set(*entry, args[++at]);
}

Result<> Flags::read_letters(std::span<const std::string> args, size_t& at) {
  std::string_view letters = std::string_view(args[at]).substr(1);
  for (size_t i = 0; i < letters.size(); ++i) {
    Entry* entry = find(letters[i]);
    if (!entry) {
      return usage(cat("unknown shorthand flag: '", letters[i], "' in -", letters));
    }
    std::string_view rest = letters.substr(i + 1);
    if (rest.starts_with('=')) return set(*entry, std::string(rest.substr(1)));
    if (entry->type == Type::Bool) {
      TRY(set(*entry, "true"));
      continue;
    }
    if (!rest.empty()) return set(*entry, std::string(rest));
    if (at + 1 >= args.size()) {
      return usage(cat("flag needs an argument: '", letters[i], "' in -", letters));
    }
    return set(*entry, args[++at]);
  }
  return {};
}

Result<std::vector<std::string>> Flags::parse(std::span<const std::string> args) {
  std::vector<std::string> out;
  for (size_t at = 0; at < args.size(); ++at) {
    const std::string& arg = args[at];
    if (arg == "--") {
      out.insert(out.end(), args.begin() + static_cast<std::ptrdiff_t>(at) + 1, args.end());
      break;
    }
    if (arg.starts_with("--")) {
      TRY(read_long(args, at));
    } else if (arg.size() > 1 && arg.front() == '-') {
      TRY(read_letters(args, at));
    } else {
      out.push_back(arg);
    }
  }
  TRY(read_environment());
  return out;
}

Result<> Flags::read_environment() {
  for (Entry& entry : entries_) {
    if (entry.variable.empty()) continue;
    std::string value = sys::env(entry.variable).value_or("");
    if (value.empty()) continue;
    std::string now = shown(entry);
    // As upstream, a default that was given on the command line gives way to the environment.
    if (now.empty() || now == entry.fallback) TRY(set(entry, value));
  }
  return {};
}

std::string Flags::help() const {
  std::vector<std::pair<std::string, std::string>> lines;
  size_t width = 0;
  for (const Entry& entry : entries_) {
    if (entry.is_hidden) continue;
    std::string left =
        entry.letter ? cat("-", entry.letter, ", --", entry.name) : cat("    --", entry.name);
    if (entry.type != Type::Bool)
      left += cat("=",
                  entry.type == Type::Text    ? quote(entry.fallback)
                  : entry.type >= Type::Texts ? cat("[", entry.fallback, "]")
                                              : entry.fallback);
    std::string right = entry.help;
    if (!entry.variable.empty()) right += cat(" [", entry.variable, "]");
    width = std::max(width, left.size());
    lines.emplace_back(std::move(left), std::move(right));
  }
  std::string out;
  for (const auto& [left, right] : lines) {
    out += cat("  ", left, std::string(width - left.size() + 3, ' '), right, "\n");
  }
  return out;
}

}  // namespace fleet::cli
