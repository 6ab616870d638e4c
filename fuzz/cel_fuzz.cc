// CEL: any expression compiles or is refused, and every evaluation ends at its cost limit.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "data/value/value.h"
#include "kube/cel/program.h"

using fleet::data::Value;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  auto program = fleet::kube::cel::Program::compile(text, {"self", "oldSelf"});
  if (!program.ok()) return 0;
  Value self = Value::object({{"a", 1},
                              {"b", "text"},
                              {"c", Value::array({1, 2, "x"})},
                              {"d", Value::object({{"e", 1.5}, {"f", nullptr}})},
                              {"t", "2026-01-02T03:04:05Z"}});
  fleet::kube::cel::Program::Limits limits;
  limits.cost = 20'000;
  auto answer = program->evaluate({{"self", &self, false}, {"oldSelf", nullptr, true}}, limits);
  return answer.ok() ? 0 : 0;
}
