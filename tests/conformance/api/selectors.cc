// Table `selectors`: label and field selectors, and the rules for names.
#include "api/parts.h"
#include "kube/meta/names.h"
#include "kube/meta/selector.h"

namespace fleet::conformance {
namespace {

using data::Value;

Value matches_of(const kube::LabelSelector& selector, const Value& sets) {
  Value out = Value::array();
  for (const Value& labels : sets.items()) {
    out.push_back(selector.matches(labels));
  }
  return out;
}

Value complaints_of(const kube::Complaints& complaints) {
  if (complaints.empty()) return nullptr;
  Value out = Value::array();
  for (const std::string& complaint : complaints) {
    out.push_back(complaint);
  }
  return out;
}

Result<Value> run_text(const Value& in) {
  auto selector = TRY(kube::LabelSelector::parse(in["selector"].as_string()));
  return Value::object({{"string", selector.str()},
                        {"empty", selector.is_everything()},
                        {"matches", matches_of(selector, in["labels"])}});
}

Result<Value> run_object(const Value& in) {
  auto selector = TRY(kube::LabelSelector::from_value(in["selector"]));
  return Value::object({{"format", kube::format_label_selector(in["selector"])},
                        {"string", selector.str()},
                        {"matches", matches_of(selector, in["labels"])}});
}

Result<Value> run(const std::string& group, const Value& in) {
  if (group == "string") return run_text(in);
  if (group == "object") return run_object(in);
  if (group == "field") {
    return Value(TRY(kube::FieldSelector::parse(in["selector"].as_string())).str());
  }
  if (group == "to-object") {
    auto object = TRY(kube::parse_to_label_selector(in["selector"].as_string()));
    return Value(kube::format_label_selector(object));
  }
  std::string text = in["text"].to_string();
  if (group == "label-value") return complaints_of(kube::check_label_value(text));
  if (group == "label-key") return complaints_of(kube::check_label_key(text));
  if (group == "dns-label") return complaints_of(kube::check_dns1123_label(text));
  if (group == "dns-subdomain") return complaints_of(kube::check_dns1123_subdomain(text));
  return Error(Code::Unsupported, "no such group: " + group);
}

}  // namespace

void add_selectors(Families& families) {
  add_table(families, "selectors", run);
}

}  // namespace fleet::conformance
