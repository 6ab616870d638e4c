#include "helm/repo/index.h"

#include <algorithm>
#include <functional>

#include "base/strings.h"
#include "data/yaml/yaml.h"
#include "text/semver.h"

namespace fleet::helm {

namespace {

ChartVersion read_version(const data::Value& entry) {
  ChartVersion out;
  out.name = entry["name"].to_string();
  out.version = entry["version"].to_string();
  out.digest = entry["digest"].to_string();
  for (const data::Value& url : entry["urls"].items()) {
    out.urls.push_back(url.to_string());
  }
  return out;
}

// Newest first; what is no version comes last.
bool is_newer(const ChartVersion& a, const ChartVersion& b) {
  Result<text::Version> left = text::Version::parse(a.version);
  Result<text::Version> right = text::Version::parse(b.version);
  if (!left.ok() || !right.ok()) return left.ok() && !right.ok();
  return *right < *left;
}

}  // namespace

Result<RepoIndex> RepoIndex::parse(std::string_view text) {
  data::Value root = TRY(yaml::parse(text));
  RepoIndex out;
  for (const data::Member& chart : root["entries"].members()) {
    std::vector<ChartVersion>& versions = out.entries_[std::string(chart.key.view())];
    for (const data::Value& entry : chart.value.items()) {
      if (entry.is_object()) versions.push_back(read_version(entry));
    }
    std::ranges::stable_sort(versions, is_newer);
  }
  return out;
}

Result<ChartVersion> RepoIndex::find(std::string_view chart, std::string_view version) const {
  auto found = entries_.find(chart);
  if (found == entries_.end()) return Error{Code::NotFound, "no chart name found"};
  if (found->second.empty()) return Error{Code::NotFound, "no chart version found"};
  auto constraint = TRY(text::Constraints::parse(version.empty() ? "*" : version));
  for (const ChartVersion& each : found->second) {
    if (!version.empty() && each.version == version) return each;
  }
  for (const ChartVersion& each : found->second) {
    Result<text::Version> parsed = text::Version::parse(each.version);
    if (parsed.ok() && constraint.check(*parsed)) return each;
  }
  return Error{Code::NotFound, cat("no chart version found for ", chart, "-", version)};
}

}  // namespace fleet::helm
