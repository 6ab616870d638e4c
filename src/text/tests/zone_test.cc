#include "text/zone.h"

#include <gtest/gtest.h>

#include "base/strings.h"

namespace fleet::text {
namespace {

std::string big_endian(uint64_t number, int bytes) {
  std::string out;
  while (bytes-- > 0)
    out += static_cast<char>(number >> (bytes * 8) & 0xff);
  return out;
}

struct Change {
  int64_t at;
  uint8_t period;
};

// A TZif file of two periods, "STD" without an offset and "DST" an hour east.
std::string zone_file(const std::vector<Change>& changes, std::string_view rule) {
  auto part = [&](int width) {
    std::string out = "TZif2" + std::string(15, '\0');
    for (size_t count : {size_t{0}, size_t{0}, size_t{0}, changes.size(), size_t{2}, size_t{8}})
      out += big_endian(count, 4);
    for (const Change& change : changes)
      out += big_endian(static_cast<uint64_t>(change.at), width);
    for (const Change& change : changes)
      out += static_cast<char>(change.period);
    out += big_endian(0, 4) + std::string("\0\0", 2);
    out += big_endian(3600, 4) + std::string("\1\4", 2);
    return out + std::string("STD\0DST\0", 8);
  };
  return part(4) + part(8) + "\n" + std::string(rule) + "\n";
}

constexpr int64_t kFirst = 1000;
constexpr int64_t kSecond = 1'000'000;

TEST(Zone, UtcIsTheDefault) {
  EXPECT_TRUE(Zone().is_utc());
  EXPECT_EQ(Zone().at(0).name, "UTC");
  EXPECT_EQ(Zone().moment(12345), 12345);
}

TEST(Zone, FollowsTheChangesOfTheFile) {
  auto zone = Zone::read(zone_file({{kFirst, 1}, {kSecond, 0}}, ""));
  ASSERT_TRUE(zone.has_value());
  EXPECT_FALSE(zone->is_utc());
  EXPECT_EQ(zone->at(kFirst - 1).name, "STD");
  EXPECT_EQ(zone->at(kFirst).name, "DST");
  EXPECT_EQ(zone->at(kFirst).offset, 3600);
  EXPECT_EQ(zone->at(kSecond).offset, 0);
}

TEST(Zone, MomentsNearAChange) {
  auto zone = Zone::read(zone_file({{kFirst, 1}, {kSecond, 0}}, ""));
  ASSERT_TRUE(zone.has_value());
  EXPECT_EQ(zone->moment(kFirst - 1), kFirst - 1);
  EXPECT_EQ(zone->moment(kFirst + 3600), kFirst);
  EXPECT_EQ(zone->moment(kFirst + 10), kFirst + 10 - 0) << "clocks skip this hour";
  EXPECT_EQ(zone->moment(kSecond + 10), kSecond + 10) << "clocks show this hour twice: the second";
}

TEST(Zone, FollowsTheRuleAfterTheLastChange) {
  struct Case {
    const char* rule;
    int64_t before;  // the last second of winter
  };
  const Case cases[] = {
      {"STD0DST,M3.5.0/1,M10.5.0", 1743296399},    // 2025-03-30T00:59:59Z
      {"STD0DST-1,J89/1,J300", 1743296399},        // day 89 of a year without 29 February
      {"STD0DST-1:00:00,88/1,299/2", 1743296399},  // counted from 0, with 29 February
      {"<STD>+0<DST>-1,M3.5.0/1:00,M10.5.0/2:00:00", 1743296399},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.rule);
    auto zone = Zone::read(zone_file({{kFirst, 0}}, c.rule));
    ASSERT_TRUE(zone.has_value());
    EXPECT_EQ(zone->at(c.before).name, "STD");
    EXPECT_EQ(zone->at(c.before + 1).name, "DST");
    EXPECT_EQ(zone->at(c.before + 1).offset, 3600);
  }
}

TEST(Zone, SouthOfTheEquatorSummerIsOverNewYear) {
  auto zone = Zone::read(zone_file({{kFirst, 0}}, "STD-10DST,M10.1.0,M4.1.0/3"));
  ASSERT_TRUE(zone.has_value());
  EXPECT_EQ(zone->at(1735689600).offset, 11 * 3600);  // 2025-01-01
  EXPECT_EQ(zone->at(1751328000).offset, 10 * 3600);  // 2025-07-01
}

TEST(Zone, WhatIsNoZoneFileGivesNothing) {
  const std::string whole = zone_file({{kFirst, 1}, {kSecond, 0}}, "");
  EXPECT_FALSE(Zone::read("").has_value());
  EXPECT_FALSE(Zone::read("TZif").has_value());
  for (size_t size = 0; size + 2 < whole.size(); ++size) {
    EXPECT_FALSE(Zone::read(whole.substr(0, size)).has_value()) << size;
  }
  EXPECT_FALSE(Zone::read(zone_file({{kFirst, 9}}, "")).has_value()) << "no such period";
}

}  // namespace
}  // namespace fleet::text
