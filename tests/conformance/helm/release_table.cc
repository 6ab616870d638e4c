// Table helm-release: the JSON text of a release record.
#include "data/json/print.h"
#include "helm/parts.h"
#include "helm/release/release.h"

namespace fleet::conformance {
namespace {

using data::Value;

Result<Value> run_release(const std::string&, const Value& in) {
  std::string written = json::print(in["release"], json::Keys::AsWritten);
  return Value(helm::encode_release(TRY(helm::decode_release(written))));
}

}  // namespace

void add_release_table(Families& families) {
  add_table(families, "helm-release", run_release);
}

}  // namespace fleet::conformance
