#include "helm/engine/schema.h"

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/schema/schema.h"

namespace fleet::helm {
namespace {

constexpr std::string_view kBase = "file:///values.schema.json";

std::string_view go_type(const data::Value& value) {
  switch (value.type()) {
    case data::Type::Bool:
      return "bool";
    case data::Type::Int:
      return "int64";
    case data::Type::String:
      return "string";
    case data::Type::Array:
      return "[]interface {}";
    default:
      return "float64";
  }
}

// Documents that a schema refers to. Nothing outside the chart is read: an unknown name of the
// form urn: allows everything, as in Helm; the rest cannot be loaded.
Result<data::Value> load_document(const std::string& url) {
  if (url.starts_with("urn:")) return data::Value(true);
  if (url.starts_with("file://")) {
    return Error(Code::NotFound, cat("open ", url.substr(7), ": no such file or directory"));
  }
  if (url.starts_with("http://") || url.starts_with("https://")) {
    return Error(
        Code::Unsupported,
        cat("HTTP request failed for ", url, ": schemas are not fetched from the network"));
  }
  return Error(Code::Unsupported, cat("no URLLoader registered for ", quote(url)));
}

}  // namespace

struct SchemaChecker::Compiled {
  std::shared_ptr<const std::string> text;  // keeps the key of the map alive
  Result<schema::Schema> schema;
};

SchemaChecker::SchemaChecker() = default;
SchemaChecker::~SchemaChecker() = default;

Result<> SchemaChecker::check_one(const std::shared_ptr<const std::string>& schema,
                                  const data::Value& values) {
  auto found = compiled_.find(schema.get());
  if (found == compiled_.end()) {
    schema::Options options;
    options.base = kBase;
    options.load = load_document;
    auto fresh =
        std::make_unique<Compiled>(Compiled{schema, schema::Schema::compile(*schema, options)});
    found = compiled_.emplace(schema.get(), std::move(fresh)).first;
  }
  const Compiled& compiled = *found->second;
  if (!compiled.schema.ok()) return compiled.schema.error();
  auto valid = compiled.schema->validate(values);
  if (valid.ok()) return {};
  std::string first = cat("jsonschema validation failed with '", kBase, "#'\n");
  return Error(Code::Invalid, cat(trim_prefix(valid.error().message(), first), "\n"));
}

void SchemaChecker::collect(const Chart& chart, const data::Value& values, std::string& out) {
  if (chart.schema) {
    auto valid = check_one(chart.schema, values);
    if (!valid.ok()) out += cat(chart.name(), ":\n", valid.error().message());
  }
  for (const Chart& subchart : chart.dependencies) {
    const data::Value& own = values[subchart.name()];
    if (own.is_null()) continue;
    if (!own.is_object()) {
      out += cat(subchart.name(),
                 ":\ninvalid type for values: expected object (map), got ",
                 go_type(own),
                 "\n");
      continue;
    }
    collect(subchart, own, out);
  }
}

Result<> SchemaChecker::check_charts(const Chart& chart, const data::Value& values) {
  std::string errors;
  collect(chart, values, errors);
  if (errors.empty()) return {};
  return Error(Code::Invalid, std::move(errors));
}

Result<> SchemaChecker::check(const Chart& chart, const data::Value& values) {
  auto valid = check_charts(chart, values);
  if (valid.ok()) return {};
  return Error(Code::Invalid,
               cat("values don't meet the specifications of the schema(s) in the following "
                   "chart(s):\n",
                   valid.error().message()));
}

}  // namespace fleet::helm
