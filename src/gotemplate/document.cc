#include <cmath>

#include "base/strings.h"
#include "codec/base64.h"
#include "gotemplate/number.h"
#include "gotemplate/time.h"
#include "gotemplate/value.h"

namespace fleet::gotemplate {
namespace {

// Walks a value and builds its document; the source document itself where nothing was changed.
class Writer {
 public:
  explicit Writer(Numbers numbers)
      : numbers_(numbers) {}

  Result<data::Value> write(const Value& value, int depth) {
    if (depth > kMaxValueDepth) {
      return Error(Code::Invalid,
                   cat("json: unsupported value: encountered a cycle via ", value.type().name));
    }
    if (++nodes_ > kMaxDocumentNodes || bytes_ > kMaxDocumentBytes) return too_large_document();
    if (value.kind() == Kind::Time && numbers_ == Numbers::Any) return plain_time(value);
    if (value.kind() != Kind::Map && value.type().json) return value.type().json(value);
    switch (value.kind()) {
      case Kind::Invalid:
      case Kind::Nil:
        return data::Value();
      case Kind::Bool:
        return data::Value(value.as_bool());
      case Kind::Int:
      case Kind::Int32:
      case Kind::Int64:
        return data::Value(value.as_int());
      case Kind::Uint8:
      case Kind::Uint64:
        return data::Value(value.as_uint());
      case Kind::Float64:
        return write_float(value.as_float());
      case Kind::String:
        bytes_ += value.as_string().size();
        return write_string(value);
      case Kind::Bytes:
        return data::Value(codec::base64_encode(value.as_string()));
      case Kind::List:
        return write_list(value, depth);
      case Kind::Map:
        return write_map(value, depth);
      case Kind::Struct:
        return write_struct(value, depth);
      default:
        return Error(Code::Invalid, cat("json: unsupported type: ", value.type().name));
    }
  }

 private:
  Result<data::Value> write_float(double number) const {
    if (!std::isfinite(number) && numbers_ == Numbers::Finite) {
      std::string text;
      append_go_float(text, number, 'g', -1);
      return Error(Code::Invalid, cat("json: unsupported value: ", text));
    }
    return data::Value(number);
  }

  Result<data::Value> write_string(const Value& value) const {
    if (value.is_string()) {
      if (numbers_ == Numbers::Any || is_utf8(value.as_string())) {
        return data::Value(value.as_string());
      }
      return data::Value(replaced(value.as_string()));
    }
    std::string_view text = value.as_string();  // json.Number
    return data::Value::number(text.empty() ? "0" : text);
  }

  static data::Value plain_time(const Value& value) {
    const TimeNode& time = *value.as_time();
    std::string_view layout = "2006-01-02T15:04:05.999999999Z07:00";
    if (time.zone == "datetime-local") layout = "2006-01-02T15:04:05.999999999";
    if (time.zone == "date-local") layout = "2006-01-02";
    if (time.zone == "time-local") layout = "15:04:05.999999999";
    return data::Value::number(format_time(time, layout));
  }

  // Bytes that are not UTF-8 become U+FFFD.
  static std::string replaced(std::string_view text) {
    std::string out;
    while (!text.empty()) {
      Rune rune = decode_rune(text);
      append_rune(out, rune.value);
      text.remove_prefix(rune.size);
    }
    return out;
  }

  Result<data::Value> write_list(const Value& list, int depth) {
    const ListNode* node = list.as_list();
    if (!node) return data::Value();
    if (!node->items && node->source) return *node->source;
    data::Value out = data::Value::array();
    out.reserve(node->size);
    for (uint32_t i = 0; i < node->size; ++i) {
      out.push_back(TRY(write(node->items[i], depth + 1)));
    }
    return out;
  }

  Result<data::Value> write_map(const Value& map, int depth) {
    const MapNode* node = map.as_map();
    if (!node) return data::Value();
    if (node->source) return write_source(*node, depth);
    data::Value out = data::Value::object();
    out.reserve(node->size);
    for (uint32_t i = 0; i < node->size; ++i) {
      out.set(node->entries[i].key, TRY(write(node->entries[i].value, depth + 1)));
    }
    return out;
  }

  // Members that were never wrapped cannot have changed.
  Result<data::Value> write_source(const MapNode& node, int depth) {
    data::Value out = *node.source;
    if (!node.wrapped) return out;
    auto members = node.source->members();
    for (size_t i = 0; i < members.size(); ++i) {
      if (!node.wrapped[i].valid()) continue;
      data::Value member = TRY(write(node.wrapped[i], depth + 1));
      if (!member.same_node(members[i].value)) out.set(members[i].key, std::move(member));
    }
    return out;
  }

  Result<data::Value> write_struct(const Value& value, int depth) {
    data::Value out = data::Value::object();
    const StructNode& node = *value.as_struct();
    for (size_t i = 0; i < node.type->fields.size(); ++i) {
      out.set(node.type->fields[i], TRY(write(node.fields[i], depth + 1)));
    }
    return out;
  }

  Numbers numbers_;
  size_t nodes_ = 0;
  size_t bytes_ = 0;
};

// Puts the converted value in `out`; false when nothing had to change.
bool convert_numbers(const data::Value& in, data::Value& out) {
  if (in.is_number()) {
    if (in.type() == data::Type::Double) return false;
    out = data::Value(in.as_double());
    return true;
  }
  bool changed = false;
  data::Value converted;
  for (size_t i = 0; i < in.items().size(); ++i) {
    if (!convert_numbers(in.items()[i], converted)) continue;
    if (!changed) out = in;
    changed = true;
    out.edit(i) = std::move(converted);
  }
  for (const auto& member : in.members()) {
    if (!convert_numbers(member.value, converted)) continue;
    if (!changed) out = in;
    changed = true;
    out.set(member.key, std::move(converted));
  }
  return changed;
}

// Whether a document, with what it shares counted each time, is small enough to be printed.
bool is_printable(const data::Value& value, size_t& nodes, size_t& bytes) {
  bytes += value.is_string() ? value.as_string().size() : 0;
  if (++nodes > kMaxDocumentNodes || bytes > kMaxDocumentBytes) return false;
  for (const auto& item : value.items()) {
    if (!is_printable(item, nodes, bytes)) return false;
  }
  for (const auto& member : value.members()) {
    bytes += member.key.view().size();
    if (!is_printable(member.value, nodes, bytes)) return false;
  }
  return true;
}

}  // namespace

Error too_large_document() {
  return Error(Code::RequestEntityTooLarge,
               cat("a document may have ",
                   kMaxDocumentNodes,
                   " values and ",
                   kMaxDocumentBytes,
                   " bytes: this one is larger"));
}

Result<data::Value> document(const Value& value, Numbers numbers) {
  data::Value written = TRY(Writer(numbers).write(value, 0));
  size_t nodes = 0;
  size_t bytes = 0;
  if (!is_printable(written, nodes, bytes)) return too_large_document();
  return written;
}

data::Value as_float64s(const data::Value& document) {
  data::Value converted;
  return convert_numbers(document, converted) ? converted : document;
}

}  // namespace fleet::gotemplate
