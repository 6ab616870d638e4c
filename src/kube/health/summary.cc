#include "kube/health/summary.h"

#include <array>
#include <chrono>
#include <optional>
#include <utility>

#include "base/strings.h"
#include "data/json/parse.h"
#include "kube/health/kstatus.h"

namespace fleet::kube {
namespace {

using data::Value;

struct Word {
  std::string_view type;
  std::string_view state;
};

// True is fine, False an error, Unknown a transition.
constexpr std::array kUnknownMoves = {
    Word{"Active", "activating"},
    Word{"AddonDeploy", "provisioning"},
    Word{"AgentDeployed", "provisioning"},
    Word{"BackingNamespaceCreated", "configuring"},
    Word{"Built", "building"},
    Word{"CertsGenerated", "provisioning"},
    Word{"ConfigOK", "configuring"},
    Word{"Created", "creating"},
    Word{"CreatorMadeOwner", "configuring"},
    Word{"DefaultNamespaceAssigned", "configuring"},
    Word{"DefaultNetworkPolicyCreated", "configuring"},
    Word{"DefaultProjectCreated", "configuring"},
    Word{"DockerProvisioned", "provisioning"},
    Word{"Deployed", "deploying"},
    Word{"Drained", "draining"},
    Word{"Downloaded", "downloading"},
    Word{"etcd", "provisioning"},
    Word{"Inactive", "deactivating"},
    Word{"Initialized", "initializing"},
    Word{"Installed", "installing"},
    Word{"NodesCreated", "provisioning"},
    Word{"Pending", "pending"},
    Word{"PodScheduled", "scheduling"},
    Word{"Provisioned", "provisioning"},
    Word{"Reconciled", "reconciling"},
    Word{"Refreshed", "refreshed"},
    Word{"Registered", "registering"},
    Word{"Removed", "removing"},
    Word{"Saved", "saving"},
    Word{"Updated", "updating"},
    Word{"Updating", "updating"},
    Word{"Upgraded", "upgrading"},
    Word{"Waiting", "waiting"},
    Word{"InitialRolesPopulated", "activating"},
    Word{"ScalingActive", "pending"},
    Word{"AbleToScale", "pending"},
    Word{"RunCompleted", "running"},
    Word{"Processed", "processed"},
};

constexpr std::array kTrueMoves = {Word{"Reconciling", "reconciling"}};

// False is a transition, Unknown an error. An empty state is the condition's reason.
constexpr std::array kFalseMoves = {
    Word{"Completed", "activating"},
    Word{"Ready", "unavailable"},
    Word{"Available", "updating"},
    Word{"BootstrapReady", ""},
    Word{"InfrastructureReady", ""},
    Word{"NodeHealthy", ""},
};

template <size_t N>
std::optional<std::string_view> find(const std::array<Word, N>& words, std::string_view type) {
  for (const Word& word : words) {
    if (word.type == type) return word.state;
  }
  return std::nullopt;
}

// A scalar as text, as Go's converters read one.
std::string text_of(const Value& value) {
  if (value.is_bool()) return value.as_bool() ? "true" : "false";
  if (value.is_integer()) return cat(value.as_int());
  if (value.is_number()) return fleet::to_text(value.as_double());
  if (value.is_array() && !value.empty()) return text_of(value[0]);
  return value.to_string();
}

struct Seen {
  std::string type;
  std::string status;
  std::string reason;
  std::string message;
};

void add_conditions(const Value& list, std::vector<Seen>& out) {
  for (const Value& c : list.items()) {
    if (!c.is_object()) continue;
    out.push_back(Seen{
        text_of(c["type"]), text_of(c["status"]), text_of(c["reason"]), text_of(c["message"])});
  }
}

std::vector<Seen> conditions_of(const Value& object) {
  std::vector<Seen> out;
  add_conditions(object.at({"status", "conditions"}), out);
  const Value& note = object.at({"metadata", "annotations", "cattle.io/status"});
  if (note.is_string() && !note.as_string().empty()) {
    auto parsed = json::parse(note.as_string());
    if (parsed.ok()) add_conditions((*parsed)["conditions"], out);
  }
  return out;
}

void from_status_summary(const Value& object, Summary& summary) {
  const Value* words = &object.at({"status", "display"});
  if (!words->is_object() || words->empty()) words = &object.at({"status", "summary"});
  if (!words->is_object() || words->empty()) return;
  if (words->contains("state")) summary.state = text_of((*words)["state"]);
  if (words->contains("transitioning")) {
    summary.transitioning = text_of((*words)["transitioning"]) == "true";
  }
  if (words->contains("error")) summary.error = text_of((*words)["error"]) == "true";
  if (words->contains("message")) summary.messages.push_back(text_of((*words)["message"]));
}

void from_errors(const Value& object,
                 const std::vector<Seen>& conditions,
                 const ErrorTable& errors,
                 Summary& summary) {
  const auto gvk =
      GroupVersionKind::of(object["apiVersion"].as_string(), object["kind"].as_string());
  for (const Seen& c : conditions) {
    if (c.reason != "Error" && !errors.is_error(gvk, c.type, c.status)) continue;
    summary.error = true;
    summary.messages.push_back(c.message);
    if (summary.state.empty() || summary.state == "active") summary.state = "error";
  }
}

void move(Summary& summary, std::string_view state, const std::string& message) {
  summary.state = state;
  summary.messages.push_back(message);
}

void from_unknown_moves(const std::vector<Seen>& conditions, Summary& summary) {
  for (const Seen& c : conditions) {
    auto state = find(kUnknownMoves, c.type);
    if (!state) continue;
    if (c.status == "False") {
      summary.error = true;
      move(summary, *state, c.message);
    } else if (c.status == "Unknown" && summary.state.empty()) {
      summary.transitioning = true;
      move(summary, *state, c.message);
    }
  }
}

void from_true_moves(const std::vector<Seen>& conditions, Summary& summary) {
  for (const Seen& c : conditions) {
    if (!summary.state.empty()) return;
    auto state = find(kTrueMoves, c.type);
    if (!state || c.status != "True") continue;
    summary.transitioning = true;
    move(summary, *state, c.message);
  }
}

void from_false_moves(const std::vector<Seen>& conditions, Summary& summary) {
  const Seen* unready = nullptr;
  for (const Seen& c : conditions) {
    if (!summary.state.empty()) return;
    if (c.type == "Ready" && c.status == "False") {
      unready = &c;
      continue;
    }
    auto state = find(kFalseMoves, c.type);
    if (!state || (c.status != "False" && c.status != "Unknown")) continue;
    (c.status == "False" ? summary.transitioning : summary.error) = true;
    move(summary, state->empty() ? std::string_view(c.reason) : *state, c.message);
  }
  if (!summary.state.empty() || unready == nullptr) return;
  summary.transitioning = true;
  move(summary, "unavailable", unready->message);
}

void from_active(const Value& object, Summary& summary) {
  if (!summary.state.empty()) return;
  const std::string active = text_of(object.at({"spec", "active"}));
  if (active == "true") summary.state = "active";
  if (active == "false") summary.state = "inactive";
}

void from_phase(const Value& object, Summary& summary) {
  const std::string phase = text_of(object.at({"status", "phase"}));
  if (phase == "Succeeded" || phase == "Bound") {
    summary.state = phase;
    summary.transitioning = false;
  } else if (!phase.empty() && summary.state.empty()) {
    summary.state = phase;
  }
}

// metadata.removed is what Norman, Rancher's old API, writes instead of deletionTimestamp.
void from_removed(const Value& object,
                  const std::vector<Seen>& conditions,
                  TimePoint now,
                  Summary& summary) {
  const std::string removed = text_of(object.at({"metadata", "removed"}));
  if (removed.empty()) return;
  summary.state = "removing";
  summary.transitioning = true;
  for (const Seen& c : conditions) {
    if (c.type == "Removed" && (c.status == "Unknown" || c.status == "False")) {
      summary.messages.push_back(c.message);
    }
  }
  const Value* finalizers = &object.at({"metadata", "finalizers"});
  if (finalizers->empty()) finalizers = &object.at({"spec", "finalizers"});
  if (finalizers->empty()) return;
  std::string first = text_of((*finalizers)[0]);
  if (auto parts = cut_last(first, "controller.cattle.io/")) first = std::string(parts->after);
  if (first == "foregroundDeletion") first = "object cleanup";
  summary.messages.push_back("waiting on " + first);
  auto since = parse_rfc3339(removed);
  if (since && *since + std::chrono::minutes(5) < now) summary.error = true;
}

void from_kstatus(const KStatus& status, Summary& summary) {
  switch (status.progress) {
    case Progress::InProgress:
      summary.state = "in-progress";
      summary.transitioning = true;
      break;
    case Progress::Failed:
      summary.state = "failed";
      summary.error = true;
      break;
    case Progress::Current:
      summary.state = "active";
      break;
    case Progress::Terminating:
      summary.state = "removing";
      summary.transitioning = true;
      break;
    case Progress::NotFound:
    case Progress::Unknown:
      return;
  }
  summary.messages.push_back(status.message);
}

void from_load_balancer(const Value& object, Summary& summary) {
  if (!summary.state.empty() && summary.state != "active") return;
  if (object["kind"].as_string() != "Service") return;
  const Value& spec = object["spec"];
  if (spec["type"].as_string() != "LoadBalancer" &&
      spec["serviceKind"].as_string() != "LoadBalancer") {
    return;
  }
  if (!object.at({"status", "loadBalancer", "ingress"}).empty()) return;
  summary.state = "pending";
  summary.transitioning = true;
  summary.messages.push_back("Load balancer is being provisioned");
}

void add_kstatus(const KStatus& status, Summary& summary) {
  if (status.progress == Progress::InProgress || status.progress == Progress::Terminating) {
    summary.transitioning = true;
  }
  if (status.progress == Progress::Failed) summary.error = true;
  std::vector<std::string_view> parts;
  for (std::string_view part : split(status.message, "; ")) {
    bool known = false;
    for (std::string_view other : parts)
      known = known || other == part;
    if (!known) parts.push_back(part);
  }
  summary.messages.push_back(join(parts, "; "));
}

std::vector<std::string> tidy(const std::vector<std::string>& messages) {
  std::vector<std::string> out;
  std::set<std::string_view> seen;
  for (const std::string& message : messages) {
    const std::string_view text = trim(message);
    if (!text.empty() && seen.insert(text).second) out.emplace_back(text);
  }
  return out;
}

}  // namespace

ErrorTable::ErrorTable() {
  const Statuses yes = {"True"};
  kinds_[{"helm.cattle.io", "v1", "HelmChart"}] = {{"JobCreated", {}}, {"Failed", yes}};
  kinds_[{"", "v1", "Node"}] = {{"OutOfDisk", yes},
                                {"MemoryPressure", yes},
                                {"DiskPressure", yes},
                                {"NetworkUnavailable", yes}};
  kinds_[{"apps", "v1", "Deployment"}] = {{"ReplicaFailure", yes}, {"Progressing", {"False"}}};
  kinds_[{"apps", "v1", "ReplicaSet"}] = {{"ReplicaFailure", yes}};
  fallback_ = {{"Stalled", yes}, {"Failed", yes}};
}

Result<> ErrorTable::merge(const Value& overrides) {
  for (const Value& entry : overrides.items()) {
    const std::string_view gvk = entry["gvk"].as_string();
    auto parts = cut(gvk, "/");
    auto kind = parts ? cut(parts->after, ",") : std::nullopt;
    const std::string_view word = kind ? trim(kind->after) : std::string_view();
    if (!word.starts_with("Kind=")) {
      return Error(Code::Invalid,
                   cat("gvk ", fleet::quote(gvk), ": want \"GROUP/VERSION, Kind=KIND\""));
    }
    Types& types = kinds_[{std::string(parts->before),
                           std::string(kind->before),
                           std::string(word.substr(std::string_view("Kind=").size()))}];
    for (const Value& mapping : entry["conditionMappings"].items()) {
      Statuses statuses;
      for (const Value& status : mapping["status"].items())
        statuses.insert(status.to_string());
      types[mapping["type"].to_string()] = std::move(statuses);
    }
  }
  return {};
}

bool ErrorTable::is_error(const GroupVersionKind& gvk,
                          std::string_view type,
                          std::string_view status) const {
  auto kind = kinds_.find(gvk);
  const Types& types = kind == kinds_.end() ? fallback_ : kind->second;
  auto statuses = types.find(type);
  return statuses != types.end() && statuses->second.contains(status);
}

Summary summarize(const Value& object, TimePoint now, const ErrorTable& errors) {
  Summary summary;
  const std::vector<Seen> conditions = conditions_of(object);
  from_status_summary(object, summary);
  from_errors(object, conditions, errors, summary);
  from_unknown_moves(conditions, summary);
  from_true_moves(conditions, summary);
  from_false_moves(conditions, summary);
  from_active(object, summary);
  from_phase(object, summary);
  from_removed(object, conditions, now, summary);
  const Result<KStatus> status = kstatus(object, now);
  const bool norman = object["type"].as_string().starts_with("/");
  if (status.ok() && summary.state.empty() && !norman) from_kstatus(*status, summary);
  from_load_balancer(object, summary);
  if (status.ok()) add_kstatus(*status, summary);
  if (summary.state.empty()) summary.state = "active";
  summary.state = to_lower(summary.state);
  summary.messages = tidy(summary.messages);
  return summary;
}

}  // namespace fleet::kube
