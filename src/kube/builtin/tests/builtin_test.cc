#include <set>

#include <gtest/gtest.h>

#include "base/strings.h"
#include "kube/builtin/openapi.h"
#include "kube/builtin/rules.h"
#include "kube/builtin/schema.h"

namespace fleet::kube::builtin {
namespace {

using data::Value;

const Kind& kind_of(const char* group, const char* version, const char* kind) {
  const Kind* found = find_kind({group, version, kind});
  EXPECT_NE(found, nullptr);
  return *found;
}

Value pod(Value spec) {
  return Value::object({{"apiVersion", "v1"},
                        {"kind", "Pod"},
                        {"metadata", Value::object({{"name", "p"}})},
                        {"spec", std::move(spec)}});
}

Value container(const char* image) {
  return Value::object({{"name", "c"}, {"image", image}});
}

Value deployment() {
  Value out = Value::object({{"apiVersion", "apps/v1"}, {"kind", "Deployment"}});
  out.set({"metadata", "name"}, "web");
  out.set({"spec", "selector", "matchLabels", "app"}, "web");
  out.set({"spec", "template", "metadata", "labels", "app"}, "web");
  out.set({"spec", "template", "spec", "containers"}, Value::array({container("nginx")}));
  return out;
}

TEST(Kinds, EachHasAShapeAndIsThereOnce) {
  std::set<std::string> seen;
  for (const Kind& kind : kinds()) {
    EXPECT_NE(find_type(kind.schema), nullptr) << kind.schema;
    EXPECT_TRUE(seen.insert(kind.gvk().str()).second) << kind.gvk().str();
    EXPECT_FALSE(columns(kind).empty());
    EXPECT_EQ(cells(kind, Value::object(), TimePoint{}).size(), columns(kind).size())
        << kind.gvk().str();
  }
}

TEST(Schema, KnowsListsAndKeys) {
  const Type* spec = find_type("core.v1.PodSpec");
  ASSERT_NE(spec, nullptr);
  const Type* containers = spec->find("containers");
  EXPECT_EQ(containers->list, ListKind::Keyed);
  EXPECT_EQ(containers->keys, (std::vector<std::string_view>{"name"}));
  EXPECT_EQ(containers->element->name, "core.v1.Container");
  EXPECT_EQ(spec->find("terminationGracePeriodSeconds")->shape, Shape::Int64);
  EXPECT_EQ(find_type("core.v1.Secret")->find("data")->element->shape, Shape::Bytes);
  EXPECT_TRUE(find_type("meta.v1.LabelSelector")->atomic);
}

struct ReadCase {
  const char* rule;
  Value spec;
  const char* error;
};

TEST(Read, ReportsWrongTypesAsGoDoes) {
  const ReadCase cases[] = {
      {"a text where a number belongs",
       Value::object({{"terminationGracePeriodSeconds", "x"}}),
       "Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal string into Go "
       "struct field PodSpec.spec.terminationGracePeriodSeconds of type int64"},
      {"an object where a list belongs",
       Value::object({{"containers", Value::object()}}),
       "Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal object into Go "
       "struct field PodSpec.spec.containers of type []v1.Container"},
      {"positions are not shown",
       Value::object({{"containers", Value::array({Value::object({{"image", 1}})})}}),
       "Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal number into Go "
       "struct field Container.spec.containers.image of type string"},
  };
  for (const ReadCase& c : cases) {
    SCOPED_TRACE(c.rule);
    Value object = pod(c.spec);
    std::vector<std::string> unknown;
    auto read = read_strictly(kind_of("", "v1", "Pod"), object, unknown);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().message(), c.error);
  }
}

TEST(Read, NamesUnknownFieldsAndDropsNulls) {
  Value object =
      pod(Value::object({{"nodeName", nullptr}, {"foo", 1}, {"nodeSelector", Value::object()}}));
  object.set({"spec", "containers"}, Value::array({Value::object({{"name", "c"}, {"bar", "x"}})}));
  std::vector<std::string> unknown;
  ASSERT_TRUE(read_strictly(kind_of("", "v1", "Pod"), object, unknown).ok());
  EXPECT_EQ(unknown,
            (std::vector<std::string>{"unknown field \"spec.foo\"",
                                      "unknown field \"spec.containers[0].bar\""}));
  EXPECT_EQ(object["spec"],
            Value::object({{"containers", Value::array({Value::object({{"name", "c"}})})}}));
}

TEST(Defaults, OfADeployment) {
  Value object = deployment();
  set_defaults(kind_of("apps", "v1", "Deployment"), object);
  EXPECT_EQ(object.at({"spec", "replicas"}).as_int(), 1);
  EXPECT_EQ(object.at({"spec", "strategy", "rollingUpdate", "maxSurge"}).to_string(), "25%");
  const Value& spec = object.at({"spec", "template", "spec"});
  EXPECT_EQ(spec["restartPolicy"].to_string(), "Always");
  EXPECT_EQ(spec.at({"containers", 0, "imagePullPolicy"}).to_string(), "Always");
  EXPECT_TRUE(spec["enableServiceLinks"].is_null());
  Value again = object;
  set_defaults(kind_of("apps", "v1", "Deployment"), again);
  EXPECT_EQ(again, object);
}

TEST(Defaults, PullPolicyFollowsTheTag) {
  struct Case {
    const char* image;
    const char* want;
  };
  for (const Case& c : {Case{"nginx", "Always"},
                        Case{"nginx:latest", "Always"},
                        Case{"nginx:1", "IfNotPresent"},
                        Case{"host:5000/nginx", "Always"},
                        Case{"nginx@sha256:00", "IfNotPresent"}}) {
    Value object = pod(Value::object({{"containers", Value::array({container(c.image)})}}));
    set_defaults(kind_of("", "v1", "Pod"), object);
    EXPECT_EQ(object.at({"spec", "containers", 0, "imagePullPolicy"}).to_string(), c.want)
        << c.image;
  }
}

TEST(Defaults, OfASecretAndAService) {
  Value secret = Value::object({{"stringData", Value::object({{"a", "b"}})}});
  set_defaults(kind_of("", "v1", "Secret"), secret);
  EXPECT_EQ(secret, Value::object({{"data", Value::object({{"a", "Yg=="}})}, {"type", "Opaque"}}));
  Value service;
  service.set({"spec", "ports"}, Value::array({Value::object({{"port", 80}})}));
  set_defaults(kind_of("", "v1", "Service"), service);
  EXPECT_EQ(service.at({"spec", "ports", 0, "targetPort"}).as_int(), 80);
  EXPECT_EQ(service.at({"spec", "type"}).to_string(), "ClusterIP");
}

TEST(Validate, ADeploymentThatIsWrong) {
  Value object = deployment();
  object.set({"spec", "template", "metadata", "labels", "app"}, "other");
  object.set({"spec", "replicas"}, -1);
  object.edit({"spec", "template", "spec", "containers"}).edit(0).erase("image");
  set_defaults(kind_of("apps", "v1", "Deployment"), object);
  EXPECT_EQ(
      join_field_errors(validate(kind_of("apps", "v1", "Deployment"), object, nullptr)),
      "[spec.replicas: Invalid value: -1: must be greater than or equal to 0, "
      "spec.template.metadata.labels: Invalid value: {\"app\":\"other\"}: `selector` does not "
      "match template `labels`, spec.template.spec.containers[0].image: Required value]");
}

TEST(Validate, WhatMayNotChange) {
  Value old = deployment();
  Value next = old;
  next.set({"spec", "selector", "matchLabels", "b"}, "c");
  next.set({"spec", "template", "metadata", "labels", "b"}, "c");
  auto errors = validate(kind_of("apps", "v1", "Deployment"), next, &old);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_TRUE(errors[0].str().ends_with("field is immutable")) << errors[0].str();
}

TEST(Validate, RolesAndBindings) {
  Value role;
  role.set({"rules"}, Value::array({Value::object({{"verbs", Value::array()}})}));
  EXPECT_EQ(validate(kind_of("rbac.authorization.k8s.io", "v1", "Role"), role, nullptr).size(), 3U);
}

TEST(Cells, OfADeploymentAndAPod) {
  TimePoint now = *parse_rfc3339("2026-01-02T00:00:00Z");
  Value object = deployment();
  object.set({"metadata", "creationTimestamp"}, "2026-01-01T23:58:00Z");
  object.set({"spec", "replicas"}, 3);
  object.set({"status", "readyReplicas"}, 2);
  auto row = cells(kind_of("apps", "v1", "Deployment"), object, now);
  EXPECT_EQ(row[1].to_string(), "2/3");
  EXPECT_EQ(row[4].to_string(), "2m");
  EXPECT_EQ(row[7].to_string(), "app=web");

  Value crashing = pod(Value::object({{"containers", Value::array({container("x")})}}));
  Value status = Value::object({{"name", "c"}, {"restartCount", 3}});
  status.set({"state", "waiting", "reason"}, "CrashLoopBackOff");
  crashing.set({"status", "containerStatuses"}, Value::array({status}));
  crashing.set({"status", "phase"}, "Running");
  row = cells(kind_of("", "v1", "Pod"), crashing, now);
  EXPECT_EQ(row[1].to_string(), "0/1");
  EXPECT_EQ(row[2].to_string(), "CrashLoopBackOff");
  EXPECT_EQ(row[3].to_string(), "3");
}

TEST(OpenApi, WritesWholeTypes) {
  Value affinity = structural_schema("core.v1.Affinity");
  const Value& term = affinity.at({"properties",
                                   "podAffinity",
                                   "properties",
                                   "requiredDuringSchedulingIgnoredDuringExecution"});
  EXPECT_EQ(term["x-kubernetes-list-type"].to_string(), "atomic");
  EXPECT_EQ(term.at({"items", "required"}), Value::array({"topologyKey"}));
  EXPECT_TRUE(structural_schema("core.v1.Nothing").is_null());
}

TEST(Storage, EventsAndAutoscalersComeBackAsTheyWent) {
  Value event = Value::object({{"apiVersion", "events.k8s.io/v1"}, {"note", "n"}});
  const Kind& kind = kind_of("events.k8s.io", "v1", "Event");
  EXPECT_EQ(storage_kind(kind).group, "");
  Value stored = to_storage(kind, event);
  EXPECT_EQ(stored["message"].to_string(), "n");
  EXPECT_EQ(from_storage(kind, stored), event);
}

TEST(Selectable, OnlyWhatTheKindOffers) {
  const Kind& kind = kind_of("", "v1", "Pod");
  Value object = pod(Value::object({{"nodeName", "n1"}}));
  EXPECT_EQ(selectable(kind, object, "spec.nodeName"), "n1");
  EXPECT_EQ(selectable(kind, object, "spec.hostNetwork"), "false");
  EXPECT_FALSE(selectable(kind, object, "spec.foo").has_value());
}

}  // namespace
}  // namespace fleet::kube::builtin
