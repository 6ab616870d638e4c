#include "kube/apiserver/protobuf.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/strings.h"
#include "base/time.h"
#include "codec/base64.h"
#include "data/json/parse.h"
#include "kube/apiserver/protobuf_fields.h"
#include "kube/meta/gvk.h"

namespace fleet::kube::apiserver {

using data::Value;

namespace {

constexpr std::string_view kMagic("k8s\0", 4);

Error broken() {
  return Error(Code::BadRequest, "the body is no well-formed protobuf message");
}

// One field as it stands in a message.
struct Field {
  uint64_t number = 0;
  bool is_bytes = false;
  uint64_t word = 0;       // varint or fixed
  std::string_view bytes;  // length-delimited
};

class Reader {
 public:
  explicit Reader(std::string_view bytes)
      : rest_(bytes) {}

  bool done() const { return rest_.empty(); }

  Result<Field> next() {
    const uint64_t tag = TRY(varint());
    Field field;
    field.number = tag >> 3;
    switch (tag & 7) {
      case 0:
        field.word = TRY(varint());
        return field;
      case 1:
        field.word = TRY(fixed(8));
        return field;
      case 5:
        field.word = TRY(fixed(4));
        return field;
      case 2: {
        const uint64_t size = TRY(varint());
        if (size > rest_.size()) return broken();
        field.is_bytes = true;
        field.bytes = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return field;
      }
      default:
        return broken();
    }
  }

  Result<uint64_t> varint() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) return broken();
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    return broken();
  }

 private:
  Result<uint64_t> fixed(size_t size) {
    if (rest_.size() < size) return broken();
    uint64_t value = 0;
    std::memcpy(&value, rest_.data(), size);
    rest_.remove_prefix(size);
    return value;
  }

  std::string_view rest_;
};

// The line of a type without its name, or nothing.
std::optional<std::string_view> find_type(std::string_view name) {
  const char* const* end = kProtobufTypes + kProtobufTypeCount;
  const char* const* found =
      std::lower_bound(kProtobufTypes, end, name, [](std::string_view line, std::string_view key) {
        return line.substr(0, line.find(' ')) < key;
      });
  if (found == end) return std::nullopt;
  const std::string_view line = *found;
  const size_t blank = line.find(' ');
  if (line.substr(0, blank) != name) return std::nullopt;
  return blank == std::string_view::npos ? std::string_view() : line.substr(blank + 1);
}

struct MemberType {
  std::string_view name;  // empty: inlined
  std::string_view type;
  bool keeps_zero = false;
};

std::optional<MemberType> find_member(std::string_view line, uint64_t number) {
  const std::string wanted = cat(number, "=");
  for (std::string_view member : split(line, ' ')) {
    if (!member.starts_with(wanted)) continue;
    member.remove_prefix(wanted.size());
    const auto parts = cut(member, ":");
    if (!parts) return std::nullopt;
    MemberType found{parts->before, parts->after, parts->after.ends_with('!')};
    if (found.keeps_zero) found.type.remove_suffix(1);
    return found;
  }
  return std::nullopt;
}

Result<> read_message(std::string_view type, std::string_view bytes, Value& into, int depth);
Result<Value> read_value(std::string_view type, const Field& field, int depth);

// The sole field 1 (or the named ones) of a small message.
Result<Field> field_of(std::string_view bytes, uint64_t number) {
  Reader reader(bytes);
  Field last;
  while (!reader.done()) {
    Field field = TRY(reader.next());
    if (field.number == number) last = field;
  }
  return last;
}

Result<Value> read_time(std::string_view bytes, bool micro) {
  const Field seconds = TRY(field_of(bytes, 1));
  const Field nanos = TRY(field_of(bytes, 2));
  if (seconds.number == 0 && nanos.number == 0) return Value();
  const TimePoint time(std::chrono::seconds(static_cast<int64_t>(seconds.word)) +
                       Duration(static_cast<int64_t>(nanos.word)));
  return Value(micro ? format_rfc3339_micro(time) : format_rfc3339(time));
}

Result<Value> read_int_or_string(std::string_view bytes) {
  const Field kind = TRY(field_of(bytes, 1));
  if (kind.word == 1) return Value(TRY(field_of(bytes, 3)).bytes);
  return Value(static_cast<int32_t>(TRY(field_of(bytes, 2)).word));
}

