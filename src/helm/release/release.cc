#include "helm/release/release.h"

#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "codec/base64.h"
#include "codec/gzip.h"
#include "data/json/parse.h"
#include "data/json/print.h"

namespace fleet::helm {

using data::field;

bool is_pending(std::string_view status) {
  return status == status::kPendingInstall || status == status::kPendingUpgrade ||
         status == status::kPendingRollback;
}

data::Fields StoredFile::fields() {
  return {field("name", &StoredFile::name).always(),
          field("data", &StoredFile::data).always(),
          field("modtime", &StoredFile::modtime)};
}

data::Fields StoredChart::fields() {
  return {field("metadata", &StoredChart::metadata).always(),
          field("lock", &StoredChart::lock).always(),
          field("templates", &StoredChart::templates).always(),
          field("values", &StoredChart::values).always(),
          field("schema", &StoredChart::schema).always(),
          field("schemamodtime", &StoredChart::schema_modtime).always(),
          field("files", &StoredChart::files).always(),
          field("modtime", &StoredChart::modtime)};
}

data::Fields HookRun::fields() {
  return {field("started_at", &HookRun::started_at),
          field("completed_at", &HookRun::completed_at),
          field("phase", &HookRun::phase).always()};
}

data::Fields StoredHook::fields() {
  return {field("name", &StoredHook::name),
          field("kind", &StoredHook::kind),
          field("path", &StoredHook::path),
          field("manifest", &StoredHook::manifest),
          field("events", &StoredHook::events),
          field("last_run", &StoredHook::last_run),
          field("weight", &StoredHook::weight),
          field("delete_policies", &StoredHook::delete_policies),
          field("output_log_policies", &StoredHook::output_log_policies)};
}

data::Fields ReleaseInfo::fields() {
  return {field("first_deployed", &ReleaseInfo::first_deployed),
          field("last_deployed", &ReleaseInfo::last_deployed),
          field("deleted", &ReleaseInfo::deleted),
          field("description", &ReleaseInfo::description),
          field("status", &ReleaseInfo::status),
          field("rollback_revision", &ReleaseInfo::rollback_revision),
          field("notes", &ReleaseInfo::notes)};
}

data::Fields Release::fields() {
  return {field("name", &Release::name),
          field("info", &Release::info),
          field("chart", &Release::chart),
          field("config", &Release::config),
          field("manifest", &Release::manifest),
          field("hooks", &Release::hooks),
          field("version", &Release::version),
          field("namespace", &Release::ns),
          field("apply_method", &Release::apply_method)};
}

bool StoredHook::has_event(std::string_view event) const {
  return std::find(events.begin(), events.end(), event) != events.end();
}

bool StoredHook::has_policy(std::string_view policy) const {
  return std::find(delete_policies.begin(), delete_policies.end(), policy) != delete_policies.end();
}

void Release::set_status(std::string_view status, std::string_view description) {
  if (!info) info.emplace();
  info->status = status;
  info->description = description;
}

std::string_view Release::chart_annotation(std::string_view key) const {
  if (!chart || !chart->metadata) return {};
  auto it = chart->metadata->annotations.find(std::string(key));
  return it == chart->metadata->annotations.end() ? std::string_view()
                                                  : std::string_view(it->second);
}

StoredChart stored_chart(const Chart& chart, const std::string& modtime) {
  StoredChart out;
  out.modtime = modtime;
  if (chart.metadata) out.metadata = *chart.metadata;
  if (chart.lock) out.lock = *chart.lock;
  auto store = [&](const std::shared_ptr<const ChartFiles>& files, std::vector<StoredFile>& into) {
    if (!files) return;
    for (const ChartFile& file : *files) {
      into.push_back(StoredFile{file.name, codec::base64_encode(file.bytes), modtime});
    }
  };
  store(chart.templates, out.templates);
  store(chart.files, out.files);
  out.values = chart.values;
  if (chart.schema) out.schema = codec::base64_encode(*chart.schema);
  return out;
}

std::string encode_release(const Release& release) {
  data::Value value = data::encode(release);
  // A Go map with omitempty: an empty one is left out.
  if (release.config.empty()) value.erase("config");
  return json::print(value, json::Keys::AsWritten);
}

Result<Release> decode_release(std::string_view text) {
  return data::decode<Release>(TRY(json::parse(text)));
}

std::string pack_release(const Release& release) {
  return codec::base64_encode(codec::gzip(encode_release(release), codec::kGzipBest));
}

Result<Release> unpack_release(std::string_view packed) {
  std::string bytes = TRY(codec::base64_decode(packed));
  if (codec::is_gzip(bytes)) bytes = TRY(codec::gunzip(bytes));
  return decode_release(bytes);
}

std::string secret_name(std::string_view release, int revision) {
  return cat("sh.helm.release.v1.", release, ".v", revision);
}

std::string release_time(TimePoint time) {
  return format_rfc3339_nano(time);
}

}  // namespace fleet::helm
