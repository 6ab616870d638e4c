#include "helm/engine/scope.h"

#include "helm/engine/objects.h"

namespace fleet::helm {
namespace {

using gotemplate::Heap;
using gotemplate::MapNode;
using gotemplate::Value;
namespace types = gotemplate::types;

class Builder {
 public:
  Builder(Heap& heap, const ScopeInputs& inputs)
      : heap_(heap),
        release_(release_object(heap, inputs.release)),
        capabilities_(capabilities_object(heap, inputs.capabilities)) {}

  Value build(const Chart& chart, Value values, Root root) {
    MapNode* scope = gotemplate::new_map(heap_, types::kAnyMap, 8);
    scopes_.push_back(Value::named(Value::map(scope), types::kValues));
    MapNode* subcharts = gotemplate::new_map(heap_, types::kAnyMap, chart.dependencies.size());
    add(scope, "Chart", chart_object(heap_, *chart.metadata, root));
    add(scope, "Files", files_object(heap_, *chart.files));
    add(scope, "Release", release_);
    add(scope, "Capabilities", capabilities_);
    add(scope, "Values", Value::named(values, types::kValues));
    add(scope, "Subcharts", Value::map(subcharts));
    for (const Chart& subchart : chart.dependencies) {
      Value own = gotemplate::map_find(heap_, values, subchart.name());
      if (!own.is_map()) own = gotemplate::make_map(heap_);
      add(subcharts, subchart.name(), build(subchart, own, Root::No));
    }
    return Value::map(scope);
  }

  std::vector<Value> scopes() && { return std::move(scopes_); }

 private:
  void add(MapNode* map, std::string_view key, Value value) {
    gotemplate::map_set(heap_, map, key, value);
  }

  Heap& heap_;
  Value release_;
  Value capabilities_;
  std::vector<Value> scopes_;
};

}  // namespace

std::vector<Value> build_scopes(Heap& heap, const Chart& root, const ScopeInputs& inputs) {
  Builder builder(heap, inputs);
  builder.build(root, gotemplate::adopt(heap, inputs.values), Root::Yes);
  return std::move(builder).scopes();
}

}  // namespace fleet::helm
