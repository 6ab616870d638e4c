#include <gtest/gtest.h>

#include "base/strings.h"
#include "kube/meta/condition.h"
#include "kube/meta/intorstring.h"
#include "kube/meta/names.h"
#include "kube/meta/object.h"
#include "kube/meta/quantity.h"
#include "kube/meta/selector.h"
#include "kube/meta/status.h"
#include "kube/meta/time.h"

namespace fleet::kube {
namespace {

using data::Value;

TEST(Object, ReadsAndWritesMetadata) {
  Object object = Object::make({"apps", "v1", "Deployment"}, {"ns", "web"});
  EXPECT_EQ(object.api_version(), "apps/v1");
  EXPECT_EQ(object.key(), (Key{"ns", "web"}));
  object.set_label("a", "1");
  EXPECT_EQ(object.labels(), (StringMap{{"a", "1"}}));
  EXPECT_TRUE(object.remove_label("a"));
  EXPECT_FALSE(object.metadata().contains("labels"));
  EXPECT_TRUE(object.add_finalizer("f"));
  EXPECT_FALSE(object.add_finalizer("f"));
  EXPECT_TRUE(object.remove_finalizer("f"));
  EXPECT_FALSE(object.metadata().contains("finalizers"));
  object.set_ns("");
  EXPECT_EQ(object.key().str(), "web");
}

TEST(Object, AnOwnerIsReplacedByUid) {
  Object owner = Object::make({"v1", "", "X"}, {"", "o"});
  owner.set_uid("u1");
  Object object;
  object.add_owner(controller_reference(owner));
  OwnerReference again = controller_reference(owner);
  again.name = "other";
  object.add_owner(again);
  ASSERT_EQ(object.owner_references().size(), 1U);
  EXPECT_EQ(object.controller()->name, "other");
}

TEST(Object, CopiesDoNotSeeEachOther) {
  Object a = Object::make({"", "v1", "Pod"}, {"n", "p"});
  Object b = a;
  b.set_label("x", "y");
  EXPECT_FALSE(a.has_label("x"));
}

TEST(Gvk, TextForms) {
  EXPECT_EQ((GroupVersionKind{"apps", "v1", "Deployment"}).str(), "apps/v1, Kind=Deployment");
  EXPECT_EQ(GroupVersionKind::of("v1", "Pod"), (GroupVersionKind{"", "v1", "Pod"}));
  EXPECT_EQ(GroupVersion::parse("a/b/c").error().message(),
            "unexpected GroupVersion string: a/b/c");
  Resource pods{{"", "v1", "pods"}, "Pod", true};
  EXPECT_EQ(pods.path("n", "p"), "/api/v1/namespaces/n/pods/p");
  Resource roles{{"rbac.authorization.k8s.io", "v1", "clusterroles"}, "ClusterRole", false};
  EXPECT_EQ(roles.path("ignored"), "/apis/rbac.authorization.k8s.io/v1/clusterroles");
}

TEST(Selector, NullIsNothingAndEmptyIsEverything) {
  EXPECT_FALSE(LabelSelector::from_value(nullptr)->matches(StringMap{}));
  EXPECT_TRUE(LabelSelector::from_value(Value::object())->matches(StringMap{}));
}

TEST(Selector, ReportsAllThatIsWrongWithAValue) {
  auto selector = LabelSelector::parse("n>'x'");
  ASSERT_FALSE(selector.ok());
  EXPECT_TRUE(selector.error().message().starts_with(
      "unable to parse requirement: [values[0]: Invalid value: \"'x'\": for 'Gt'"));
}

TEST(Selector, ErrorsShowValuesAsGiven) {
  Value wrong = Value::object({{"key", "env"}, {"operator", "Exists"}});
  wrong.set("values", Value::array({"b", "a", "b"}));
  auto selector =
      LabelSelector::from_value(Value::object({{"matchExpressions", Value::array({wrong})}}));
  ASSERT_FALSE(selector.ok());
  EXPECT_EQ(selector.error().message(),
            "values: Invalid value: [\"b\",\"a\",\"b\"]: values set must be empty for exists and "
            "does not exist");
}

TEST(Names, TheLimitOfAPrefixIsInBytes) {
  auto complaints = check_label_key(std::string(254, 'a') + "/x");
  ASSERT_FALSE(complaints.empty());
  EXPECT_EQ(complaints.front(), "prefix part must be no more than 253 bytes");
}

TEST(FieldSelector, EscapesAndMatches) {
  auto selector = FieldSelector::parse("a=x\\,y,b!=z");
  ASSERT_TRUE(selector.ok());
  EXPECT_EQ(selector->str(), "a=x\\,y,b!=z");
  EXPECT_TRUE(selector->matches(
      [](std::string_view field) { return std::string(field == "a" ? "x,y" : "q"); }));
  EXPECT_EQ(*selector->exact("a"), "x,y");
  EXPECT_EQ(FieldSelector::parse("a=\\x").error().message(),
            "invalid field selector: invalid escape sequence: \\x");
}

TEST(Status, InvalidListsFieldsAsCauses) {
  FieldErrors errors{FieldError::required("spec.a", ""),
                     FieldError::invalid("spec.b", -1, "must be greater than or equal to 0"),
                     FieldError::not_supported("spec.c", "z", {"x", "y"})};
  Status status = Status::invalid("apps", "Deployment", "web", errors);
  EXPECT_EQ(status.message,
            "Deployment.apps \"web\" is invalid: [spec.a: Required value, spec.b: Invalid value: "
            "-1: must be greater than or equal to 0, spec.c: Unsupported value: \"z\": supported "
            "values: \"x\", \"y\"]");
  Value value = status.to_value();
  EXPECT_EQ(value["code"].as_int(), 422);
  EXPECT_EQ(
      value.at({"details", "causes", 0}),
      Value::object(
          {{"reason", "FieldValueRequired"}, {"message", "Required value"}, {"field", "spec.a"}}));
  EXPECT_EQ(Status::from_value(value).message, status.message);
}

TEST(Status, TextsAndCodesOfKubeApiserver) {
  EXPECT_EQ(Status::not_found("deployments.apps", "x").message, "deployments.apps \"x\" not found");
  EXPECT_EQ(Status::not_found("deployments.apps", "x").group, "apps");
  EXPECT_EQ(Status::forbidden("pods", "", "no").message, "pods is forbidden: no");
  EXPECT_EQ(http_status(Code::Expired), 410);
  EXPECT_EQ(code_from_http(409), Code::Conflict);
  EXPECT_EQ(code_from_http(599), Code::InternalError);
}

TEST(Condition, SetErrorIsWranglers) {
  Conditions conditions;
  TimePoint now{};
  Error error(Code::Invalid, "bad");
  EXPECT_TRUE(set_error(conditions, "Ready", "", &error, now));
  EXPECT_EQ(conditions[0].status, "False");
  EXPECT_EQ(conditions[0].reason, "Error");
  EXPECT_EQ(conditions[0].message, "bad");
  EXPECT_FALSE(set_error(conditions, "Ready", "", &error, now));
  EXPECT_TRUE(set_error(conditions, "Ready", "", nullptr, now));
  EXPECT_EQ(conditions[0].status, "True");
  EXPECT_EQ(conditions[0].message, "");
  EXPECT_EQ(conditions[0].last_transition_time, "");
}

TEST(Condition, MetaConditionMovesItsTimeWithTheStatus) {
  Value object;
  TimePoint first = *parse_rfc3339("2026-01-01T00:00:00Z");
  TimePoint second = *parse_rfc3339("2026-01-02T00:00:00Z");
  EXPECT_TRUE(set_meta_condition(object, {"A", "True", "R", "m"}, first));
  EXPECT_FALSE(set_meta_condition(object, {"A", "True", "R", "m"}, second));
  EXPECT_TRUE(set_meta_condition(object, {"A", "True", "R", "n"}, second));
  EXPECT_EQ(condition_of(object, "A")["lastTransitionTime"].to_string(), "2026-01-01T00:00:00Z");
  EXPECT_TRUE(has_condition(object, "A"));
}

TEST(IntOrString, Percentages) {
  EXPECT_EQ(*scaled_value(IntOrString::of("25%"), 9, Rounding::Down), 2);
  EXPECT_EQ(*scaled_value(IntOrString::of("25%"), 9, Rounding::Up), 3);
  EXPECT_EQ(*scaled_value(IntOrString::of(4), 9, Rounding::Up), 4);
  EXPECT_FALSE(scaled_value(IntOrString::of("x"), 9, Rounding::Up).ok());
  EXPECT_FALSE(IntOrString::parse("12").is_string);
}

struct Limited {
  IntOrString most;

