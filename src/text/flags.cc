#include "text/flags.h"

#include <algorithm>

#include "base/strings.h"

namespace fleet::text {
namespace {

Result<std::string> switch_value(const std::string& word, std::string_view text) {
  Result<bool> on = parse_bool(text);
  if (on.ok()) return std::string(*on ? "true" : "false");
  return Error(
      Code::BadRequest,
      cat("invalid argument ", quote(text), " for ", quote(word), " flag: ", on.error().message()));
}

}  // namespace

Result<bool> parse_bool(std::string_view text) {
  for (std::string_view word : {"1", "t", "T", "TRUE", "true", "True"}) {
    if (text == word) return true;
  }
  for (std::string_view word : {"0", "f", "F", "FALSE", "false", "False"}) {
    if (text == word) return false;
  }
  return Error(Code::BadRequest,
               cat("strconv.ParseBool: parsing ", quote(text), ": invalid syntax"));
}

Result<std::vector<std::string>> read_flags(std::span<const std::string> words,
                                            std::span<const Flag> flags) {
  std::vector<std::string> rest;
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--") {
      rest.insert(rest.end(), words.begin() + static_cast<ptrdiff_t>(i) + 1, words.end());
      break;
    }
    if (!words[i].starts_with("--")) {
      rest.push_back(words[i]);
      continue;
    }
    const auto pair = cut(words[i], "=");
    const std::string word(pair ? pair->before : words[i]);
    const auto flag = std::find_if(
        flags.begin(), flags.end(), [&](const Flag& f) { return f.name == word.substr(2); });
    if (flag == flags.end()) return Error(Code::BadRequest, cat("unknown flag: ", word));
    std::string value;
    if (flag->kind == Flag::Kind::Switch) {
      value = TRY(switch_value(word, pair ? pair->after : "true"));
    } else if (pair) {
      value = pair->after;
    } else if (i + 1 < words.size()) {
      value = words[++i];
    } else {
      return Error(Code::BadRequest, cat("flag needs an argument: ", word));
    }
    if (flag->value != nullptr) *flag->value = std::move(value);
  }
  return rest;
}

}  // namespace fleet::text
