// Tables semver, glob, helmignore, durations and cron.
#include "base/strings.h"
#include "helm/parts.h"
#include "text/cron.h"
#include "text/duration.h"
#include "text/glob.h"
#include "text/go_time.h"
#include "text/ignore.h"
#include "text/semver.h"

namespace fleet::conformance {
namespace {

using data::Value;
using text::Constraints;
using text::Version;

Value describe(const Version& version) {
  return Value::object({{"major", version.major()},
                        {"minor", version.minor()},
                        {"patch", version.patch()},
                        {"prerelease", version.prerelease()},
                        {"metadata", version.metadata()},
                        {"original", version.original()},
                        {"string", version.text()}});
}

Result<Value> run_constraint(const std::string& group, const Value& in) {
  auto constraint = TRY(Constraints::parse(in["constraint"].to_string()));
  if (group == "constraint") return Value(constraint.text());
  auto version = TRY(Version::parse(in["version"].to_string()));
  if (group == "check") return Value(constraint.check(version));
  auto reasons = constraint.validate(version);
  Value errors = Value::array();
  for (const std::string& reason : reasons)
    errors.push_back(reason);
  return Value::object({{"errors", errors}, {"ok", reasons.empty()}});
}

Result<Value> run_semver(const std::string& group, const Value& in) {
  if (group == "constraint" || group == "check" || group == "validate") {
    return run_constraint(group, in);
  }
  if (group == "compare") {
    auto a = TRY(Version::parse(in["a"].to_string()));
    auto b = TRY(Version::parse(in["b"].to_string()));
    return Value(Version::compare(a, b));
  }
  std::string written = in["version"].to_string();
  if (group == "strict") return describe(TRY(Version::parse_strict(written)));
  auto version = TRY(Version::parse(written));
  if (group == "increment") {
    return Value::array(
        {version.next_major().text(), version.next_minor().text(), version.next_patch().text()});
  }
  return describe(version);
}

Result<Value> run_glob(const std::string& group, const Value& in) {
  std::string pattern = recorded_bytes(in["pattern"]);
  Value out = Value::array();
  if (group == "path-match") {
    for (const Value& name : in["names"].items()) {
      if (TRY(text::path_match(pattern, recorded_bytes(name)))) out.push_back(name);
    }
    return out;
  }
  std::u32string_view separators = group == "files-glob" ? U"/" : U"";
  auto glob = TRY(text::Glob::compile(pattern, separators));
  for (const Value& name : in["names"].items()) {
    if (glob.matches(recorded_bytes(name))) out.push_back(name);
  }
  return out;
}

Result<Value> run_helmignore(const std::string&, const Value& in) {
  auto rules = TRY(text::IgnoreRules::parse(in["rules"].to_string()));
  rules.add_defaults();
  Value ignored = Value::array();
  for (const Value& written : in["paths"].items()) {
    std::string path = written.to_string();
    using Kind = text::IgnoreRules::Kind;
    Kind kind = path.ends_with('/') ? Kind::Folder : Kind::File;
    if (rules.ignores(trim_suffix(path, "/"), kind)) ignored.push_back(path);
  }
  return Value::object({{"ignored", ignored}});
}

Result<Value> run_durations(const std::string& group, const Value& in) {
  if (group == "time") {
    auto time = TRY(text::parse_go_time(in["time"].to_string()));
    uint64_t nanos = static_cast<uint64_t>(time.unix_seconds) * 1'000'000'000U +
                     static_cast<uint64_t>(time.nanosecond);
    return Value::object({{"metav1", cat("\"", text::format_go_time_utc(time), "\"")},
                          {"rfc3339nano", text::format_go_time(time)},
                          {"unixNano", static_cast<int64_t>(nanos)}});
  }
  auto duration = TRY(text::parse_duration(in["duration"].to_string()));
  std::string printed = text::format_duration(duration);
  if (group == "metav1") return Value(cat("\"", printed, "\""));
  return Value::object({{"nanoseconds", duration.count()}, {"string", printed}});
}

Result<Value> run_cron(const std::string&, const Value& in) {
  constexpr int kTimes = 5;
  auto cron = TRY(text::Cron::parse(in["cron"].to_string()));
  std::string name = in["zone"].to_string();
  text::Zone zone;
  if (name != "UTC") {
    auto read = text::Zone::read(TRY(read_file("/usr/share/zoneinfo/" + name)));
    if (!read) return Error(Code::NotFound, cat("unknown time zone ", name));
    zone = *std::move(read);
  }
  auto time = TRY(text::parse_go_time(in["after"].to_string()));
  constexpr const char* kExpired = "trigger has expired";
  Value times = Value::array();
  for (int i = 0; i < kTimes; ++i) {
    auto next = cron.next(time.unix_seconds, zone);
    if (!next && i == 0) return Error(Code::Invalid, kExpired);
    if (!next) {
      times.push_back(cat("error: ", kExpired));
      break;
    }
    time = {.unix_seconds = *next};
    times.push_back(text::format_go_time_utc(time));
  }
  return times;
}

}  // namespace

void add_text_tables(Families& families) {
  add_table(families, "semver", run_semver);
  add_table(families, "glob", run_glob);
  add_table(families, "helmignore", run_helmignore);
  add_table(families, "durations", run_durations);
  add_table(families, "cron", run_cron);
}

}  // namespace fleet::conformance
