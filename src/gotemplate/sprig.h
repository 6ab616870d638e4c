// What the files of sprig's functions share. For the .cc files of this room.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gotemplate/exec.h"

namespace fleet::gotemplate {

using Args = std::span<const Value>;

inline Error failure(std::string message) {
  return Error(Code::Invalid, std::move(message));
}
inline Value kept(Execution& run, std::string_view text) {
  return Value::string(run.heap().copy(text));
}
inline Value number(int64_t n) {
  return Value::integer(n);
}
inline Value number64(int64_t n) {
  return Value::integer(n, Kind::Int64);
}
inline std::string_view text_of(const Value& value) {
  return value.as_string();
}

// An error when `bytes` more would exceed the render's memory.
Result<> room_for(Execution& run, uint64_t bytes);
// Counts `steps` of work that the interpreter does not see; an error when the render's are used up.
Result<> work(Execution& run, uint64_t steps);
inline constexpr size_t kParsedPerStep = 1;  // bytes of a document that are read for one step
// Whether an error is a limit of ours. Functions that make other errors into texts pass it on.
inline bool is_limit(const Error& error) {
  return error.code() == Code::RequestEntityTooLarge;
}

// sprig's strval: strings as they are, String() of what has it, else %v. Lies in the heap.
std::string_view strval(Execution& run, const Value& value);
// cast.ToInt64 and cast.ToFloat64: 0 for what is no number.
int64_t to_int64(const Value& value);
double to_float64(const Value& value);
// A float as Go on amd64 converts it: out of range gives the smallest number.
int64_t truncate_float(double number);
// strconv.ParseInt in base 10 with its error ignored: 0, or the nearest number when out of range.
int64_t parse_clamped(std::string_view text);
// reflect.Kind's name: "slice", "map", "invalid".
std::string_view kind_name(const Value& value);
// sprig's empty.
inline bool is_empty(const Value& value) {
  return !is_true(value);
}
bool is_list_kind(const Value& value);  // slices, []byte too
// The elements of any slice.
std::span<const Value> elements(Execution& run, const Value& list);
// sprig's strslice: nils dropped, a scalar is a list of one.
std::vector<std::string_view> string_slice(Execution& run, const Value& value);

// As strings.SplitN and strings.Replace, empty separators included. Parts are 16 bytes each: ask
// `room_for_parts` first.
std::vector<std::string_view> go_split(std::string_view text,
                                       std::string_view separator,
                                       int64_t n);
Result<> room_for_parts(Execution& run, std::string_view text, std::string_view separator);
std::string go_replace(std::string_view text, std::string_view from, std::string_view to);
std::string map_runes(std::string_view text, char32_t (*map)(char32_t));

// The tables, one a file.
std::span<const Function> sprig_string_functions();
std::span<const Function> sprig_case_functions();
std::span<const Function> sprig_number_functions();
std::span<const Function> sprig_date_functions();
std::span<const Function> sprig_list_functions();
std::span<const Function> sprig_dict_functions();
std::span<const Function> sprig_logic_functions();
std::span<const Function> sprig_encoding_functions();
std::span<const Function> sprig_regex_functions();
std::span<const Function> sprig_semver_functions();
std::span<const Function> sprig_crypto_functions();
std::span<const Function> sprig_system_functions();
std::span<const Function> helm_only_functions();

}  // namespace fleet::gotemplate
