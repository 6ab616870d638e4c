#include "kube/apiserver/filter.h"

#include "base/strings.h"

namespace fleet::kube::apiserver {

Reply<Filter> Filter::of(const Call& call) {
  Filter filter;
  filter.served_ = call.served;
  filter.labels_ = TRY(LabelSelector::parse(call.query().value("labelSelector")));
  filter.fields_ = TRY(FieldSelector::parse(call.query().value("fieldSelector")));
  for (const auto& term : filter.fields_.terms()) {
    if (term.field == "metadata.name" || term.field == "metadata.namespace") continue;
    if (!call.served->rules->selectable(data::Value(), term.field)) {
      return Status::bad_request(cat("field label not supported: ", term.field));
    }
  }
  return filter;
}

bool Filter::matches(const data::Value& object) const {
  if (!labels_.is_everything() && !labels_.matches(object.at({"metadata", "labels"}))) return false;
  if (fields_.empty()) return true;
  return fields_.matches([&](std::string_view field) -> std::string {
    if (field == "metadata.name") return object.at({"metadata", "name"}).to_string();
    if (field == "metadata.namespace") return object.at({"metadata", "namespace"}).to_string();
    return served_->rules->selectable(object, field).value_or("");
  });
}

}  // namespace fleet::kube::apiserver
