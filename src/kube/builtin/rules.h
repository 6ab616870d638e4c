// What kube-apiserver 1.36 does to objects of built-in kinds before it stores them.
//
// In the order of use: check_types (the reader's errors), prune, set_defaults, validate.
// Covered: every field that is in schema.h for types and unknown fields; defaults and checks of
// the kinds and fields that charts use. Pure. Threads: any.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "data/value/value.h"
#include "kube/builtin/kinds.h"
#include "kube/meta/column.h"
#include "kube/meta/names.h"
#include "kube/meta/status.h"

namespace fleet::kube::builtin {

// BadRequest with the reader's text: `Deployment in version "v1" cannot be handled as a Deployment:
// json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32`.
// Also drops nulls and fields that the kind does not have, which are named: unknown field "spec.x".
Result<> read_strictly(const Kind& kind, data::Value& object, std::vector<std::string>& unknown);

// Sets what is absent to what kube-apiserver would: spec.strategy, ports' protocol, ...
// Idempotent.
void set_defaults(const Kind& kind, data::Value& object);

// Before an update is checked: what was allocated once and is left out now stays (a Service's
// addresses and node ports).
void carry_over(const Kind& kind, data::Value& object, const data::Value& old);

// What may not be so, in kube-apiserver's words; metadata is checked elsewhere. `old` is null for
// a creation.
FieldErrors validate(const Kind& kind, const data::Value& object, const data::Value* old);

// The rule for names of the kind: DNS subdomain, DNS label, path segment, ...
Complaints check_name(const Kind& kind, std::string_view name);

bool counts_generations(const Kind& kind);
bool allows_unconditional_update(const Kind& kind);

// A field that selectors may name beside metadata.name and metadata.namespace; nothing when the
// kind does not offer it.
std::optional<std::string> selectable(const Kind& kind,
                                      const data::Value& object,
                                      std::string_view field);

// As `kubectl get` shows the kind: with ages, ready counts and -o wide columns.
std::vector<Column> columns(const Kind& kind);
std::vector<data::Value> cells(const Kind& kind, const data::Value& object, TimePoint now);

// Between a kind and the one that it is stored as (kinds.h): autoscaling/v1 and v2, events.
data::Value to_storage(const Kind& kind, data::Value object);
data::Value from_storage(const Kind& kind, data::Value object);

}  // namespace fleet::kube::builtin
