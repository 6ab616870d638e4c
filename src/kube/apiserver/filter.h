// Which objects a list, a watch or a deletecollection is about.
#pragma once

#include "kube/apiserver/core.h"
#include "kube/meta/selector.h"

namespace fleet::kube::apiserver {

class Filter {
 public:
  // Of a call's labelSelector and fieldSelector. BadRequest for texts that are none, and for
  // fields that the kind does not offer: `field label not supported: x`.
  static Reply<Filter> of(const Call& call);

  bool is_everything() const { return labels_.is_everything() && fields_.empty(); }
  bool matches(const data::Value& object) const;
  // When the fields pin one name: the only key that can match begins with it.
  const std::string* exact_name() const { return fields_.exact("metadata.name"); }

 private:
  ServedPtr served_;
  LabelSelector labels_;
  FieldSelector fields_;
};

}  // namespace fleet::kube::apiserver
