#include "fleet/target/values.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/strings.h"
#include "data/yaml/yaml.h"
#include "fleet/api/labels.h"
#include "gotemplate/exec.h"
#include "gotemplate/funcs.h"
#include "gotemplate/host.h"
#include "gotemplate/parse.h"

namespace fleet::target {

namespace {

using data::Value;

constexpr std::string_view kLabelPrefix = "global.fleet.clusterLabels.";
constexpr std::string_view kTemplateName = "values";

// Sprig without what would tell a tenant about the hub.
const gotemplate::FunctionTable& template_functions() {
  static const gotemplate::FunctionTable kTable = [] {
    gotemplate::FunctionTable table = gotemplate::sprig_functions();
    for (std::string_view name : {"env", "expandenv", "getHostByName"}) {
      table.remove(name);
    }
    return table;
  }();
  return kTable;
}

Result<> replace_labels(Value& object, const api::StringMap& labels, int depth);

Result<> replace_labels_in_list(Value& list, const api::StringMap& labels, int depth) {
  for (size_t i = 0; i < list.size(); ++i) {
    if (list[i].is_object()) TRY(replace_labels(list.edit(i), labels, depth));
  }
  return {};
}

Result<> replace_labels(Value& object, const api::StringMap& labels, int depth) {
  if (depth > kMaxLabelDepth) {
    return Error{Code::Invalid,
                 cat("maximum recursion depth of ",
                     kMaxLabelDepth,
                     " exceeded for cluster label prefix processing, too many nested values")};
  }
  for (size_t i = 0; i < object.size(); ++i) {
    const data::Member& member = object.members()[i];
    std::string key(member.key.view());
    if (member.value.is_string() && member.value.as_string().starts_with(kLabelPrefix)) {
      auto label = labels.find(member.value.as_string().substr(kLabelPrefix.size()));
      object.set(key, label == labels.end() ? std::string() : label->second);
    } else if (member.value.is_object()) {
      TRY(replace_labels(object.edit(key), labels, depth + 1));
    } else if (member.value.is_array()) {
      TRY(replace_labels_in_list(object.edit(key), labels, depth + 1));
    }
  }
  return {};
}

Value to_object(const api::StringMap& map) {
  Value out = Value::object();
  for (const auto& [key, value] : map) {
    out.set(key, value);
  }
  return out;
}

// Labels that templates may see.
api::StringMap visible_labels(const api::ObjectMeta& metadata) {
  api::StringMap out = cleaned(metadata.labels);
  for (const auto& [key, value] : metadata.labels) {
    if (key.starts_with(api::label::kFleetPrefix) ||
        key.starts_with(api::label::kManagementPrefix)) {
      out[key] = value;
    }
  }
  return out;
}

Value template_context(const api::Cluster& cluster, const api::StringMap& labels) {
  return Value::object({
      {"ClusterNamespace", cluster.metadata.namespace_},
      {"ClusterName", cluster.metadata.name},
      {"ClusterLabels", to_object(labels)},
      {"ClusterAnnotations", to_object(cleaned(cluster.metadata.annotations))},
      {"ClusterValues",
       cluster.spec.template_values ? cluster.spec.template_values->data : Value::object()},
  });
}

Result<std::string> render_text(std::string_view text, const Value& context) {
  gotemplate::TemplateSet set(
      template_functions(), gotemplate::MissingKey::Error, {.left = "${", .right = "}"});
  TRY(set.parse(kTemplateName, text).within("failed to parse helm values template"));
  gotemplate::PureHost host;
  gotemplate::Execution run(std::make_shared<const gotemplate::TemplateSet>(std::move(set)), host);
  std::string out;
  if (!run.execute(kTemplateName, gotemplate::wrap(run.heap(), context), out)) {
    return Error{Code::Invalid,
                 cat("failed to render helm values template: ", run.failure().text())};
  }
  return out;
}

Result<Value> parse_rendered(std::string_view text, std::string_view shown) {
  std::string doing = cat("failed to interpret rendered template as helm values: ", shown, ", ");
  Result<Value> parsed = yaml::parse(text);
  if (parsed.ok()) return api::with_float_numbers(*parsed);
  return Error{Code::Invalid,
               cat(doing, "error converting YAML to JSON: ", parsed.error().message())};
}

std::string_view go_kind(const Value& value) {
  if (value.is_array()) return "array";
  if (value.is_bool()) return "bool";
  return value.is_string() ? "string" : "number";
}

Result<Value> render_values(const Value& values, const Value& context) {
  constexpr std::string_view kNilMap = "map[string]interface {}(nil)";
  std::string text = TRY(render_text(yaml::print(values), context));
  Value parsed = TRY(parse_rendered(text, kNilMap));
  if (parsed.is_null()) return Value::object();
  if (parsed.is_object()) return parsed;
  return Error{Code::Invalid,
               cat("failed to interpret rendered template as helm values: ",
                   kNilMap,
                   ", error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ",
                   go_kind(parsed),
                   " into Go value of type map[string]interface {}")};
}

Result<> render_all(api::HelmOptions& helm, const Value& context) {
  Value values = TRY(render_values(helm.values->data, context));
  for (const auto& [key, text] : helm.template_values) {
    std::string rendered = TRY(render_text(text, context));
    values.set(key, TRY(parse_rendered(rendered, rendered)));
  }
  helm.values->data = std::move(values);
  return {};
}

}  // namespace

api::StringMap cleaned(const api::StringMap& map) {
  api::StringMap out;
  for (const auto& [key, value] : map) {
    if (!key.starts_with("kubectl.kubernetes.io/") && !contains(key, "cattle.io/")) {
      out.emplace(key, value);
    }
  }
  return out;
}

Result<> preprocess_values(api::BundleDeploymentOptions& options, const api::Cluster& cluster) {
  api::StringMap labels = visible_labels(cluster.metadata);
  if (labels.empty()) return {};
  if (!options.helm) {
    options.helm.emplace();
    return {};
  }
  api::HelmOptions& helm = *options.helm;
  if (!helm.values) helm.values.emplace();
  if (!helm.values->data.is_object()) helm.values->data = Value::object();
  if (helm.template_values.empty() && helm.values->data.empty()) return {};
  TRY(replace_labels(helm.values->data, labels, 0));
  if (helm.disable_pre_process) return {};
  return render_all(helm, template_context(cluster, labels));
}

}  // namespace fleet::target
