#include "base/strings.h"
#include "gotemplate/regex_cache.h"
#include "gotemplate/sprig.h"
#include "text/regex.h"

namespace fleet::gotemplate {
namespace {

constexpr uint64_t kStepsPerPart = 20;  // to compile a pattern

// Large patterns take long to compile.
Result<const text::Regex*> compile(Execution& run, std::string_view pattern) {
  if (!run.regexes().has(pattern)) TRY(work(run, text::regex_size(pattern) * kStepsPerPart));
  return run.regexes().find(pattern);
}

// MustCompile's panic, which the functions without "must" show.
Result<const text::Regex*> must_compile(Execution& run, std::string_view pattern) {
  auto regex = compile(run, pattern);
  if (regex.ok() || is_limit(regex.error())) return regex;
  std::string quoted =
      pattern.find('`') == std::string_view::npos ? cat("`", pattern, "`") : quote(pattern);
  return failure(cat("regexp: Compile(", quoted, "): ", regex.error().message()));
}

using Compile = Result<const text::Regex*> (*)(Execution& run, std::string_view pattern);

// Long texts take long: a step for every 8 bytes.
Result<> charge(Execution& run, std::string_view text) {
  TRY(work(run, text.size() / 8 + 1));
  run.regexes().matched(text.size());
  return {};
}

Result<Value> list_of(Execution& run, const std::vector<std::string>& parts) {
  uint64_t bytes = 0;
  for (const auto& part : parts)
    bytes += part.size() + sizeof(Value);
  TRY(room_for(run, bytes));
  return make_string_list(run.heap(), parts);
}

Result<Value> regex_match(Execution& run, Args a) {
  auto regex = compile(run, text_of(a[0]));
  if (!regex.ok() && is_limit(regex.error())) return std::move(regex).error();
  if (!regex.ok()) return Value::boolean(false);
  TRY(charge(run, text_of(a[1])));
  return Value::boolean((*regex)->matches(text_of(a[1])));
}

Result<Value> must_regex_match(Execution& run, Args a) {
  const text::Regex* regex = TRY(compile(run, text_of(a[0])));
  TRY(charge(run, text_of(a[1])));
  return Value::boolean(regex->matches(text_of(a[1])));
}

template <Compile compile_pattern>
Result<Value> find(Execution& run, Args a) {
  const text::Regex* regex = TRY(compile_pattern(run, text_of(a[0])));
  TRY(charge(run, text_of(a[1])));
  auto match = regex->find(text_of(a[1]));
  return Value::string(match ? (*match)[0].in(text_of(a[1])) : std::string_view());
}

int limit_of(const Value& value) {
  int64_t limit = value.as_int();
  if (limit < 0) return -1;
  return limit > INT32_MAX ? INT32_MAX : static_cast<int>(limit);
}

template <Compile compile_pattern>
Result<Value> find_all(Execution& run, Args a) {
  const text::Regex* regex = TRY(compile_pattern(run, text_of(a[0])));
  TRY(charge(run, text_of(a[1])));
  TRY(room_for(run, text_of(a[1]).size() * 48));
  std::vector<Value> out;
  for (const auto& match : regex->find_all(text_of(a[1]), limit_of(a[2]))) {
    out.push_back(Value::string(match[0].in(text_of(a[1]))));
  }
  if (out.empty()) return Value::nil_of(types::kStringList);
  return make_list(run.heap(), out, types::kStringList);
}

template <Compile compile_pattern>
Result<Value> replace(Execution& run, Args a) {
  const text::Regex* regex = TRY(compile_pattern(run, text_of(a[0])));
  TRY(charge(run, text_of(a[1])));
  TRY(room_for(run, (text_of(a[1]).size() + 1) * (text_of(a[2]).size() + 1)));
  return kept(run, regex->replace_all(text_of(a[1]), text_of(a[2])));
}

template <Compile compile_pattern>
Result<Value> replace_literal(Execution& run, Args a) {
  const text::Regex* regex = TRY(compile_pattern(run, text_of(a[0])));
  TRY(charge(run, text_of(a[1])));
  TRY(room_for(run, (text_of(a[1]).size() + 1) * (text_of(a[2]).size() + 1)));
  return kept(run, regex->replace_all_literal(text_of(a[1]), text_of(a[2])));
}

template <Compile compile_pattern>
Result<Value> split_fn(Execution& run, Args a) {
  const text::Regex* regex = TRY(compile_pattern(run, text_of(a[0])));
  TRY(charge(run, text_of(a[1])));
  TRY(room_for(run, text_of(a[1]).size() * 48));
  if (a[2].as_int() == 0) return Value::nil_of(types::kStringList);
  return list_of(run, regex->split(text_of(a[1]), limit_of(a[2])));
}

Result<Value> quote_meta(Execution& run, Args a) {
  return kept(run, text::regex_quote(text_of(a[0])));
}

constexpr Function kFunctions[] = {
    {"regexMatch", "ss", &regex_match},
    {"mustRegexMatch", "ss", &must_regex_match},
    {"regexFind", "ss", &find<must_compile>},
    {"mustRegexFind", "ss", &find<compile>},
    {"regexFindAll", "ssi", &find_all<must_compile>},
    {"mustRegexFindAll", "ssi", &find_all<compile>},
    {"regexReplaceAll", "sss", &replace<must_compile>},
    {"mustRegexReplaceAll", "sss", &replace<compile>},
    {"regexReplaceAllLiteral", "sss", &replace_literal<must_compile>},
    {"mustRegexReplaceAllLiteral", "sss", &replace_literal<compile>},
    {"regexSplit", "ssi", &split_fn<must_compile>},
    {"mustRegexSplit", "ssi", &split_fn<compile>},
    {"regexQuoteMeta", "s", &quote_meta},
};

}  // namespace

std::span<const Function> sprig_regex_functions() {
  return kFunctions;
}

}  // namespace fleet::gotemplate
