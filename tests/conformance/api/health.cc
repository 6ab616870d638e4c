// The table of readiness: kstatus and the summary of Fleet's agent.
#include "frame/families.h"
#include "kube/health/kstatus.h"
#include "kube/health/summary.h"

namespace fleet::conformance {

using data::Value;

namespace {

// Later than every time in the table, as the recorder's clock was.
const TimePoint kRecorded = TimePoint(std::chrono::seconds(1'780'000'000));

Value kstatus_out(const kube::KStatus& status) {
  Value conditions = Value::array();
  if (status.progress == kube::Progress::InProgress || status.progress == kube::Progress::Failed) {
    const bool failed = status.progress == kube::Progress::Failed;
    Value condition =
        Value::object({{"type", failed ? "Stalled" : "Reconciling"}, {"status", "True"}});
    if (!status.reason.empty()) condition.set("reason", status.reason);
    if (!status.condition_message.empty()) condition.set("message", status.condition_message);
    conditions.push_back(std::move(condition));
  }
  return Value::object({{"status", kube::to_string(status.progress)},
                        {"message", status.message},
                        {"conditions", std::move(conditions)}});
}

Value summary_out(const kube::Summary& summary) {
  Value messages = Value::array();
  for (const std::string& message : summary.messages)
    messages.push_back(message);
  return Value::object({{"state", summary.state},
                        {"error", summary.error},
                        {"transitioning", summary.transitioning},
                        {"messages", summary.messages.empty() ? Value() : std::move(messages)}});
}

Result<Value> run(const std::string& group, const Value& in) {
  if (group == "summary") return summary_out(kube::summarize(in["object"], kRecorded));
  return kstatus_out(TRY(kube::kstatus(in["object"], kRecorded)));
}

}  // namespace

void add_health(Families& families) {
  add_table(families, "health", run);
}

}  // namespace fleet::conformance
