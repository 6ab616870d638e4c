#include "helm/chart/metadata.h"

#include <algorithm>
#include <set>

#include "base/file_tree.h"
#include "base/strings.h"
#include "data/fields/from_yaml.h"
#include "data/yaml/yaml.h"
#include "text/semver.h"

namespace fleet::helm {
namespace {

using data::field;

Error refuse(std::string message) {
  return Error(Code::Invalid, "validation: " + std::move(message));
}

// White space becomes a blank, what cannot be printed goes.
void sanitize(std::string& text) {
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    Rune rune = decode_rune(rest);
    if (is_space(rune.value)) {
      out += ' ';
    } else if (is_printable(rune.value)) {
      append_rune(out, rune.value);
    }
    rest.remove_prefix(rune.size);
  }
  text = std::move(out);
}

bool is_alias(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

Result<> validate_dependency(std::optional<Dependency>& dependency) {
  if (!dependency) return refuse("dependencies must not contain empty or null nodes");
  sanitize(dependency->name);
  sanitize(dependency->version);
  sanitize(dependency->repository);
  sanitize(dependency->condition);
  for (std::string& tag : dependency->tags)
    sanitize(tag);
  if (!is_alias(dependency->alias)) {
    return refuse(
        cat("dependency ", quote(dependency->name), " has disallowed characters in the alias"));
  }
  return {};
}

void sanitize_all(Metadata& m) {
  for (std::string* text : {&m.name,
                            &m.description,
                            &m.home,
                            &m.icon,
                            &m.condition,
                            &m.tags,
                            &m.app_version,
                            &m.kube_version}) {
    sanitize(*text);
  }
  for (std::string& source : m.sources)
    sanitize(source);
  for (std::string& keyword : m.keywords)
    sanitize(keyword);
}

Result<> check_identity(const Metadata& m) {
  if (m.api_version.empty()) return refuse("chart.metadata.apiVersion is required");
  if (m.name.empty()) return refuse("chart.metadata.name is required");
  if (m.name == "." || m.name == "..") {
    return refuse(cat("chart.metadata.name ", quote(m.name), " is not allowed"));
  }
  if (m.name != base_name(m.name)) {
    return refuse(cat("chart.metadata.name ", quote(m.name), " is invalid"));
  }
  if (m.version.empty()) return refuse("chart.metadata.version is required");
  if (!text::Version::parse(m.version).ok()) {
    return refuse(cat("chart.metadata.version ", quote(m.version), " is invalid"));
  }
  if (!m.type.empty() && m.type != "application" && m.type != "library") {
    return refuse("chart.metadata.type must be application or library");
  }
  return {};
}

template <typename T>
Result<> read(std::string_view text, T& into) {
  return data::decode_yaml_into(data::type_of<T>(), yaml::parse_for_fields(text), &into);
}

Result<> read_generated(const data::DecodeContext&, const data::Value& value, void* out) {
  if (value.is_null()) return {};
  if (!value.is_string()) {
    return Error(Code::Invalid, "Time.UnmarshalJSON: input is not a JSON string");
  }
  static_cast<Lock::Generated*>(out)->time = TRY(text::parse_go_time(value.as_string()));
  return {};
}

}  // namespace

data::Fields Maintainer::fields() {
  return {field("name", &Maintainer::name, "Who it is."),
          field("email", &Maintainer::email, "Where to write to."),
          field("url", &Maintainer::url, "Where to read about them.")};
}

data::Fields Dependency::fields() {
  return {
      field("name", &Dependency::name, "The chart's name.").always(),
      field("version", &Dependency::version, "A version or a range."),
      field("repository", &Dependency::repository, "Where it is fetched from.").always(),
      field("condition", &Dependency::condition, "Paths in the values; the first bool decides."),
      field("tags", &Dependency::tags, "Switches shared with other dependencies."),
      field("enabled", &Dependency::enabled, "Whether it takes part."),
      field("import-values", &Dependency::import_values, "Values carried to the parent."),
      field("alias", &Dependency::alias, "The name it goes by."),
  };
}

data::Fields Metadata::fields() {
  return {
      field("name", &Metadata::name, "The chart's name."),
      field("home", &Metadata::home, "The project's page."),
      field("sources", &Metadata::sources, "Where its sources are."),
      field("version", &Metadata::version, "A semantic version."),
      field("description", &Metadata::description, "One sentence."),
      field("keywords", &Metadata::keywords, "Words to find it by."),
      field("maintainers", &Metadata::maintainers, "Who keeps it."),
      field("icon", &Metadata::icon, "A picture's URL."),
      field("apiVersion", &Metadata::api_version, "v1 or v2."),
      field("condition", &Metadata::condition, "Not used by Helm."),
      field("tags", &Metadata::tags, "Not used by Helm."),
      field("appVersion", &Metadata::app_version, "The version of what it installs."),
      field("deprecated", &Metadata::deprecated, "No longer kept."),
      field("annotations", &Metadata::annotations, "For others to read."),
      field("kubeVersion", &Metadata::kube_version, "A range of Kubernetes versions."),
      field("dependencies", &Metadata::dependencies, "The charts it needs."),
      field("type", &Metadata::type, "application or library."),
  };
}

data::Fields Lock::fields() {
  return {field("generated", &Lock::generated, "When.").always(),
          field("digest", &Lock::digest, "Of the dependencies in Chart.yaml.").always(),
          field("dependencies", &Lock::dependencies, "What was chosen.").always()};
}

const data::TypeInfo& Lock::Generated::data_type() {
  static constexpr data::CustomOps kOps{
      &read_generated,
      [](const void* in) {
        return data::Value(text::format_go_time(static_cast<const Lock::Generated*>(in)->time));
      },
      [](const void*) { return false; },
      [] {
        return data::Value::object({{"type", "string"}, {"format", "date-time"}});
      }};
  static constexpr data::TypeInfo kInfo{
      .shape = data::Shape::Custom, .go_type = "time.Time", .custom = &kOps};
  return kInfo;
}

bool Metadata::is_library() const {
  return equal_fold(type, "library");
}

Result<> read_yaml(std::string_view text, Metadata& into) {
  return read(text, into);
}

Result<> read_yaml(std::string_view text, Lock& into) {
  return read(text, into);
}

Result<> validate(Metadata& metadata) {
  sanitize_all(metadata);
  TRY(check_identity(metadata));
  for (std::optional<Maintainer>& maintainer : metadata.maintainers) {
    if (!maintainer) return refuse("maintainers must not contain empty or null nodes");
    sanitize(maintainer->name);
    sanitize(maintainer->email);
    sanitize(maintainer->url);
  }
  std::set<std::string> names;
  for (std::optional<Dependency>& dependency : metadata.dependencies) {
    TRY(validate_dependency(dependency));
    const std::string& name = dependency->alias.empty() ? dependency->name : dependency->alias;
    if (!names.insert(name).second) {
      return refuse(cat("more than one dependency with name or alias ", quote(name)));
    }
  }
  return {};
}

namespace {

constexpr size_t kMaxReleaseNameBytes = 53;

// ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$
bool is_dns_name(std::string_view name) {
  for (std::string_view label : split(name, '.')) {
    if (label.empty() || label.front() == '-' || label.back() == '-') return false;
    bool good = std::all_of(label.begin(), label.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
    if (!good) return false;
  }
  return true;
}

}  // namespace

Result<> validate_release_name(std::string_view name) {
  if (name.empty()) return Error(Code::Invalid, "no name provided");
  if (name.size() > kMaxReleaseNameBytes || !is_dns_name(name)) {
    return Error(Code::Invalid,
                 "invalid release name, must match regex "
                 "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and the "
                 "length must not be longer than 53");
  }
  return {};
}

}  // namespace fleet::helm
