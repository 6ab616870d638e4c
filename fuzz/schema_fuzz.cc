// Schemas and documents: compiling and validating end, and give the same answer twice.
// Input: a schema, a line "---", a document.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "data/json/parse.h"
#include "data/schema/schema.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  namespace schema = fleet::schema;
  std::string_view input(reinterpret_cast<const char*>(bytes), size);
  size_t cut = input.find("\n---\n");
  schema::Options options;
  options.load = [](const std::string&) -> fleet::Result<fleet::data::Value> {
    return fleet::data::Value(true);
  };
  auto compiled = schema::Schema::compile(input.substr(0, cut), options);
  if (!compiled.ok() || cut == std::string_view::npos) return 0;
  auto document = fleet::json::parse(input.substr(cut + 5));
  if (!document.ok()) return 0;
  auto first = compiled->validate(*document);
  auto second = compiled->validate(*document);
  if (first.ok() != second.ok()) __builtin_trap();
  if (!first.ok() && first.error().message() != second.error().message()) __builtin_trap();
  return 0;
}
