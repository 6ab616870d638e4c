#include "kube/cel/value.h"

#include <algorithm>

#include "base/strings.h"
#include "codec/base64.h"
#include "kube/cel/special.h"
#include "text/duration.h"

namespace fleet::kube::cel {
namespace {

template <typename T>
int order(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

int order_numbers(const Val& a, const Val& b) {
  if (a.kind == Kind::Double || b.kind == Kind::Double) return order(a.as_double(), b.as_double());
  if (a.kind == Kind::UInt && b.kind == Kind::UInt) return order(a.natural, b.natural);
  if (a.kind == Kind::UInt) {
    return b.number < 0 ? 1 : order(a.natural, static_cast<uint64_t>(b.number));
  }
  if (b.kind == Kind::UInt) {
    return a.number < 0 ? -1 : order(static_cast<uint64_t>(a.number), b.natural);
  }
  return order(a.number, b.number);
}

TimePoint point(const Val& time) {
  return TimePoint(Duration(time.number));
}

// Documents hold times and durations as text: such a text is read when it meets a real one.
bool meet(const Val& text, Kind kind, Val& out) {
  if (text.kind != Kind::String) return false;
  if (kind == Kind::Timestamp) {
    auto time = parse_rfc3339(text.text);
    if (!time) return false;
    out = Val::timestamp(time->time_since_epoch().count());
    return true;
  }
  if (kind == Kind::Duration) {
    auto duration = text::parse_duration(text.text);
    if (!duration.ok()) return false;
    out = Val::duration(duration->count());
    return true;
  }
  return false;
}

}  // namespace

Val Val::boolean(bool flag) {
  Val out;
  out.kind = Kind::Bool;
  out.flag = flag;
  return out;
}
Val Val::integer(int64_t number) {
  Val out;
  out.kind = Kind::Int;
  out.number = number;
  return out;
}
Val Val::uinteger(uint64_t natural) {
  Val out;
  out.kind = Kind::UInt;
  out.natural = natural;
  return out;
}
Val Val::of_double(double real) {
  Val out;
  out.kind = Kind::Double;
  out.real = real;
  return out;
}
Val Val::string(std::string text) {
  return special(Kind::String, std::move(text));
}
Val Val::bytes(std::string text) {
  return special(Kind::Bytes, std::move(text));
}
Val Val::list(Items items) {
  Val out;
  out.kind = Kind::List;
  out.items = std::make_shared<const Items>(std::move(items));
  return out;
}
Val Val::map(Entries entries) {
  Val out;
  out.kind = Kind::Map;
  out.entries = std::make_shared<const Entries>(std::move(entries));
  return out;
}
Val Val::duration(int64_t nanoseconds) {
  Val out = integer(nanoseconds);
  out.kind = Kind::Duration;
  return out;
}
Val Val::timestamp(int64_t nanoseconds) {
  Val out = integer(nanoseconds);
  out.kind = Kind::Timestamp;
  return out;
}
Val Val::type(std::string name) {
  return special(Kind::Type, std::move(name));
}
Val Val::none() {
  Val out;
  out.kind = Kind::Optional;
  return out;
}
Val Val::some(Val value) {
  Val out;
  out.kind = Kind::Optional;
  out.items = std::make_shared<const Items>(Items{std::move(value)});
  return out;
}
Val Val::special(Kind kind, std::string text) {
  Val out;
  out.kind = kind;
  out.text = std::move(text);
  return out;
}

Val Val::from(const data::Value& json) {
  switch (json.type()) {
    case data::Type::Null:
      return null();
    case data::Type::Bool:
      return boolean(json.as_bool());
    case data::Type::Int:
      return integer(json.as_int());
    case data::Type::UInt:
      return uinteger(json.as_uint());
    case data::Type::Double:
      return of_double(json.as_double());
    case data::Type::Number: {
      bool whole = json.as_string().find_first_of(".eE") == std::string_view::npos;
      return whole ? integer(json.as_int()) : of_double(json.as_double());
    }
    case data::Type::String:
      return string(json.to_string());
    case data::Type::Array:
    case data::Type::Object:
      break;
  }
  Val out;
  out.kind = json.is_array() ? Kind::List : Kind::Map;
  out.json = json;
  return out;
}

double Val::as_double() const {
  if (kind == Kind::Double) return real;
  return kind == Kind::UInt ? static_cast<double>(natural) : static_cast<double>(number);
}

size_t Val::size() const {
  if (items) return items->size();
  if (entries) return entries->size();
  return json.size();
}

Val Val::item(size_t index) const {
  if (items) return (*items)[index];
  if (entries) return (*entries)[index].second;
  return from(json.is_array() ? json[index] : json.members()[index].value);
}

Val Val::key(size_t index) const {
  if (entries) return (*entries)[index].first;
  return string(std::string(name(json.members()[index])));
}

bool Val::find(const Val& key, Val& out) const {
  if (entries) {
    for (const auto& [mine, value] : *entries) {
      if (!equal(mine, key)) continue;
      out = value;
      return true;
    }
    return false;
  }
  return key.kind == Kind::String && find(std::string_view(key.text), out);
}

bool Val::find(std::string_view key, Val& out) const {
  if (entries) return find(string(std::string(key)), out);
  const data::Value* member = json.find(key);
  if (member == nullptr) return false;
  out = from(*member);
  return true;
}

data::Value Val::to_json() const {
  switch (kind) {
    case Kind::Null:
      return nullptr;
    case Kind::Bool:
      return flag;
    case Kind::Int:
      return number;
    case Kind::UInt:
      return natural;
    case Kind::Double:
      return real;
    case Kind::Bytes:
      return codec::base64_encode(text);
    case Kind::Duration:
      return text::format_duration(Duration(number));
    case Kind::Timestamp:
      return format_rfc3339_nano(point(*this));
    case Kind::Optional:
      return has_value() ? (*items)[0].to_json() : data::Value();
    case Kind::List: {
      data::Value out = data::Value::array();
      for (size_t i = 0; i < size(); ++i)
        out.push_back(item(i).to_json());
      return out;
    }
    case Kind::Map: {
      data::Value out = data::Value::object();
      for (size_t i = 0; i < size(); ++i) {
        Val name = key(i);
        data::Value as_json = name.to_json();
        out.set(as_json.is_string() ? as_json.to_string() : std::to_string(as_json.as_int()),
                item(i).to_json());
      }
      return out;
    }
    default:
      return text;
  }
}

std::string_view type_name(const Val& value) {
  constexpr std::string_view kNames[] = {"null_type",
                                         "bool",
                                         "int",
                                         "uint",
                                         "double",
                                         "string",
                                         "bytes",
                                         "list",
                                         "map",
                                         "google.protobuf.Duration",
                                         "google.protobuf.Timestamp",
                                         "type",
                                         "optional_type",
                                         "kubernetes.Quantity",
                                         "net.IP",
                                         "net.CIDR",
                                         "kubernetes.URL",
                                         "kubernetes.Semver",
                                         "kubernetes.NamedFormat"};
  return kNames[static_cast<size_t>(value.kind)];
}

bool equal(const Val& a, const Val& b) {
  if (a.is_number() && b.is_number()) return order_numbers(a, b) == 0;
  if (a.kind != b.kind) {
    Val met;
    if (meet(a, b.kind, met)) return equal(met, b);
    if (meet(b, a.kind, met)) return equal(a, met);
    return false;
  }
  switch (a.kind) {
    case Kind::Null:
      return true;
    case Kind::Bool:
      return a.flag == b.flag;
    case Kind::Duration:
    case Kind::Timestamp:
      return a.number == b.number;
    case Kind::List: {
      if (a.size() != b.size()) return false;
      for (size_t i = 0; i < a.size(); ++i) {
        if (!equal(a.item(i), b.item(i))) return false;
      }
      return true;
    }
    case Kind::Map: {
      if (a.size() != b.size()) return false;
      for (size_t i = 0; i < a.size(); ++i) {
        Val other;
        if (!b.find(a.key(i), other) || !equal(a.item(i), other)) return false;
      }
      return true;
    }
    case Kind::Optional:
      if (a.has_value() != b.has_value()) return false;
      return !a.has_value() || equal((*a.items)[0], (*b.items)[0]);
    case Kind::Quantity:
    case Kind::Semver:
      return compare_special(a, b) == 0;
    default:
      return a.text == b.text;
  }
}

Result<int> compare(const Val& a, const Val& b) {
  if (a.is_number() && b.is_number()) return order_numbers(a, b);
  if (a.kind != b.kind) {
    Val met;
    if (meet(a, b.kind, met)) return compare(met, b);
    if (meet(b, a.kind, met)) return compare(a, met);
    return no_overload();
  }
  switch (a.kind) {
    case Kind::Bool:
      return order(a.flag, b.flag);
    case Kind::String:
    case Kind::Bytes:
      return order(a.text, b.text);
    case Kind::Duration:
    case Kind::Timestamp:
      return order(a.number, b.number);
    default:
      return no_overload();
  }
}

Error no_overload() {
  return Error(Code::Invalid, "no such overload");
}

}  // namespace fleet::kube::cel
