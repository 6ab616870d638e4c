// Summary: one word, two flags and a few sentences about an object, as Fleet's agent reports them.
//
// As Fleet 0.16: conditions first (a table of known types, an error table per kind), then
// status.phase, then kstatus. An object is ready when it is neither in error nor in transition.
// Pure: `now` is passed on to kstatus.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "data/value/value.h"
#include "kube/meta/gvk.h"

namespace fleet::kube {

struct Summary {
  std::string state;  // lower case; "active" when nothing else was found
  bool error = false;
  bool transitioning = false;
  std::vector<std::string> messages;  // trimmed, no blanks, no doubles

  bool is_ready() const { return !error && !transitioning; }
};

// Which statuses of a condition type are errors, by kind.
class ErrorTable {
 public:
  // Fleet's own table.
  ErrorTable();
  // With the entries of CATTLE_WRANGLER_CHECK_GVK_ERROR_MAPPING's JSON: a list of
  // {"gvk": "apps/v1, Kind=Deployment", "conditionMappings": [{"type", "status": [..]}]}.
  // Errors: Invalid when an entry has another form.
  Result<> merge(const data::Value& overrides);

  bool is_error(const GroupVersionKind& gvk, std::string_view type, std::string_view status) const;

 private:
  using Statuses = std::set<std::string, std::less<>>;
  using Types = std::map<std::string, Statuses, std::less<>>;
  std::map<GroupVersionKind, Types> kinds_;
  Types fallback_;
};

Summary summarize(const data::Value& object,
                  TimePoint now,
                  const ErrorTable& errors = ErrorTable());

}  // namespace fleet::kube
