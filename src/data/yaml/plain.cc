#include "data/yaml/plain.h"

#include <optional>
#include <string>
#include <utility>

#include "data/yaml/plain_reader.h"
#include "data/yaml/resolve.h"

namespace fleet::yaml {
namespace {

// What is built: values, as go-yaml v2 decodes them.
class ValueSink {
 public:
  using Out = data::Value;
  using Name = std::optional<data::Key>;
  static constexpr bool kMarks = false;
  static constexpr bool kComments = true;

  explicit ValueSink(Duplicates duplicates)
      : strict_(duplicates == Duplicates::Refused) {}

  size_t open_map(Out& out, PlainMark, bool) {
    out = data::Value::object();
    return 0;
  }
  size_t open_list(Out& out, PlainMark, bool) {
    out = data::Value::array();
    return 0;
  }
  void close(Out&, size_t) {}
  bool name(const Out& out, std::string_view key, char, PlainMark, Name& name) const {
    if (strict_ && out.contains(key)) return false;
    name.emplace(key);
    return true;
  }
  void put(Out& out, const Name& name, Out value) { out.set(*name, std::move(value)); }
  void push(Out& out, Out item) { out.push_back(std::move(item)); }
  void null(Out&, PlainMark) {}
  void text(Out& out, std::string_view text, char, PlainMark) { out = data::Value(text); }

  // Not a number, a boolean or the like, and no merge.
  static bool is_key(std::string_view key) {
    if (key == "<<") return false;
    if (key.size() > 5 && is_letter(key[0])) return true;
    return resolve_v2(key) == Tag::Str;
  }

  static bool plain(Out& out, std::string_view text, bool building, PlainMark) {
    const char first = text[0];
    const bool maybe_number =
        (first >= '0' && first <= '9') || first == '.' || first == '+' || first == '-';
    if (!maybe_number && (!building || text.size() > 5)) {
      if (building) out = data::Value(text);
      return true;
    }
    auto resolved = resolve(Dialect::V2, Tag::None, text);
    if (!resolved.ok() || resolved->is_special) return false;
    const bool is_string = resolved->tag == Tag::Str || resolved->tag == Tag::Timestamp;
    if (building) out = is_string ? data::Value(text) : std::move(resolved->value);
    return true;
  }

 private:
  static bool is_letter(char c) { return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_'; }

  bool strict_;
};

}  // namespace

std::optional<data::Value> read_plain(std::string_view text,
                                      Duplicates duplicates,
                                      std::span<const std::string_view> members) {
  if (text.starts_with("\xEF\xBB\xBF")) return std::nullopt;  // a byte order mark
  data::Value out;
  if (!PlainReader<ValueSink>(text, ValueSink(duplicates), members).document(out))
    return std::nullopt;
  return out;
}

}  // namespace fleet::yaml
