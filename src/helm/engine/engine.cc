#include "helm/engine/engine.h"

#include <algorithm>

#include "base/file_tree.h"
#include "base/strings.h"
#include "gotemplate/funcs.h"
#include "helm/chart/dependencies.h"
#include "helm/chart/values.h"
#include "helm/engine/schema.h"
#include "helm/engine/scope.h"
#include "text/semver.h"

namespace fleet::helm {
namespace {

constexpr size_t kMaxPrepared = 8;  // choices of subcharts kept by one renderer
constexpr std::string_view kNotes = "NOTES.txt";

// One template file of the tree.
struct Source {
  std::string path;
  std::string base_path;
  const std::string* text = nullptr;
  size_t scope = 0;    // the chart's place in the walk
  size_t slashes = 0;  // of the path
};

void collect(const Chart& chart,
             std::string_view parent,
             size_t& next_scope,
             std::map<std::string, Source>& out) {
  std::string own = full_path(parent, chart);
  std::string base_path = join_path(own, "templates");
  size_t scope = next_scope++;
  for (const Chart& subchart : chart.dependencies)
    collect(subchart, own, next_scope, out);
  for (const ChartFile& file : *chart.templates) {
    if (chart.is_library() && !base_name(file.name).starts_with('_')) continue;
    std::string path = join_path(own, file.name);
    auto slashes = static_cast<size_t>(std::count(path.begin(), path.end(), '/'));
    Source& source = out[path];
    source = Source{std::move(path), base_path, &file.bytes, scope, slashes};
  }
}

// Deeper paths first, then later names first: the order of parsing and of running.
bool runs_before(const Source& a, const Source& b) {
  if (a.slashes != b.slashes) return a.slashes > b.slashes;
  return a.path > b.path;
}

// What tells one choice of subcharts from another: their names and where their texts lie.
void describe(const Chart& chart, std::string& out) {
  out += chart.name();
  out += std::to_string(reinterpret_cast<uintptr_t>(chart.templates.get()));
  out += '(';
  for (const Chart& subchart : chart.dependencies)
    describe(subchart, out);
  out += ')';
}

std::string source_of(std::string_view path, std::string_view content) {
  return cat("---\n# Source: ", path, "\n", content, "\n");
}

}  // namespace

struct Renderer::Prepared {
  std::string shape;
  Chart chart;
  std::vector<Source> sources;
  SchemaChecker schemas;
  std::shared_ptr<const gotemplate::TemplateSet> templates;  // null until first needed
  std::unique_ptr<gotemplate::Execution> execution;
  gotemplate::Host* host = nullptr;  // that `execution` was made for
};

Renderer::Renderer(Chart chart, gotemplate::Limits limits)
    : chart_(std::move(chart)),
      limits_(limits) {}
Renderer::~Renderer() = default;
Renderer::Renderer(Renderer&&) noexcept = default;
Renderer& Renderer::operator=(Renderer&&) noexcept = default;

Result<Renderer::Prepared*> Renderer::prepare(const data::Value& values) {
  constexpr std::string_view kDoing = "chart dependencies processing failed";
  Chart enabled = TRY(enable_dependencies(chart_, values).within(kDoing));
  std::string shape;
  describe(enabled, shape);
  auto found = std::find_if(
      prepared_.begin(), prepared_.end(), [&](const auto& one) { return one->shape == shape; });
  if (found != prepared_.end()) {
    std::rotate(prepared_.begin(), found, found + 1);
    return prepared_.front().get();
  }
  auto fresh = std::make_unique<Prepared>();
  fresh->shape = std::move(shape);
  fresh->chart = TRY(import_values(enabled).within(kDoing));
  std::map<std::string, Source> sources;
  size_t scopes = 0;
  collect(fresh->chart, {}, scopes, sources);
  for (auto& [path, source] : sources)
    fresh->sources.push_back(std::move(source));
  std::sort(fresh->sources.begin(), fresh->sources.end(), runs_before);
  prepared_.insert(prepared_.begin(), std::move(fresh));
  if (prepared_.size() > kMaxPrepared) prepared_.pop_back();
  return prepared_.front().get();
}

Result<> Renderer::parse(Prepared& prepared) const {
  if (prepared.templates) return {};
  gotemplate::TemplateSet set(gotemplate::helm_functions(), gotemplate::MissingKey::Zero);
  for (const Source& source : prepared.sources) {
    auto parsed = set.parse(source.path, *source.text);
    if (!parsed.ok()) {
      return Error(Code::Invalid,
                   gotemplate::helm_parse_error(parsed.error().message(), source.path));
    }
  }
  prepared.templates = std::make_shared<const gotemplate::TemplateSet>(std::move(set));
  return {};
}

Result<RenderedFiles> Renderer::run(Prepared& prepared,
                                    const data::Value& values,
                                    const ReleaseOptions& release,
                                    const Capabilities& capabilities,
                                    gotemplate::Host& host) const {
  if (!prepared.execution || prepared.host != &host) {
    prepared.execution = std::make_unique<gotemplate::Execution>(prepared.templates, host, limits_);
    prepared.host = &host;
  }
  gotemplate::Execution& execution = *prepared.execution;
  execution.reset();
  gotemplate::Heap& heap = execution.heap();
  auto scopes = build_scopes(heap, prepared.chart, {values, release, capabilities});
  RenderedFiles out;
  for (const Source& source : prepared.sources) {
    if (base_name(source.path).starts_with('_')) continue;
    gotemplate::Value about = gotemplate::make_map(heap);
    gotemplate::map_set(heap, about.as_map(), "Name", gotemplate::Value::string(source.path));
    gotemplate::map_set(
        heap, about.as_map(), "BasePath", gotemplate::Value::string(source.base_path));
    gotemplate::Value dot = scopes[source.scope];
    gotemplate::map_set(heap,
                        dot.as_map(),
                        "Template",
                        gotemplate::Value::named(about, gotemplate::types::kValues));
    std::string text;
    if (!execution.execute(source.path, dot, text)) {
      return Error(Code::Invalid,
                   gotemplate::helm_execution_error(execution.failure(), source.path));
    }
    if (contains(text, "<no value>")) text = replace_all(text, "<no value>", "");
    out.emplace(source.path, std::move(text));
  }
  return out;
}

namespace {

// Takes the notes out of the files: those of the chart itself, or of all charts.
std::string take_notes(RenderedFiles& files, const Chart& chart, bool sub_notes) {
  std::string out;
  std::string own = join_path(join_path(chart.name(), "templates"), kNotes);
  for (auto it = files.begin(); it != files.end();) {
    if (!it->first.ends_with(kNotes)) {
      ++it;
      continue;
    }
    if (sub_notes || it->first == own) {
      if (!out.empty()) out += '\n';
      out += it->second;
    }
    it = files.erase(it);
  }
  return out;
}

Result<> check_kube_version(const Chart& chart, const KubeVersion& version) {
  const std::string& range = chart.metadata->kube_version;
  if (range.empty() || text::is_compatible_range(range, version.text())) return {};
  return Error(Code::Invalid,
               cat("chart requires kubeVersion: ",
                   range,
                   " which is incompatible with Kubernetes ",
                   version.version));
}

}  // namespace

Result<Rendered> Renderer::render(const data::Value& values,
                                  const ReleaseOptions& release,
                                  const Capabilities& capabilities,
                                  gotemplate::Host& host,
                                  const RenderOptions& options) {
  failed_in_templates_ = false;
  unsorted_manifest_.clear();
  Prepared& prepared = *TRY(prepare(values));
  data::Value coalesced = TRY(coalesce_values(prepared.chart, values));
  if (!options.skip_schema_validation) TRY(prepared.schemas.check(prepared.chart, coalesced));

  failed_in_templates_ = true;
  TRY(check_kube_version(prepared.chart, capabilities.kube_version));
  TRY(parse(prepared));
  RenderedFiles files = TRY(run(prepared, coalesced, release, capabilities, host));
  Rendered out;
  out.notes = take_notes(files, prepared.chart, options.sub_notes);
  if (options.rewrite_files) files = TRY(options.rewrite_files(std::move(files)));
  auto sorting = sort_manifests(files, KindOrder::Install);
  if (!sorting.ok()) {
    for (const auto& [path, text] : files) {
      if (!trim(text).empty()) unsorted_manifest_ += source_of(path, text);
    }
    return std::move(sorting).error();
  }
  SortedManifests sorted = std::move(sorting).value();
  failed_in_templates_ = false;

  for (const Crd& crd : crds(prepared.chart)) {
    out.crds.push_back({crd.path, *crd.bytes});
    if (options.include_crds) out.manifest += source_of(crd.path, *crd.bytes);
  }
  for (const Manifest& manifest : sorted.manifests) {
    out.manifest += source_of(manifest.path, manifest.content);
  }
  out.manifests = std::move(sorted.manifests);
  out.hooks = std::move(sorted.hooks);
  out.chart = prepared.chart;
  return out;
}

Result<Rendered> render(const Chart& chart,
                        const data::Value& values,
                        const ReleaseOptions& release,
                        const Capabilities& capabilities,
                        gotemplate::Host& host,
                        const RenderOptions& options) {
  return Renderer(chart).render(values, release, capabilities, host, options);
}

}  // namespace fleet::helm
