#include "sys/log.h"

#include <gtest/gtest.h>

#include "sys/metrics.h"

namespace fleet::sys {
namespace {

TimePoint at_noon() {
  return *parse_rfc3339("2026-01-02T12:00:00.25Z");
}

TEST(Log, TextQuotesOnlyWhatMustBe) {
  const std::vector<LogPair> pairs = {
      {"a", "x"}, {"b", "two words"}, {"c", 3}, {"d", true}, {"e", 1.5}, {"f", ""}};
  EXPECT_EQ(format_log({at_noon(), LogLevel::Info, "done", pairs}, LogFormat::Text),
            "2026-01-02T12:00:00.250Z INFO  done a=x b=\"two words\" c=3 d=true e=1.5 f=\"\"\n");
}

TEST(Log, AMessageWithLineBreaksStaysOneLine) {
  const std::vector<LogPair> pairs = {{"why", "a\nb"}};
  EXPECT_EQ(format_log({at_noon(), LogLevel::Warn, "x\ny", pairs}, LogFormat::Text),
            "2026-01-02T12:00:00.250Z WARN  x\\ny why=\"a\\nb\"\n");
}

TEST(Log, JsonEscapes) {
  const std::vector<LogPair> pairs = {{"k", "q\"\\\n\x01\xff"}, {"n", -2}};
  EXPECT_EQ(format_log({at_noon(), LogLevel::Error, "m", pairs}, LogFormat::Json),
            "{\"time\":\"2026-01-02T12:00:00.250Z\",\"level\":\"error\",\"msg\":\"m\","
            "\"k\":\"q\\\"\\\\\\n\\u0001\\ufffd\",\"n\":-2}\n");
}

TEST(Log, ChildrenAddPairsAndLevelsFilter) {
  std::vector<std::string> lines;
  const Log log = Log::to_sink(
      [&](const LogRecord& r) { lines.push_back(format_log(r, LogFormat::Text).substr(25)); },
      LogLevel::Info);
  const Log child = log.with({{"who", "me"}});
  child.debug("hidden");
  child.info("seen", {{"n", 1}});
  log.error("plain");
  EXPECT_EQ(lines, (std::vector<std::string>{"INFO  seen who=me n=1\n", "ERROR plain\n"}));
  Log().error("nobody hears");
}

TEST(Log, LevelsAndFormatsHaveNames) {
  EXPECT_EQ(parse_log_level("warn"), LogLevel::Warn);
  EXPECT_EQ(parse_log_level("loud"), std::nullopt);
  EXPECT_EQ(parse_log_format("json"), LogFormat::Json);
}

TEST(Metrics, TextFormat) {
  Metrics metrics;
  metrics.counter("b_total", "Things.", {{"kind", "a\"b"}}).add(2);
  metrics.gauge("a", "A \\ gauge.").set(1.5);
  const Histogram h = metrics.histogram("c", "Times.", {0.5, 1}, {{"x", "y"}});
  h.observe(0.5);
  h.observe(0.7);
  h.observe(9);
  EXPECT_EQ(metrics.text(),
            "# HELP a A \\\\ gauge.\n# TYPE a gauge\na 1.5\n"
            "# HELP b_total Things.\n# TYPE b_total counter\nb_total{kind=\"a\\\"b\"} 2\n"
            "# HELP c Times.\n# TYPE c histogram\n"
            "c_bucket{x=\"y\",le=\"0.5\"} 1\nc_bucket{x=\"y\",le=\"1\"} 2\n"
            "c_bucket{x=\"y\",le=\"+Inf\"} 3\nc_sum{x=\"y\"} 10.2\nc_count{x=\"y\"} 3\n");
}

TEST(Metrics, TheSameNameAndLabelsAreTheSameSeries) {
  Metrics metrics;
  metrics.counter("n", "", {{"a", "1"}}).add();
  metrics.counter("n", "", {{"a", "1"}}).add();
  metrics.counter("n", "", {{"a", "2"}}).add();
  EXPECT_EQ(metrics.counter("n", "", {{"a", "1"}}).value(), 2);
  metrics.remove("n", {{"a", "1"}});
  EXPECT_EQ(metrics.counter("n", "", {{"a", "1"}}).value(), 0);
  EXPECT_EQ(metrics.counter("n", "", {{"a", "2"}}).value(), 1);
}

TEST(Metrics, ScrapesRefresh) {
  Metrics metrics;
  const Gauge gauge = metrics.gauge("g", "");
  metrics.on_scrape([gauge] { gauge.add(1); });
  add_process_metrics(metrics);
  EXPECT_NE(metrics.text().find("\ng 1\n"), std::string::npos);
  EXPECT_NE(metrics.text().find("process_resident_memory_bytes"), std::string::npos);
}

}  // namespace
}  // namespace fleet::sys
