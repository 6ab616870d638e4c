// The engine: a chart, values and a host → manifests, hooks and notes. Read this first.
//
//   Renderer renderer(chart);                              // keep it: parsing is paid once
//   auto rendered = renderer.render(values, options, capabilities, host);
//
// `render` does what `helm install` does up to the manifest: dependencies, coalescing, schema,
// templates, splitting and sorting. A Renderer keeps the parsed templates and the memory of the
// render between calls, so the second cluster of a thousand pays for executing alone.
//
// Values: numbers from YAML or JSON must be doubles (`as_doubles`, `read_values`); see values.h.
// Errors: Invalid, in Helm's texts; `failure` of a Failed render keeps what Helm would print.
// Limits: gotemplate::Limits; a chart that exceeds one fails with a text that says which.
// As Helm 4.2.3: pkg/engine, pkg/action (renderResources). Threads: one Renderer per thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/value/value.h"
#include "gotemplate/exec.h"
#include "gotemplate/host.h"
#include "helm/chart/chart.h"
#include "helm/engine/capabilities.h"
#include "helm/engine/manifest.h"

namespace fleet::helm {

struct ReleaseOptions {
  std::string name;
  std::string namespace_name = "default";
  int revision = 1;
  bool is_upgrade = false;  // else an install
};

struct RenderOptions {
  bool skip_schema_validation = false;
  bool include_crds = false;  // CRDs of crds/ in front of the manifests' text
  bool sub_notes = false;     // notes of subcharts too
  // Rewrites the rendered files before they are sorted; null leaves them as they are.
  std::function<Result<RenderedFiles>(RenderedFiles)> rewrite_files;
};

struct Rendered {
  std::string manifest;             // "---\n# Source: …\n…" for each document
  std::vector<Manifest> manifests;  // the same, one by one, in install order
  std::vector<Hook> hooks;          // in install order
  std::string notes;
  std::vector<ChartFile> crds;  // of crds/, path → text, whatever include_crds says
  Chart chart;                  // with dependencies processed, as a release stores it
};

class Renderer {
 public:
  explicit Renderer(Chart chart, gotemplate::Limits limits = {});
  ~Renderer();
  Renderer(Renderer&&) noexcept;
  Renderer& operator=(Renderer&&) noexcept;

  Result<Rendered> render(const data::Value& values,
                          const ReleaseOptions& release,
                          const Capabilities& capabilities,
                          gotemplate::Host& host,
                          const RenderOptions& options = {});

  // True after a render that failed once templates were being rendered: Helm's command then adds
  // a hint about --debug to the error.
  bool failed_in_templates() const { return failed_in_templates_; }
  // After a render that failed because a rendered file is not YAML: all files as one text.
  const std::string& unsorted_manifest() const { return unsorted_manifest_; }

 private:
  struct Prepared;  // one choice of subcharts, with its templates parsed
  Result<Prepared*> prepare(const data::Value& values);
  Result<> parse(Prepared& prepared) const;
  Result<RenderedFiles> run(Prepared& prepared,
                            const data::Value& values,
                            const ReleaseOptions& release,
                            const Capabilities& capabilities,
                            gotemplate::Host& host) const;

  Chart chart_;
  gotemplate::Limits limits_;
  std::vector<std::unique_ptr<Prepared>> prepared_;  // most recently used first
  bool failed_in_templates_ = false;
  std::string unsorted_manifest_;
};

// One render, without keeping anything.
Result<Rendered> render(const Chart& chart,
                        const data::Value& values,
                        const ReleaseOptions& release,
                        const Capabilities& capabilities,
                        gotemplate::Host& host,
                        const RenderOptions& options = {});

}  // namespace fleet::helm
