// Table helmfuncs: template functions as Helm's engine runs them, on a chart made for each case.
#include "base/strings.h"
#include "data/json/parse.h"
#include "helm/engine/engine.h"
#include "helm/host/host.h"
#include "sys/clock.h"
#include "template/parts.h"

namespace fleet::conformance {
namespace {

using Document = data::Value;

// Some recordings hold the day on which they were made.
TimePoint recording_day() {
  return *parse_rfc3339("2026-11-24T12:00:00Z");
}

Result<helm::Chart> make_chart(const Document& in) {
  helm::ChartFiles files{
      {"Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.2.3\nappVersion: \"9.9\"\n"}};
  for (const auto& member : in.members()) {
    std::string name(member.key.view());
    bool plain = name.starts_with("files/");
    files.push_back({plain ? name : "templates/" + name, recorded_bytes(member.value)});
  }
  return helm::load_files(std::move(files));
}

// The files as the engine leaves them, before they are split into manifests.
Result<Document> run(const Document& values, const Document& in) {
  helm::Renderer renderer(TRY(make_chart(in)));
  sys::ManualClock clock(recording_day());
  helm::LocalHost host(clock);
  std::optional<helm::RenderedFiles> rendered;
  helm::RenderOptions options;
  options.rewrite_files = [&](helm::RenderedFiles files) -> Result<helm::RenderedFiles> {
    rendered = std::move(files);
    return helm::RenderedFiles{};
  };
  auto result =
      renderer.render(values, {"rel", "ns", 1, false}, helm::default_capabilities(), host, options);
  if (!rendered) return std::move(result).error();
  if (in.contains("NOTES.txt") && result.ok()) {
    (*rendered)["c/templates/NOTES.txt"] = result->notes;
  }
  if (rendered->size() == 1) return record_bytes(rendered->begin()->second);
  Document out = Document::object();
  for (const auto& [name, text] : *rendered)
    out.set(name, record_bytes(text));
  return out;
}

}  // namespace

void add_helmfuncs_table(Families& families) {
  add_table_with_data(families, "helmfuncs", [](const std::string& corpus) -> Result<TableRow> {
    std::string text = TRY(read_file(corpus + "/tables/helmfuncs.data.json"));
    Document values = TRY(json::parse(text, {json::Numbers::Double}));
    return TableRow([values](const std::string&, const Document& in) { return run(values, in); });
  });
}

}  // namespace fleet::conformance
