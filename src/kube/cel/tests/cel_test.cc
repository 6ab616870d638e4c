#include <gtest/gtest.h>

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "kube/cel/program.h"

namespace fleet::kube::cel {
namespace {

using data::Value;

const Value& document() {
  static const Value kDocument = *json::parse(R"({
    "replicas": 3, "max": 5, "ratio": 0.5, "name": "web-1", "empty": "",
    "on": true, "none": null, "tags": ["a", "b", "c"], "numbers": [3, 1, 2],
    "labels": {"app": "web", "a-b": "c"}, "ports": [{"name": "http", "port": 80}],
    "since": "2026-01-02T03:04:05Z", "wait": "90m", "memory": "1.5Gi"})");
  return kDocument;
}

std::string run(std::string_view expression) {
  auto program = Program::compile(expression, {"self", "oldSelf"});
  if (!program.ok()) return program.error().message();
  auto value = program->evaluate({{"self", &document(), false}, {"oldSelf", nullptr, true}},
                                 Program::Limits{});
  if (!value.ok()) return "error: " + value.error().message();
  return json::print(*value, json::Keys::Sorted, json::Html::Plain);
}

struct Case {
  const char* expression;
  const char* want;
};

TEST(Cel, Operators) {
  const Case cases[] = {
      {"1 + 2 * 3 - 4 / 2", "5"},
      {"-7 / 2", "-3"},
      {"7 % -3", "1"},
      {"2.5 * 2.0", "5"},
      {"1u + 2u", "3"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"9223372036854775807 + 1", "error: integer overflow"},
      {"1 / 0", "error: division by zero"},
      {"'a' + \"b\" + r'\\n' + '\\u00e9'", "\"ab\\\\n\xC3\xA9\""},
      {"1 == 1.0 && 1u <= 2 && 'a' < 'b'", "true"},
      {"1 == '1'", "false"},
      {"[1, 2] + [3]", "[1,2,3]"},
      {"2 in [1, 2] && 'app' in self.labels && !('x' in self.labels)", "true"},
      {"{'a': 1, 'b': [true]}", "{\"a\":1,\"b\":[true]}"},
      {"self.on ? 'yes' : 'no'", "\"yes\""},
      {"self.none == null", "true"},
      {"!self.on || self.replicas <= self.max", "true"},
      {"b'abc' == bytes('abc')", "true"},
  };
  for (const Case& c : cases)
    EXPECT_EQ(run(c.expression), c.want) << c.expression;
}

TEST(Cel, ErrorsThatDoNotDecideAreForgiven) {
  const Case cases[] = {
      {"self.nothing == 1 || true", "true"},
      {"self.nothing == 1 && false", "false"},
      {"self.nothing == 1 || false", "error: no such key: nothing"},
      {"self.tags.exists(t, t == 'c' || t.foo == 1)", "true"},
      {"'x' + 1", "error: no such overload"},
      {"self.tags[7]", "error: index out of bounds: 7"},
  };
  for (const Case& c : cases)
    EXPECT_EQ(run(c.expression), c.want) << c.expression;
}

TEST(Cel, FieldsAndMacros) {
  const Case cases[] = {
      {"has(self.name) && !has(self.foo) && has(self.none)", "true"},
      {"self.labels['a-b'] + self.labels.a__dash__b + self.labels.`a-b`", "\"ccc\""},
      {"self.tags.all(t, t.size() == 1)", "true"},
      {"self.tags.exists_one(t, t == 'a')", "true"},
      {"self.tags.map(t, t + '!')", "[\"a!\",\"b!\",\"c!\"]"},
      {"self.numbers.map(n, n > 1, n * 10)", "[30,20]"},
      {"self.numbers.filter(n, n >= 2)", "[3,2]"},
      {"self.labels.all(k, k != '')", "true"},
      {"self.numbers.all(i, n, n > i || n > 0)", "true"},
      {"self.labels.transformList(k, v, k + v)", "[\"appweb\",\"a-bc\"]"},
      {"self.labels.transformMap(k, v, v.size())", "{\"a-b\":1,\"app\":3}"},
      {"cel.bind(x, self.replicas * 2, x + x)", "12"},
      {"self.?foo.orValue('d')", "\"d\""},
      {"self.?labels.app.orValue('d')", "\"web\""},
      {"self.tags[?9].hasValue()", "false"},
      {"optional.of(2).optMap(x, x * 3).value()", "6"},
      {"[?self.?name, ?self.?foo]", "[\"web-1\"]"},
      {"oldSelf.hasValue()", "false"},
      {"type(1) == int && type('') == string", "true"},
  };
  for (const Case& c : cases)
    EXPECT_EQ(run(c.expression), c.want) << c.expression;
}

TEST(Cel, Functions) {
  const Case cases[] = {
      {"self.name.matches('^[a-z]+-[0-9]$')", "true"},
      {"'a,b,c'.split(',').size()", "3"},
      {"self.tags.join('-')", "\"a-b-c\""},
      {"'h\xC3\xA9llo'.substring(1, 3) + 'x'.upperAscii()", "\"\xC3\xA9lX\""},
      {"'tacocat'.indexOf('o') + 'tacocat'.lastIndexOf('ac')", "4"},
      {"'aXbX'.replace('X', '-', 1)", "\"a-bX\""},
      {"'%s has %d at %.1f'.format(['x', 2, 1.25])", "\"x has 2 at 1.2\""},
      {"'abc'.find('[bc]+') + 'a1b2'.findAll('[0-9]').join()", "\"bc12\""},
      {"self.numbers.sort() == [1, 2, 3] && self.numbers.max() == 3 && self.numbers.sum() == 6",
       "true"},
      {"[1, 1, 2].distinct().size() + lists.range(3).size()", "5"},
      {"sets.contains([1, 2], [2]) && !sets.intersects([1], [2])", "true"},
      {"duration(self.wait) <= duration('2h') && duration('1h30m') == duration(self.wait)", "true"},
      {"timestamp(self.since).getFullYear()", "2026"},
      {"timestamp(self.since) + duration('1h') > timestamp(self.since)", "true"},
      {"quantity(self.memory).isGreaterThan(quantity('1Gi'))", "true"},
      {"quantity('1k').add(quantity('500')).asInteger()", "1500"},
      {"isQuantity('1Zi')", "false"},
      {"isIP('10.0.0.1') && ip('::1').isLoopback() && !isIP('10.0.0')", "true"},
      {"cidr('10.0.0.0/8').containsIP('10.1.2.3') && cidr('10.1.2.3/8').masked() == "
       "cidr('10.0.0.0/8')",
       "true"},
      {"string(ip('2001:0db8::0:1'))", "\"2001:db8::1\""},
      {"url('https://h:80/p?a=b').getHostname() + url('https://h/p').getEscapedPath()", "\"h/p\""},
      {"isURL('x y')", "false"},
      {"math.greatest(1, 2.5) == 2.5 && math.least([3, 1]) == 1", "true"},
      {"format.named('dns1123Label').value().validate('A').hasValue()", "true"},
      {"format.dns1123Label().validate(self.name).hasValue()", "false"},
      {"int('12') + int(3.9)", "15"},
      {"string(12) + string(true)", "\"12true\""},
      {"semver('1.2.3').isLessThan(semver('1.10.0'))", "true"},
  };
  for (const Case& c : cases)
    EXPECT_EQ(run(c.expression), c.want) << c.expression;
}

TEST(Cel, RefusesWhatItDoesNotKnowWithItsPlace) {
  const Case cases[] = {
      {"self.x + foo",
       "ERROR: <input>:1:10: undeclared reference to 'foo' (in container '')\n | self.x + foo\n"
       " | .........^"},
      {"self.frob()",
       "ERROR: <input>:1:6: undeclared reference to 'frob' (in container '')\n | self.frob()\n"
       " | .....^"},
      {"1 +", "ERROR: <input>:1:4: Syntax error: mismatched input '<EOF>'\n | 1 +\n | ...^"},
      {"self.x\n  == #",
       "ERROR: <input>:2:6: Syntax error: token recognition error at: '#'\n |   == #\n | .....^"},
  };
  for (const Case& c : cases)
    EXPECT_EQ(run(c.expression), c.want) << c.expression;
}

TEST(Cel, LimitsHold) {
  std::string deep = repeat("(", 200) + "1" + repeat(")", 200);
  EXPECT_TRUE(contains(run(deep), "recursion limit"));
  EXPECT_TRUE(contains(run(repeat("-", 5000) + "x"), "recursion limit"));
  auto program = Program::compile(
      "lists.range(1000).all(a, lists.range(1000).all(b, lists.range(1000).all(c, c >= 0)))", {});
  ASSERT_TRUE(program.ok()) << program.error().message();
  uint64_t cost = 0;
  auto answer = program->evaluate({}, Program::Limits{}, &cost);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code(), Code::Timeout);
  EXPECT_LE(cost, kDefaultCostLimit + 10'000);
}

}  // namespace
}  // namespace fleet::kube::cel
