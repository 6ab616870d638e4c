// Table `quantity`: exact amounts.
#include "kube/meta/quantity.h"

#include <cmath>

#include "api/parts.h"
#include "base/strings.h"
#include "data/json/parse.h"

namespace fleet::conformance {
namespace {

using data::Value;

Result<Value> run_parse(const Value& in) {
  auto quantity = TRY(kube::Quantity::parse(in["quantity"].as_string()));
  double real = quantity.as_double();
  std::string shown = std::isinf(real) ? (real > 0 ? "+Inf" : "-Inf") : to_text(real);
  return Value::object({{"string", quantity.str()},
                        {"json", cat("\"", quantity.str(), "\"")},
                        {"value", quantity.value()},
                        {"milli", quantity.milli_value()},
                        {"dec", quantity.decimal()},
                        {"float", shown},
                        {"format", kube::to_string(quantity.format())},
                        {"sign", quantity.sign()},
                        {"zero", quantity.is_zero()}});
}

Result<Value> run_compare(const Value& in) {
  auto a = TRY(kube::Quantity::parse(in["a"].as_string()));
  auto b = TRY(kube::Quantity::parse(in["b"].as_string()));
  kube::Quantity sum = a;
  sum.add(b);
  kube::Quantity difference = a;
  difference.subtract(b);
  return Value::object(
      {{"cmp", a.compare(b)}, {"sum", sum.str()}, {"difference", difference.str()}});
}

Result<Value> run(const std::string& group, const Value& in) {
  if (group == "parse") return run_parse(in);
  if (group == "compare") return run_compare(in);
  if (group == "json") {
    json::ParseOptions options;
    options.numbers = json::Numbers::AsWritten;
    auto value = TRY(json::parse(in["json"].as_string(), options));
    return Value(TRY(kube::Quantity::from_value(value)).str());
  }
  return Error(Code::Unsupported, "no such group: " + group);
}

}  // namespace

void add_quantity(Families& families) {
  add_table(families, "quantity", run);
}

}  // namespace fleet::conformance
