// Chart archives: whatever the bytes, loading ends in a chart whose parts are there, or an error.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "codec/gzip.h"
#include "helm/chart/chart.h"
#include "helm/chart/dependencies.h"
#include "helm/chart/values.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  namespace helm = fleet::helm;
  std::string_view input(reinterpret_cast<const char*>(bytes), size);
  // Packed here, so that the mutations reach the tar inside.
  auto chart = helm::load_archive(fleet::codec::is_gzip(input)
                                      ? std::string(input)
                                      : fleet::codec::gzip(input, fleet::codec::kGzipFast));
  if (!chart.ok()) return 0;
  if (!chart->metadata || !chart->templates || !chart->files) __builtin_trap();
  auto processed = helm::process_dependencies(*chart, fleet::data::Value::object());
  if (processed.ok()) {
    static_cast<void>(helm::coalesce_values(*processed, fleet::data::Value()).ok());
  }
  static_cast<void>(helm::crds(*chart).size());
  return 0;
}
