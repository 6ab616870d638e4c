// Table kyaml: streams of documents through kyaml's reader and writer.
#include "base/strings.h"
#include "kustomize/parts.h"
#include "kustomize/stream.h"

namespace fleet::conformance {
namespace {

constexpr std::string_view kFile = "postrenderer.helm.sh/postrender-filename";

Result<data::Value> run(const std::string& group, const data::Value& in) {
  auto nodes = TRY(kustomize::read_stream(recorded_bytes(in["yaml"])));
  for (yaml::Node& node : nodes) {
    if (group == "annotate") TRY(kustomize::annotate(node, kFile, "c/templates/a.yaml"));
    if (group == "clear") {
      TRY(kustomize::check_metadata(node));
      TRY(kustomize::clear_annotation(node, kFile));
    }
  }
  return record_bytes(TRY(kustomize::print_stream(std::move(nodes))));
}

}  // namespace

void add_stream_table(Families& families) {
  add_table(families, "kyaml", run);
}

}  // namespace fleet::conformance