  static constexpr const char* kGoType = "v1.Limited";
  static data::Fields fields() { return {data::field("most", &Limited::most)}; }
};

TEST(IntOrString, ReadsWholeNumbersOf32BitsAndTexts) {
  struct Case {
    Value most;
    const char* want;
  };
  const Case cases[] = {
      {7, "7"},
      {"25%", "25%"},
      {1.5, "json: cannot unmarshal number 1.5 into Go struct field Limited.most of type int32"},
      {2147483648,
       "json: cannot unmarshal number 2147483648 into Go struct field Limited.most of type int32"},
      {1e-7, "json: cannot unmarshal number 1e-7 into Go struct field Limited.most of type int32"},
      {true, "json: cannot unmarshal bool into Go struct field Limited.most of type int32"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.want);
    auto limited = data::decode<Limited>(Value::object({{"most", c.most}}));
    EXPECT_EQ(limited.ok() ? limited->most.str() : limited.error().message(), c.want);
  }
}

struct Timed {
  Time time;
  std::optional<Time> maybe;
  GoDuration duration;

  static data::Fields fields() {
    return {data::field("time", &Timed::time),
            data::field("maybe", &Timed::maybe),
            data::field("duration", &Timed::duration)};
  }
};

TEST(Time, IsNullWhenZeroAndSecondsOnTheWire) {
  Timed timed;
  EXPECT_EQ(data::encode(timed), Value::object({{"time", nullptr}, {"duration", "0s"}}));
  auto read = data::decode<Timed>(Value::object(
      {{"time", "2026-01-02T03:04:05.5+01:00"}, {"maybe", nullptr}, {"duration", "90m"}}));
  ASSERT_TRUE(read.ok()) << read.error().message();
  EXPECT_EQ(data::encode(*read),
            Value::object({{"time", "2026-01-02T02:04:05Z"}, {"duration", "1h30m0s"}}));
}

TEST(Quantity, LimitsAreErrors) {
  EXPECT_TRUE(Quantity::parse(std::string(kMaxQuantityDigits, '9')).ok());
  EXPECT_FALSE(Quantity::parse(std::string(kMaxQuantityDigits + 1, '9')).ok());
  EXPECT_TRUE(Quantity::parse(cat("1e", kMaxQuantityExponent)).ok());
  EXPECT_FALSE(Quantity::parse(cat("1e", kMaxQuantityExponent + 1)).ok());
}

TEST(Quantity, ArithmeticKeepsTheFormatOfTheFirst) {
  auto sum = *Quantity::parse("1Gi");
  sum.add(*Quantity::parse("512Mi"));
  EXPECT_EQ(sum.str(), "1536Mi");
  sum.subtract(*Quantity::parse("1536Mi"));
  EXPECT_TRUE(sum.is_zero());
}

TEST(Names, PortsAndKeys) {
  EXPECT_TRUE(check_port_name("http").empty());
  EXPECT_EQ(check_port_name("8080").front(), "must contain at least one letter (a-z)");
  EXPECT_TRUE(check_config_map_key("a.b_C-1").empty());
  EXPECT_FALSE(check_config_map_key("..").empty());
  EXPECT_TRUE(check_dns1035_label("a-1").empty());
  EXPECT_FALSE(check_dns1035_label("1a").empty());
}

}  // namespace
}  // namespace fleet::kube
