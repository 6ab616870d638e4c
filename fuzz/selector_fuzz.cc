// Selectors: what is printed reads back equal; names and field selectors never crash.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "kube/meta/names.h"
#include "kube/meta/selector.h"

using fleet::kube::FieldSelector;
using fleet::kube::LabelSelector;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  auto labels = LabelSelector::parse(text);
  if (labels.ok()) {
    auto again = LabelSelector::parse(labels->str());
    if (!again.ok() || again->str() != labels->str()) std::abort();
  }
  auto fields = FieldSelector::parse(text);
  if (fields.ok()) {
    auto again = FieldSelector::parse(fields->str());
    if (!again.ok() || again->terms().size() != fields->terms().size()) std::abort();
  }
  fleet::kube::check_label_key(text);
  fleet::kube::check_dns1123_subdomain(text);
  return 0;
}
