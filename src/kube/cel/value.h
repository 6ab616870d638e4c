// A value while an expression is evaluated. For this room.
//
// JSON is wrapped, not converted: lists and maps of a document are read where they are.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "data/value/value.h"

namespace fleet::kube::cel {

enum class Kind : uint8_t {
  Null,
  Bool,
  Int,
  UInt,
  Double,
  String,
  Bytes,
  List,
  Map,
  Duration,
  Timestamp,
  Type,
  Optional,
  Quantity,
  Ip,
  Cidr,
  Url,
  Semver,
  Format,
};

struct Val;
using Items = std::vector<Val>;
using Entries = std::vector<std::pair<Val, Val>>;

struct Val {
  Kind kind = Kind::Null;
  bool flag = false;
  int64_t number = 0;  // Int; nanoseconds of Duration and Timestamp; prefix of Cidr
  uint64_t natural = 0;
  double real = 0;
  std::string text;  // String, Bytes, Type, and the text of Quantity, Ip, Cidr, Url, Semver
  data::Value json;  // List or Map of a document
  std::shared_ptr<const Items> items;      // List made here; Optional: no or one item
  std::shared_ptr<const Entries> entries;  // Map made here

  static Val null() { return {}; }
  static Val boolean(bool flag);
  static Val integer(int64_t number);
  static Val uinteger(uint64_t natural);
  static Val of_double(double real);
  static Val string(std::string text);
  static Val bytes(std::string text);
  static Val list(Items items);
  static Val map(Entries entries);
  static Val duration(int64_t nanoseconds);
  static Val timestamp(int64_t nanoseconds);
  static Val type(std::string name);
  static Val none();
  static Val some(Val value);
  static Val special(Kind kind, std::string text);
  static Val from(const data::Value& json);

  bool is_number() const { return kind == Kind::Int || kind == Kind::UInt || kind == Kind::Double; }
  double as_double() const;

  size_t size() const;  // of List and Map
  Val item(size_t index) const;
  Val key(size_t index) const;                         // of Map
  bool find(const Val& key, Val& out) const;           // of Map
  bool find(std::string_view key, Val& out) const;     // of Map
  bool has_value() const { return items != nullptr; }  // of Optional

  // As JSON; lists and maps in full.
  data::Value to_json() const;
};

// "int", "list", "google.protobuf.Timestamp".
std::string_view type_name(const Val& value);

bool equal(const Val& a, const Val& b);
// -1, 0, 1. Invalid "no such overload" for kinds without an order.
Result<int> compare(const Val& a, const Val& b);

Error no_overload();

}  // namespace fleet::kube::cel
