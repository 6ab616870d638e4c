#include "gotemplate/json_text.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/strings.h"
#include "codec/base64.h"
#include "data/json/print.h"
#include "gotemplate/number.h"

namespace fleet::gotemplate {
namespace {

// Writes a value without making a document of it. What was never changed is written from the
// document it came from. Members of structs keep their order, those of maps are sorted.
class JsonWriter {
 public:
  explicit JsonWriter(json::Html html)
      : html_(html) {}

  Result<std::string> write(const Value& value) {
    TRY(any(value, 0));
    return std::move(out_);
  }

 private:
  Result<> any(const Value& value, int depth) {
    if (depth > kMaxValueDepth) {
      return Error(Code::Invalid,
                   cat("json: unsupported value: encountered a cycle via ", value.type().name));
    }
    if (++nodes_ > kMaxDocumentNodes || out_.size() > kMaxDocumentBytes) {
      return too_large_document();
    }
    switch (value.kind()) {
      case Kind::Invalid:
      case Kind::Nil:
        out_ += "null";
        return {};
      case Kind::Bool:
        out_ += value.as_bool() ? "true" : "false";
        return {};
      case Kind::Int:
      case Kind::Int32:
      case Kind::Int64:
        out_ += std::to_string(value.as_int());
        return {};
      case Kind::Uint8:
      case Kind::Uint64:
        out_ += std::to_string(value.as_uint());
        return {};
      case Kind::Float64:
        return number(value.as_float());
      case Kind::String:
        if (value.is_string()) {
          json::append_string(out_, value.as_string(), html_);
        } else {
          out_ += value.as_string().empty() ? "0" : value.as_string();  // json.Number
        }
        return {};
      case Kind::Bytes:
        out_ += cat("\"", codec::base64_encode(value.as_string()), "\"");
        return {};
      case Kind::List:
        return list(value, depth);
      case Kind::Map:
        return map(value, depth);
      default:
        return structure(value, depth);
    }
  }

  Result<> number(double number) {
    if (std::isfinite(number)) {
      json::append_double(out_, number);
      return {};
    }
    std::string text;
    append_go_float(text, number, 'g', -1);
    return Error(Code::Invalid, cat("json: unsupported value: ", text));
  }

  Result<> list(const Value& value, int depth) {
    const ListNode* node = value.as_list();
    if (!node || (!node->items && node->source)) {
      json::append(out_, node ? *node->source : data::Value(), json::Keys::Sorted, html_);
      return {};
    }
    out_ += '[';
    for (uint32_t i = 0; i < node->size; ++i) {
      if (i > 0) out_ += ',';
      TRY(any(node->items[i], depth + 1));
    }
    out_ += ']';
    return {};
  }

  void key(std::string_view name, bool& first) {
    if (!first) out_ += ',';
    first = false;
    json::append_string(out_, name, html_);
    out_ += ':';
  }

  Result<> map(const Value& value, int depth) {
    const MapNode* node = value.as_map();
    if (!node || (node->source && !node->wrapped)) {
      json::append(out_, node ? *node->source : data::Value(), json::Keys::Sorted, html_);
      return {};
    }
    if (node->source) return half_wrapped(*node, depth);
    std::vector<const Entry*> entries;
    for (uint32_t i = 0; i < node->size; ++i)
      entries.push_back(&node->entries[i]);
    std::sort(entries.begin(), entries.end(), [](const Entry* a, const Entry* b) {
      return a->key < b->key;
    });
    out_ += '{';
    bool first = true;
    for (const Entry* entry : entries) {
      key(entry->key, first);
      TRY(any(entry->value, depth + 1));
    }
    out_ += '}';
    return {};
  }

  // A document of which some members have been looked into.
  Result<> half_wrapped(const MapNode& node, int depth) {
    auto members = node.source->members();
    std::vector<uint32_t> order(members.size());
    for (uint32_t i = 0; i < order.size(); ++i)
      order[i] = i;
    std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
      return members[a].key.view() < members[b].key.view();
    });
    out_ += '{';
    bool first = true;
    for (uint32_t i : order) {
      key(members[i].key.view(), first);
      if (node.wrapped[i].valid()) {
        TRY(any(node.wrapped[i], depth + 1));
      } else {
        json::append(out_, members[i].value, json::Keys::Sorted, html_);
      }
    }
    out_ += '}';
    return {};
  }

  Result<> structure(const Value& value, int depth) {
    const Type& type = value.type();
    if (type.json) {
      json::append(out_, TRY(type.json(value)), json::Keys::AsWritten, html_);
      return {};
    }
    if (value.kind() != Kind::Struct) {
      return Error(Code::Invalid, cat("json: unsupported type: ", type.name));
    }
    out_ += '{';
    bool first = true;
    for (size_t i = 0; i < type.fields.size(); ++i) {
      key(type.fields[i], first);
      TRY(any(value.as_struct()->fields[i], depth + 1));
    }
    out_ += '}';
    return {};
  }

  json::Html html_;
  std::string out_;
  size_t nodes_ = 0;
};

}  // namespace

Result<std::string> json_text(const Value& value, HtmlEscape escape) {
  json::Html html = escape == HtmlEscape::Yes ? json::Html::Escaped : json::Html::Plain;
  return JsonWriter(html).write(value);
}

}  // namespace fleet::gotemplate
