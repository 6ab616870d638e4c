// `fleet get`: the lists, with states as Continuous Delivery shows them.
#include <array>
#include <functional>
#include <ostream>
#include <utility>

#include "base/strings.h"
#include "cli/hub_client.h"
#include "cli/online.h"
#include "data/json/print.h"
#include "data/yaml/yaml.h"
#include "fleet/api/bundle.h"
#include "fleet/api/bundledeployment.h"
#include "fleet/api/cluster.h"
#include "fleet/api/gitrepo.h"
#include "fleet/api/helmop.h"
#include "fleet/api/labels.h"
#include "kube/meta/condition.h"
#include "sys/environment.h"
#include "text/duration.h"
#include "text/table.h"

namespace fleet::cli {
namespace {

using data::Value;
using kube::Object;

constexpr size_t kShortCommit = 7;
// An agent reports every 15 minutes; after two missed reports it is called offline.
constexpr Duration kOffline = std::chrono::minutes(35);

struct Column {
  const char* title;
  std::function<std::string(const Object&, TimePoint)> cell;
  bool wide = false;
};

struct ListKind {
  const char* name;   // as typed
  const char* other;  // also understood
  kube::Resource resource;
  std::vector<Column> columns;
};

std::string text_at(const Object& object, data::Path path) {
  return object.at(path).to_string();
}

Column field(const char* title, std::vector<std::string> path, bool wide = false) {
  return {title,
          [path = std::move(path)](const Object& object, TimePoint) {
            const Value* value = &object.value();
            for (const std::string& step : path)
              value = &(*value)[step];
            return value->is_number() ? cat(value->as_int()) : value->to_string();
          },
          wide};
}

std::string ready_message(const Object& object, TimePoint) {
  const Value& ready = kube::condition_of(object.value(), "Ready");
  return ready["status"].as_string() == "True" ? std::string() : ready["message"].to_string();
}

std::string age(const Object& object, TimePoint now) {
  auto made = object.creation_timestamp();
  return made ? text::format_age(now - *made) : "<unknown>";
}

std::string last_seen(const Object& object, TimePoint now) {
  const std::string seen = text_at(object, {"status", "agent", "lastSeen"});
  auto time = parse_rfc3339(seen);
  const bool offline = time && now - *time > kOffline;
  return cat(ago(seen, now), offline ? ", offline" : "");
}

std::string commit(const Object& object, TimePoint) {
  return text_at(object, {"status", "commit"}).substr(0, kShortCommit);
}

std::string state_of_repo(const Object& object, TimePoint) {
  if (kube::has_condition(object.value(), "Stalled")) return "Stalled";
  const std::string state = text_at(object, {"status", "display", "state"});
  return state.empty() ? "Ready" : state;
}

std::string problem_of_repo(const Object& object, TimePoint now) {
  if (kube::has_condition(object.value(), "Stalled")) {
    return kube::condition_of(object.value(), "Stalled")["message"].to_string();
  }
  return ready_message(object, now);
}

std::string or_ready(const Object& object, TimePoint) {
  const std::string state = text_at(object, {"status", "display", "state"});
  return state.empty() ? "Ready" : state;
}

std::string label_cell(const Object& object, std::string_view key) {
  return std::string(object.label(key));
}

const std::vector<ListKind>& kinds() {
  static const std::vector<ListKind> kKinds = {
      {"clusters",
       "cluster",
       api::Cluster::kKind.resource(),
       {field("BUNDLES-READY", {"status", "display", "readyBundles"}),
        {"STATE", or_ready},
        {"LAST-SEEN", last_seen},
        field("NAMESPACE-ON-HUB", {"status", "namespace"}, true),
        {"AGE", age},
        {"MESSAGE", ready_message}}},
      {"groups",
       "clustergroups",
       api::ClusterGroup::kKind.resource(),
       {field("CLUSTERS-READY", {"status", "display", "readyClusters"}),
        field("BUNDLES-READY", {"status", "display", "readyBundles"}),
        {"STATE", or_ready},
        {"AGE", age}}},
      {"gitrepos",
       "gitrepo",
       api::GitRepo::kKind.resource(),
       {field("REPO", {"spec", "repo"}),
        {"COMMIT", commit},
        field("DEPLOYMENTS-READY", {"status", "display", "readyBundleDeployments"}),
        {"STATE", state_of_repo},
        {"AGE", age},
        {"MESSAGE", problem_of_repo}}},
      {"helmops",
       "helmop",
       api::HelmOp::kKind.resource(),
       {field("CHART", {"spec", "helm", "chart"}),
        field("VERSION", {"status", "version"}),
        field("DEPLOYMENTS-READY", {"status", "display", "readyBundleDeployments"}),
        {"STATE", or_ready},
        {"AGE", age}}},
      {"bundles",
       "bundle",
       api::Bundle::kKind.resource(),
       {field("CLUSTERS-READY", {"status", "display", "readyClusters"}),
        {"STATE", or_ready},
        {"AGE", age},
        {"MESSAGE", ready_message}}},
      {"deployments",
       "bundledeployments",
       api::BundleDeployment::kKind.resource(),
       {{"CLUSTER", [](const Object& o, TimePoint) { return label_cell(o, api::label::kCluster); }},
        {"STATE", or_ready},
        field("RELEASE", {"status", "release"}),
        {"AGE", age},
        {"MESSAGE", ready_message}}},
  };
  return kKinds;
}

const ListKind* find_kind(std::string_view word) {
  for (const ListKind& kind : kinds()) {
    if (word == kind.name || word == kind.other) return &kind;
  }
  return nullptr;
}

struct GetState {
  HubFlags hub;
  bool all = false;
  std::string selector;
  std::string output = "table";
  bool watch = false;
};

std::string table_of(const ListKind& kind,
                     const std::vector<Object>& objects,
                     bool namespaces,
                     bool wide,
                     TimePoint now) {
  std::vector<std::string> headers;
  if (namespaces) headers.emplace_back("NAMESPACE");
  headers.emplace_back("NAME");
  for (const Column& column : kind.columns) {
    if (wide || !column.wide) headers.emplace_back(column.title);
  }
  text::Table table(std::move(headers));
  for (const Object& object : objects) {
    std::vector<std::string> cells;
    if (namespaces) cells.emplace_back(object.ns());
    cells.emplace_back(object.name());
    for (const Column& column : kind.columns) {
      if (wide || !column.wide) cells.push_back(one_line(column.cell(object, now)));
    }
    table.add_row(std::move(cells));
  }
  return table.print();
}

Value list_of(const ListKind& kind, const std::vector<Object>& objects) {
  Value items = Value::array();
  for (const Object& object : objects)
    items.push_back(object.value());
  return Value::object({{"apiVersion", "v1"},
                        {"kind", cat(kind.resource.kind, "List")},
                        {"items", std::move(items)}});
}

Result<> print(const ListKind& kind,
               const std::vector<Object>& objects,
               const GetState& state,
               bool one,
               bool namespaces,
               Invocation& invocation) {
  const std::string& output = state.output;
  if (output == "table" || output == "wide" || output.empty()) {
    if (objects.empty()) {
      invocation.err << "No resources found.\n";
      return {};
    }
    invocation.out << table_of(
        kind, objects, namespaces, output == "wide", invocation.ctx.clock().now());
    return {};
  }
  if (output == "name") {
    for (const Object& object : objects) {
      invocation.out << kind.resource.gvr.group_resource() << "/" << object.name() << "\n";
    }
    return {};
  }
  const Value document =
      one && objects.size() == 1 ? objects.front().value() : list_of(kind, objects);
  if (output == "json") {
    invocation.out << json::print_indented(
                          document, json::Keys::Sorted, {"", "    "}, json::Html::Plain)
                   << "\n";
    return {};
  }
  if (output == "yaml") {
    invocation.out << yaml::print(document);
    return {};
  }
  return Error(Code::BadRequest,
               cat("unknown output ", quote(output), ": want table, wide, json, yaml or name"));
}

Result<int> run_get(GetState& state, Invocation& invocation) {
  const ListKind* kind = find_kind(invocation.args.front());
  if (kind == nullptr) {
    return Error(Code::BadRequest,
                 cat("unknown kind ",
                     quote(invocation.args.front()),
                     ": want clusters, groups, gitrepos, helmops, bundles or deployments"));
  }
  HubClient hub = TRY(connect(state.hub));
  std::vector<std::string> names(invocation.args.begin() + 1, invocation.args.end());
  const bool everywhere = state.all || hub.ns.empty();
  if (!names.empty() && everywhere) {
    return Error(Code::BadRequest, "a name needs a namespace: say which with -n");
  }
  std::vector<Object> objects;
  std::string version;
  if (!names.empty()) {
    for (const std::string& name : names) {
      objects.push_back(TRY(hub.client->get(invocation.ctx, kind->resource, {hub.ns, name})));
    }
  } else {
    kube::ListOptions which;
    which.ns = everywhere ? "" : hub.ns;
    which.labels = TRY(kube::LabelSelector::parse(state.selector));
    kube::ObjectList list = TRY(kube::list_all(invocation.ctx, *hub.client, kind->resource, which));
    objects = std::move(list.items);
    version = list.resource_version;
  }
  TRY(print(*kind, objects, state, names.size() == 1, everywhere, invocation));
  if (!state.watch || !names.empty()) return 0;
  kube::WatchOptions which;
  which.ns = everywhere ? "" : hub.ns;
  which.labels = TRY(kube::LabelSelector::parse(state.selector));
  which.resource_version = version;
  auto stream = TRY(hub.client->watch(invocation.ctx, kind->resource, which));
  for (;;) {
    std::optional<kube::WatchEvent> event = TRY(stream->next(invocation.ctx));
    if (!event) return 0;
    if (event->type == kube::WatchEvent::Type::Bookmark) continue;
    TRY(print(*kind, {event->object}, state, true, everywhere, invocation));
    invocation.out.flush();
  }
}

}  // namespace

Command get_command() {
  return {.name = "get",
          .usage = "clusters|groups|gitrepos|helmops|bundles|deployments [NAME...]",
          .summary = "List what the hub knows, with states and ready counts",
          .details = {},
          .min_args = 1,
          .setup = [](Setup& setup) -> Run {
            auto state = setup.state<GetState>();
            state->hub.add_to(setup);
            setup.flag("A,all-namespaces", state->all, "of all namespaces");
            setup.text("l,selector", state->selector, "only those with these labels");
            setup.text("o,output", state->output, "table, wide, json, yaml or name");
            setup.flag("w,watch", state->watch, "go on and print changes");
            return [state](Invocation& invocation) { return run_get(*state, invocation); };
          },
          .commands = {}};
}

}  // namespace fleet::cli
