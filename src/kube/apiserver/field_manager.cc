#include "kube/apiserver/field_manager.h"

#include <algorithm>

#include "base/strings.h"

namespace fleet::kube::apiserver {

namespace {

constexpr size_t kMaxManagerBytes = 128;

}  // namespace

Reply<Writer> writer_of(const Call& call) {
  Writer writer;
  writer.manager = std::string(call.query().value("fieldManager"));
  if (writer.manager.size() > kMaxManagerBytes) {
    return Status::bad_request(
        cat("fieldManager: Too long: may not be more than ", kMaxManagerBytes, " bytes"));
  }
  if (!std::all_of(writer.manager.begin(), writer.manager.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F;
      })) {
    return Status::bad_request(
        "fieldManager: Invalid value: should only contain printable "
        "characters");
  }
  if (writer.manager.empty()) {
    const std::string_view agent = call.request.headers.value("user-agent");
    writer.manager = std::string(agent.substr(0, agent.find('/')));
  }
  if (writer.manager.empty()) writer.manager = call.request.identity ? "fleet" : "unknown";
  writer.api_version = call.served->resource.gvr.api_version();
  writer.subresource = call.info.subresource;
  writer.now = call.now;
  if (call.info.subresource == "status") {
    writer.reset_fields = {"spec", "metadata"};
  } else if (call.served->has_status) {
    writer.reset_fields = {"status"};
  }
  return writer;
}

Reply<data::Value> track_fields(const Call& call, data::Value object, const data::Value* old) {
  if (call.is_apply) return object;
  const Writer writer = TRY(writer_of(call));
  return track_update(
      old == nullptr ? data::Value() : *old, object, writer, call.served->rules->merge_type());
}

}  // namespace fleet::kube::apiserver
