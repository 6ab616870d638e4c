// Value: any JSON document, in 16 bytes. The one document model of the house.
//
// A value is null, a bool, a whole number (int64, or uint64 above its range), a double, a number
// kept as it was written, a string, an array or an object. Copying is O(1): arrays, objects and
// long strings are shared nodes, copied when one of several owners writes to them.
//
// Objects keep insertion order, have unique keys, and compare without regard to order.
// Numbers compare by value across their kinds. Reading never fails: a missing path is null.
//
//   const Value& image = pod.at({"spec", "containers", 0, "image"});
//   Value next = pod;                       // shares every node
//   next.set({"spec", "paused"}, true);     // copies one path
//
// Threads: a const Value may be read, and copied, from any number of threads. Writing to one copy
// never shows in another.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "data/value/key.h"

namespace fleet::data {

enum class Type : uint8_t { Null, Bool, Int, UInt, Double, Number, String, Array, Object };

class Value;
struct Member;

// One step of a path: a member's name or an item's index.
class Step {
 public:
  Step(std::string_view name)
      : name_(name) {}  // NOLINT(google-explicit-constructor)
  Step(const char* name)
      : name_(name) {}  // NOLINT(google-explicit-constructor)
  Step(const std::string& name)
      : name_(name) {}  // NOLINT(google-explicit-constructor)
  template <std::integral T>
  Step(T index)  // NOLINT(google-explicit-constructor)
      : index_(static_cast<size_t>(index)),
        is_index_(true) {}

  bool is_index() const { return is_index_; }
  size_t index() const { return index_; }
  std::string_view name() const { return name_; }

 private:
  std::string_view name_;
  size_t index_ = 0;
  bool is_index_ = false;
};
using Path = std::initializer_list<Step>;

class Value {
 public:
  using MemberInit = std::pair<std::string_view, Value>;

  Value() noexcept
      : type_(Type::Null),
        rep_{} {}
  Value(std::nullptr_t) noexcept
      : Value() {}  // NOLINT(google-explicit-constructor)
  template <std::same_as<bool> T>
  Value(T flag) noexcept
      : type_(Type::Bool),
        rep_{} {  // NOLINT(google-explicit-constructor)
    rep_.word = flag ? 1 : 0;
  }
  template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>) Value(T number)
  noexcept
      : type_(Type::Int),
        rep_{} {  // NOLINT(google-explicit-constructor)
    if constexpr (std::unsigned_integral<T>) {
      if (uint64_t{number} > uint64_t{INT64_MAX}) type_ = Type::UInt;
    }
    rep_.word = static_cast<uint64_t>(number);
  }
  Value(double number) noexcept;  // NOLINT(google-explicit-constructor)
  Value(std::string_view text);   // NOLINT(google-explicit-constructor)
  Value(const char* text)
      : Value(std::string_view(text)) {}  // NOLINT(google-explicit-constructor)
  Value(const std::string& text)
      : Value(std::string_view(text)) {}  // NOLINT(google-explicit-constructor)

  // A number kept as its text: "12.50" stays "12.50". The caller vouches that it is a JSON number.
  static Value number(std::string_view text);
  static Value array();
  static Value array(std::initializer_list<Value> items);
  static Value object();
  static Value object(std::initializer_list<MemberInit> members);  // a later duplicate wins

  Value(const Value& other);
  Value(Value&& other) noexcept
      : type_(other.type_),
        small_size_(other.small_size_),
        rep_(other.rep_) {
    std::memcpy(small_, other.small_, sizeof(small_));
    other.type_ = Type::Null;
  }
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value() {
    if (type_ >= Type::Number) release();
  }

  Type type() const { return type_; }
  bool is_null() const { return type_ == Type::Null; }
  bool is_bool() const { return type_ == Type::Bool; }
  bool is_string() const { return type_ == Type::String; }
  bool is_array() const { return type_ == Type::Array; }
  bool is_object() const { return type_ == Type::Object; }
  bool is_integer() const { return type_ == Type::Int || type_ == Type::UInt; }
  bool is_number() const { return type_ >= Type::Int && type_ <= Type::Number; }

  // The value as asked for, or `fallback` if it is of another type. as_int and as_double read every
  // kind of number; as_int takes the fallback when the number is not whole or does not fit.
  bool as_bool(bool fallback = false) const;
  int64_t as_int(int64_t fallback = 0) const;
  uint64_t as_uint(uint64_t fallback = 0) const;
  double as_double(double fallback = 0) const;
  // Text of a string, or of a number kept as written; empty for other types.
  // Lifetime: while this Value is neither changed nor gone (short texts live inside it).
  std::string_view as_string() const&;
  std::string_view as_string() const&& = delete;
  std::string to_string() const { return std::string(as_string()); }

  // Members of an object or items of an array; 0 for others.
  size_t size() const;
  bool empty() const { return size() == 0; }
  std::span<const Value> items() const;     // empty unless an array
  std::span<const Member> members() const;  // empty unless an object; insertion order

  const Value& operator[](std::string_view key) const;
  const Value& operator[](const char* key) const { return (*this)[std::string_view(key)]; }
  const Value& operator[](const std::string& key) const { return (*this)[std::string_view(key)]; }
  template <std::integral T>
  const Value& operator[](T index) const {
    return item(static_cast<size_t>(index));
  }
  const Value& at(Path path) const;
  const Value* find(std::string_view key) const;  // null if absent
  bool contains(std::string_view key) const { return find(key) != nullptr; }

  // Writing. A null becomes what the write needs; CHECKs that any other type fits.
  void set(std::string_view key, Value value);
  void set(const Key& key, Value value);
  // Makes objects on the way; an index must exist or be the array's size.
  void set(Path path, Value value);
  // The member or item for writing; a missing member is added as null, a missing item CHECKs.
  Value& edit(std::string_view key);
  Value& edit(size_t index);
  Value& edit(Path path);
  bool erase(std::string_view key);  // the rest keeps its order
  void erase(size_t index);
  void push_back(Value value);
  void insert(size_t index, Value value);
  void reserve(size_t count);

  // Members ordered by key bytes, here and in all objects below. Reading order is then sorted.
  Value sorted() const;

  // True if both are the same shared node (or equal scalars): a cheap "unchanged".
  bool same_node(const Value& other) const;
  // Bytes of memory of this value and what it owns; shared nodes count in full.
  size_t memory_bytes() const;

  friend bool operator==(const Value& a, const Value& b) { return equal(a, b); }

 private:
  struct Text;
  struct Array;
  struct Object;

  static constexpr size_t kSmallBytes = 14;
  static constexpr uint8_t kLong = 0xFF;  // small_size_ of a string with a node

  static bool equal(const Value& a, const Value& b);
  const Value& item(size_t index) const;
  void set_text(std::string_view text);
  void retain() const;
  void release();
  Array& own_array();
  Object& own_object();

  // Strings up to 14 bytes lie in the value itself: six after the tag, eight in the word.
  Type type_;
  uint8_t small_size_ = 0;
  char small_[6] = {};  // NOLINT: part of the 16-byte layout
  union Rep {
    uint64_t word;
    double real;
    Text* text;
    Array* array;
    Object* object;
  } rep_;
};
static_assert(sizeof(Value) == 16);

struct Member {
  Key key;
  Value value;
};

// A member's key as text, for loops that only read: for (const Member& m : v.members()) name(m).
inline std::string_view name(const Member& member) {
  return member.key.view();
}

}  // namespace fleet::data