Result<Value> read_texts(std::string_view bytes) {
  Value list = Value::array();
  Reader reader(bytes);
  while (!reader.done())
    list.push_back(TRY(reader.next()).bytes);
  return list;
}

Result<Value> read_json(std::string_view bytes) {
  const Field raw = TRY(field_of(bytes, 1));
  if (raw.bytes.empty()) return Value();
  return json::parse(raw.bytes);
}

Result<Value> read_value(std::string_view type, const Field& field, int depth) {
  if (type.starts_with('$')) {
    Value object = Value::object();
    TRY(read_message(type.substr(1), field.bytes, object, depth));
    return object;
  }
  switch (type.front()) {
    case 's':
      return Value(field.bytes);
    case 'i':
      return Value(static_cast<int64_t>(field.word));
    case 'b':
      return Value(field.word != 0);
    case 'd': {
      double real = 0;
      std::memcpy(&real, &field.word, sizeof real);
      return Value(real);
    }
    case 'y':
      return Value(codec::base64_encode(field.bytes));
    case 'q':
      return Value(TRY(field_of(field.bytes, 1)).bytes);
    case 't':
      return read_time(field.bytes, false);
    case 'm':
      return read_time(field.bytes, true);
    case 'x':
      return read_int_or_string(field.bytes);
    case 'e':
      return read_texts(field.bytes);
    default:
      return read_json(field.bytes);
  }
}

bool is_zero(const Value& value) {
  if (value.is_null()) return true;
  if (value.is_string()) return value.as_string().empty();
  if (value.is_bool()) return !value.as_bool();
  return value.is_number() && value.as_double() == 0;
}

Result<> add_entry(Value& map, std::string_view type, std::string_view bytes, int depth) {
  const std::string key(TRY(field_of(bytes, 1)).bytes);
  const Field value = TRY(field_of(bytes, 2));
  map.set(key, TRY(read_value(type, value, depth)));
  return {};
}

Result<> read_member(const MemberType& member, const Field& field, Value& into, int depth) {
  if (member.name.empty()) return read_message(member.type.substr(1), field.bytes, into, depth);
  const std::string_view type = member.type;
  const std::string_view inner = type.substr(1, type.size() - 2);
  if (type.starts_with('{')) return add_entry(into.edit(member.name), inner, field.bytes, depth);
  if (type.starts_with('[')) {
    into.edit(member.name).push_back(TRY(read_value(inner, field, depth)));
    return {};
  }
  Value value = TRY(read_value(type, field, depth));
  // A zero time is no time, however it is written.
  const bool is_time = type == "t" || type == "m";
  if (is_zero(value) && (!member.keeps_zero || is_time)) return {};
  into.set(member.name, std::move(value));
  return {};
}

Result<> read_message(std::string_view type, std::string_view bytes, Value& into, int depth) {
  if (depth > kMaxProtobufDepth) return broken();
  const auto line = find_type(type);
  if (!line) return Error(Code::UnsupportedMediaType, cat("no protobuf form of ", type));
  Reader reader(bytes);
  while (!reader.done()) {
    const Field field = TRY(reader.next());
    const auto member = find_member(*line, field.number);
    if (member) TRY(read_member(*member, field, into, depth + 1));
  }
  return {};
}

// "apps.v1.Deployment"; groups of several parts go by their first: "rbac.v1.Role". DeleteOptions
// belong to all groups.
std::string message_name(const GroupVersionKind& gvk) {
  if (gvk.kind == "DeleteOptions" || gvk.kind == "PartialObjectMetadata") {
    return cat("meta.v1.", gvk.kind);
  }
  if (gvk.kind == "Eviction") return "policy.v1.Eviction";
  const std::string_view group = std::string_view(gvk.group).substr(0, gvk.group.find('.'));
  return cat(group.empty() ? std::string_view("core") : group, ".", gvk.version, ".", gvk.kind);
}

}  // namespace

Result<Value> parse_protobuf(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) return broken();
  bytes.remove_prefix(kMagic.size());
  const Field type = TRY(field_of(bytes, 1));
  const Field raw = TRY(field_of(bytes, 2));
  const std::string api_version(TRY(field_of(type.bytes, 1)).bytes);
  const std::string kind(TRY(field_of(type.bytes, 2)).bytes);
  Value object = Value::object({{"kind", kind}, {"apiVersion", api_version}});
  TRY(read_message(message_name(GroupVersionKind::of(api_version, kind)), raw.bytes, object, 0));
  return object;
}

}  // namespace fleet::kube::apiserver
