// The CustomResourceDefinitions as files: schemas/PLURAL.json, made by FLEET_ACCEPT=1.
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "data/json/parse.h"
#include "data/json/print.h"
#include "fleet/api/crds.h"
#include "kube/crd/structural.h"

namespace fleet::api {
namespace {

using data::Value;

std::string file_of(const Value& crd) {
  return "schemas/" + crd.at({"spec", "names", "plural"}).to_string() + ".json";
}

std::string written(const Value& crd) {
  return json::print_indented(crd, json::Keys::Sorted, json::Indent{"", "  "}, json::Html::Plain) +
         "\n";
}

TEST(Schemas, AreTheFilesInTheRepository) {
  if (!std::ifstream("schemas/README.md").good()) {
    GTEST_SKIP() << "run in the root of the checkout: no schemas/README.md here";
  }
  bool accept = std::getenv("FLEET_ACCEPT") != nullptr;  // NOLINT(concurrency-mt-unsafe)
  for (const Value& crd : crds()) {
    if (accept) {
      std::ofstream(file_of(crd)) << written(crd);
      continue;
    }
    std::stringstream text;
    text << std::ifstream(file_of(crd)).rdbuf();
    EXPECT_EQ(text.str(), written(crd)) << file_of(crd) << ": accept with FLEET_ACCEPT=1";
  }
  if (accept) GTEST_SKIP() << "accepted";
}

TEST(Schemas, CompileAsAnyonesDo) {
  for (const Value& crd : crds()) {
    auto compiled = kube::crd::Definition::compile(crd);
    EXPECT_TRUE(compiled.errors.empty())
        << file_of(crd) << ": " << kube::join_field_errors(compiled.errors);
  }
}

kube::FieldErrors errors_of(const char* plural, const char* text) {
  for (const Value& crd : crds()) {
    if (crd.at({"spec", "names", "plural"}).to_string() != plural) continue;
    auto definition = kube::crd::Definition::compile(crd).definition;
    Value object = *json::parse(text);
    std::vector<std::string> unknown;
    definition.versions[0].prune(object, unknown);
    definition.versions[0].set_defaults(object);
    return definition.versions[0].validate(object, nullptr);
  }
  return {};
}

struct Case {
  const char* rule;
  const char* plural;
  const char* object;
  const char* want;  // the beginning; empty: fine
};

TEST(Schemas, RefuseWhatUpstreamRefuses) {
  const Case cases[] = {
      {"a repository needs a URL", "gitrepos", R"({"spec":{}})", "spec.repo: Required value"},
      {"that is not empty",
       "gitrepos",
       R"({"spec":{"repo":""}})",
       "spec.repo: Invalid value: \"\": spec.repo in body should be at least 1 chars long"},
      {"null where it is allowed", "gitrepos", R"({"spec":{"repo":"x","branch":null}})", ""},
      {"durations have Go's units",
       "gitrepos",
       R"({"spec":{"repo":"x","pollingInterval":"1d"}})",
       "spec.pollingInterval: Invalid value: \"1d\": must be a valid Go duration using units ns"},
      {"and are not negative",
       "schedules",
       R"({"spec":{"schedule":"* * * * *","duration":"-1h","targets":{}}})",
       "spec.duration: Invalid value: \"-1h\": must be a valid Go duration"},
      {"zero is fine", "gitrepos", R"({"spec":{"repo":"x","pollingInterval":"0"}})", ""},
      {"two ways to customize",
       "bundles",
       R"({"spec":{"targetCustomizationMode":"Both"}})",
       "spec.targetCustomizationMode: Unsupported value: \"Both\": supported values: "
       "\"FirstMatch\", \"AllMatches\""},
      {"numbers and percentages",
       "bundles",
       R"({"spec":{"rolloutStrategy":{"maxUnavailable":"10%","autoPartitionSize":3}}})",
       ""},
      {"release names are short",
       "bundles",
       R"({"spec":{"helm":{"releaseName":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}}})",
       "spec.helm.releaseName: Too long: may not be more than 53 bytes"},
      {"and lower case",
       "bundles",
       R"({"spec":{"helm":{"releaseName":"A"}}})",
       "spec.helm.releaseName: Invalid value: \"A\": spec.helm.releaseName in body should match"},
  };
  for (const Case& c : cases) {
    auto errors = errors_of(c.plural, c.object);
    std::string text = errors.empty() ? "" : errors[0].str();
    EXPECT_TRUE(*c.want == '\0' ? text.empty() : text.starts_with(c.want))
        << c.rule << ": " << text;
  }
}

}  // namespace
}  // namespace fleet::api
