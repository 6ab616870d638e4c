#include "data/value/value.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "data/value/node.h"

namespace fleet::data {
namespace {

const Value kNull;

}  // namespace

Value::Value(double number) noexcept
    : type_(Type::Double),
      rep_{} {
  rep_.real = number;
}

Value::Value(std::string_view text)
    : type_(Type::String),
      rep_{} {
  set_text(text);
}

Value Value::number(std::string_view text) {
  Value value(text);
  value.type_ = Type::Number;
  return value;
}

Value Value::array() {
  Value value;
  value.type_ = Type::Array;
  value.rep_.array = new Array;
  return value;
}

Value Value::array(std::initializer_list<Value> items) {
  Value value = array();
  value.rep_.array->items.assign(items.begin(), items.end());
  return value;
}

Value Value::object() {
  Value value;
  value.type_ = Type::Object;
  value.rep_.object = new Object;
  return value;
}

Value Value::object(std::initializer_list<MemberInit> members) {
  Value value = object();
  value.rep_.object->members.reserve(members.size());
  for (const auto& [key, member] : members)
    value.set(key, member);
  return value;
}

void Value::set_text(std::string_view text) {
  if (text.size() > kSmallBytes) {
    small_size_ = kLong;
    rep_.text = Text::make(text);
    return;
  }
  small_size_ = static_cast<uint8_t>(text.size());
  if (!text.empty()) std::memcpy(reinterpret_cast<char*>(this) + 2, text.data(), text.size());
}

Value::Value(const Value& other)
    : type_(other.type_),
      small_size_(other.small_size_),
      rep_(other.rep_) {
  std::memcpy(small_, other.small_, sizeof(small_));
  if (type_ >= Type::Number) retain();
}

Value& Value::operator=(const Value& other) {
  if (this != &other) *this = Value(other);
  return *this;
}

Value& Value::operator=(Value&& other) noexcept {
  if (this == &other) return *this;
  // The old node goes last: `other` may live inside it.
  Value old;
  std::swap(old.type_, type_);
  std::swap(old.small_size_, small_size_);
  std::swap(old.rep_, rep_);
  type_ = other.type_;
  small_size_ = other.small_size_;
  std::memcpy(small_, other.small_, sizeof(small_));
  rep_ = other.rep_;
  other.type_ = Type::Null;
  return *this;
}

void Value::retain() const {
  const Counted* node = nullptr;
  if (type_ == Type::Array) node = rep_.array;
  if (type_ == Type::Object) node = rep_.object;
  if ((type_ == Type::String || type_ == Type::Number) && small_size_ == kLong) node = rep_.text;
  if (node) node->references.fetch_add(1, std::memory_order_relaxed);
}

void Value::release() {
  if (type_ == Type::Array) {
    if (rep_.array->drop()) delete rep_.array;
  } else if (type_ == Type::Object) {
    if (rep_.object->drop()) delete rep_.object;
  } else if (small_size_ == kLong) {
    if (rep_.text->drop()) Text::destroy(rep_.text);
  }
}

std::string_view Value::as_string() const& {
  if (type_ != Type::String && type_ != Type::Number) return {};
  if (small_size_ == kLong) return rep_.text->view();
  return {reinterpret_cast<const char*>(this) + 2, small_size_};
}

size_t Value::size() const {
  if (type_ == Type::Array) return rep_.array->items.size();
  if (type_ == Type::Object) return rep_.object->members.size();
  return 0;
}

std::span<const Value> Value::items() const {
  if (type_ != Type::Array) return {};
  return rep_.array->items;
}

std::span<const Member> Value::members() const {
  if (type_ != Type::Object) return {};
  return rep_.object->members;
}

const Value& Value::item(size_t index) const {
  if (type_ != Type::Array || index >= rep_.array->items.size()) return kNull;
  return rep_.array->items[index];
}

const Value* Value::find(std::string_view key) const {
  if (type_ != Type::Object) return nullptr;
  size_t at = rep_.object->find(key);
  return at == Object::kNone ? nullptr : &rep_.object->members[at].value;
}

const Value& Value::operator[](std::string_view key) const {
  const Value* found = find(key);
  return found ? *found : kNull;
}

const Value& Value::at(Path path) const {
  const Value* here = this;
  for (const Step& step : path) {
    here = step.is_index() ? &here->item(step.index()) : &(*here)[step.name()];
  }
  return *here;
}

Value::Array& Value::own_array() {
  if (type_ == Type::Null) *this = array();
  CHECK(type_ == Type::Array);
  if (!rep_.array->is_unique()) {
    auto* copy = new Array;
    copy->items = rep_.array->items;
    if (rep_.array->drop()) delete rep_.array;
    rep_.array = copy;
  }
  return *rep_.array;
}

Value::Object& Value::own_object() {
  if (type_ == Type::Null) *this = object();
  CHECK(type_ == Type::Object);
  if (!rep_.object->is_unique()) {
    auto* copy = new Object;
    copy->members = rep_.object->members;
    copy->index = rep_.object->index;
    if (rep_.object->drop()) delete rep_.object;
    rep_.object = copy;
  }
  return *rep_.object;
}

void Value::set(std::string_view key, Value value) {
  edit(key) = std::move(value);
}

void Value::set(const Key& key, Value value) {
  Object& object = own_object();
  size_t at = object.find(key.view());
  if (at == Object::kNone) {
    object.add(key, std::move(value));
  } else {
    object.members[at].value = std::move(value);
  }
}

void Value::set(Path path, Value value) {
  edit(path) = std::move(value);
}

Value& Value::edit(std::string_view key) {
  Object& object = own_object();
  size_t at = object.find(key);
  if (at == Object::kNone) {
    object.add(Key(key), Value());
    at = object.members.size() - 1;
  }
  return object.members[at].value;
}

Value& Value::edit(size_t index) {
  Array& array = own_array();
  CHECK(index < array.items.size());
  return array.items[index];
}

Value& Value::edit(Path path) {
  Value* here = this;
  for (const Step& step : path) {
    if (!step.is_index()) {
      here = &here->edit(step.name());
      continue;
    }
    if (step.index() == here->size()) here->push_back(Value());
    here = &here->edit(step.index());
  }
  return *here;
}

bool Value::erase(std::string_view key) {
  if (!find(key)) return false;
  own_object().erase(key);
  return true;
}

void Value::erase(size_t index) {
  Array& array = own_array();
  CHECK(index < array.items.size());
  array.items.erase(array.items.begin() + static_cast<std::ptrdiff_t>(index));
}

void Value::push_back(Value value) {
  own_array().items.push_back(std::move(value));
}

void Value::insert(size_t index, Value value) {
  Array& array = own_array();
  CHECK(index <= array.items.size());
  array.items.insert(array.items.begin() + static_cast<std::ptrdiff_t>(index), std::move(value));
}

void Value::reserve(size_t count) {
  if (type_ == Type::Array) own_array().items.reserve(count);
  if (type_ == Type::Object) own_object().members.reserve(count);
}

Value Value::sorted() const {
  Value out = *this;
  if (type_ == Type::Array) {
    for (size_t i = 0; i < size(); ++i) {
      const Value& item = rep_.array->items[i];
      if (item.is_array() || item.is_object()) out.edit(i) = item.sorted();
    }
  } else if (type_ == Type::Object) {
    Object& object = out.own_object();
    std::sort(object.members.begin(), object.members.end(), [](const Member& a, const Member& b) {
      return a.key.view() < b.key.view();
    });
    object.reindex();
    for (Member& member : object.members) {
      if (member.value.is_array() || member.value.is_object()) member.value = member.value.sorted();
    }
  }
  return out;
}

bool Value::same_node(const Value& other) const {
  if (type_ != other.type_) return false;
  if (type_ == Type::Array) return rep_.array == other.rep_.array;
  if (type_ == Type::Object) return rep_.object == other.rep_.object;
  return equal(*this, other);
}

size_t Value::memory_bytes() const {
  size_t bytes = sizeof(Value);
  if (type_ == Type::Array) {
    bytes += sizeof(Array);
    for (const Value& item : items())
      bytes += item.memory_bytes();
  } else if (type_ == Type::Object) {
    bytes += sizeof(Object) + rep_.object->index.capacity() * sizeof(uint32_t);
    for (const Member& member : members())
      bytes += sizeof(Key) + member.value.memory_bytes();
  } else if (small_size_ == kLong) {
    bytes += sizeof(Text) + rep_.text->size;
  }
  return bytes;
}

}  // namespace fleet::data
