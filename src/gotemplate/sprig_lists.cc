#include <cmath>

#include "base/strings.h"
#include "gotemplate/sprig.h"

namespace fleet::gotemplate {
namespace {

// The elements of a list, or the panic of a nil or the error of another kind.
Result<std::span<const Value>> items_of(Execution& run, const Value& list, std::string_view doing) {
  if (list.is_nil()) {
    return failure("runtime error: invalid memory address or nil pointer dereference");
  }
  if (!is_list_kind(list)) return failure(cat(doing, kind_name(list)));
  return elements(run, list);
}

// A new list to append to.
class Builder {
 public:
  explicit Builder(Execution& run)
      : run_(run) {}
  void add(const Value& value) {
    items_.push_back(value.is_nil() ? Value::nil() : value.unboxed());
  }
  const std::vector<Value>& items() const { return items_; }
  Result<Value> list() {
    TRY(room_for(run_, items_.size() * sizeof(Value)));
    return make_list(run_.heap(), items_);
  }

 private:
  Execution& run_;
  std::vector<Value> items_;
};

Result<Value> list_fn(Execution& run, Args a) {
  return make_list(run.heap(), a);
}

Result<Value> push(Execution& run, Args a) {
  auto items = TRY(items_of(run, a[0], "Cannot push on type "));
  TRY(room_for(run, (items.size() + 1) * sizeof(Value)));
  ListNode* out = new_list(run.heap(), items.size() + 1);
  std::copy(items.begin(), items.end(), out->items);
  out->items[items.size()] = a[1];
  return Value::list(out);
}

Result<Value> prepend(Execution& run, Args a) {
  auto items = TRY(items_of(run, a[0], "Cannot prepend on type "));
  TRY(room_for(run, (items.size() + 1) * sizeof(Value)));
  ListNode* out = new_list(run.heap(), items.size() + 1);
  out->items[0] = a[1];
  std::copy(items.begin(), items.end(), out->items + 1);
  return Value::list(out);
}

Result<Value> concat(Execution& run, Args a) {
  Builder out(run);
  uint64_t count = 0;
  for (const Value& list : a) {
    if (is_list_kind(list))
      count += list.kind() == Kind::Bytes ? text_of(list).size() : list_size(list);
    TRY(room_for(run, count * 2 * sizeof(Value)));
  }
  for (const Value& list : a) {
    if (list.is_nil()) {
      return failure("runtime error: invalid memory address or nil pointer dereference");
    }
    if (!is_list_kind(list)) {
      return failure(cat("Cannot concat type ", kind_name(list), " as list"));
    }
    for (const Value& item : elements(run, list))
      out.add(item);
  }
  return out.items().empty() ? Value::nil_of(types::kAnyList) : TRY(out.list());
}

Result<Value> first(Execution& run, Args a) {
  auto items = TRY(items_of(run, a[0], "Cannot find first on type "));
  return items.empty() ? Value::nil() : items.front();
}

Result<Value> last(Execution& run, Args a) {
  auto items = TRY(items_of(run, a[0], "Cannot find last on type "));
  return items.empty() ? Value::nil() : items.back();
}

Result<Value> rest(Execution& run, Args a) {
  auto items = TRY(items_of(run, a[0], "Cannot find rest on type "));
  if (items.empty()) return Value::nil_of(types::kAnyList);
  TRY(room_for(run, items.size() * sizeof(Value)));
  return make_list(run.heap(), items.subspan(1));
}

Result<Value> initial(Execution& run, Args a) {
  auto items = TRY(items_of(run, a[0], "Cannot find initial on type "));
  if (items.empty()) return Value::nil_of(types::kAnyList);
  TRY(room_for(run, items.size() * sizeof(Value)));
  return make_list(run.heap(), items.first(items.size() - 1));
}

Result<Value> reverse(Execution& run, Args a) {
  auto items = TRY(items_of(run, a[0], "Cannot find reverse on type "));
  TRY(room_for(run, items.size() * sizeof(Value)));
  std::vector<Value> out(items.rbegin(), items.rend());
  return make_list(run.heap(), out);
}

Result<Value> compact(Execution& run, Args a) {
  Builder out(run);
  for (const Value& item : TRY(items_of(run, a[0], "Cannot compact on type "))) {
    if (!is_empty(item)) out.add(item);
  }
  return out.list();
}

bool in(Execution& run, Args list, const Value& value) {
  for (const Value& item : list) {
    if (deep_equal(run.heap(), item, value)) return true;
  }
  return false;
}

Result<Value> uniq(Execution& run, Args a) {
  Builder out(run);
  for (const Value& item : TRY(items_of(run, a[0], "Cannot find uniq on type "))) {
    TRY(work(run, out.items().size()));
    if (!in(run, out.items(), item)) out.add(item);
  }
  return out.list();
}

Result<Value> without(Execution& run, Args a) {
  Builder out(run);
  for (const Value& item : TRY(items_of(run, a[0], "Cannot find without on type "))) {
    TRY(work(run, a.size()));
    if (!in(run, a.subspan(1), item)) out.add(item);
  }
  return out.list();
}

Result<Value> has(Execution& run, Args a) {
  if (a[1].is_nil()) return Value::boolean(false);
  auto items = TRY(items_of(run, a[1], "Cannot find has on type "));
  TRY(work(run, items.size()));
  return Value::boolean(in(run, items, a[0]));
}

// A part of a list shares its elements, as a Go slice does.
Result<Value> slice(Execution& run, Args a) {
  auto items = TRY(items_of(run, a[0], "list should be type of slice or array but "));
  if (items.empty()) return Value::nil();
  auto size = static_cast<int64_t>(items.size());
  int64_t start = a.size() > 1 ? to_int64(a[1]) : 0;
  int64_t end = a.size() > 2 ? to_int64(a[2]) : size;
  if (start < 0 || end < start || end > size) {
    return failure("reflect.Value.Slice: slice index out of bounds");
  }
  auto from = static_cast<size_t>(start);
  auto count = static_cast<size_t>(end - start);
  if (a[0].kind() == Kind::Bytes) return Value::bytes(text_of(a[0]).substr(from, count));
  ListNode* out = run.heap().create<ListNode>();
  out->type = &a[0].type();
  out->items = a[0].as_list()->items + from;
  out->size = static_cast<uint32_t>(count);
  return Value::list(out);
}

Result<Value> chunk(Execution& run, Args a) {
  int64_t size = a[0].as_int();
  auto items = TRY(items_of(run, a[1], "Cannot chunk type "));
  auto length = static_cast<int64_t>(items.size());
  double exact = std::floor(static_cast<double>(length - 1) / static_cast<double>(size)) + 1;
  int64_t count = truncate_float(exact);
  if (count < 0) return failure("runtime error: makeslice: len out of range");
  if (size <= 0 && count > 0) return failure("runtime error: makeslice: len out of range");
  TRY(room_for(run, static_cast<uint64_t>(length + count) * 2 * sizeof(Value)));
  ListNode* out = new_list(run.heap(), static_cast<size_t>(count), types::kListList);
  for (int64_t i = 0; i < count; ++i) {
    auto from = static_cast<size_t>(i * size);
    auto part = std::min(static_cast<size_t>(size), items.size() - from);
    out->items[i] = make_list(run.heap(), items.subspan(from, part));
  }
  return Value::list(out);
}

constexpr Function kFunctions[] = {
    {"list", "a*", &list_fn},         {"tuple", "a*", &list_fn},
    {"append", "aa", &push},          {"push", "aa", &push},
    {"mustAppend", "aa", &push},      {"mustPush", "aa", &push},
    {"prepend", "aa", &prepend},      {"mustPrepend", "aa", &prepend},
    {"concat", "a*", &concat},        {"first", "a", &first},
    {"mustFirst", "a", &first},       {"last", "a", &last},
    {"mustLast", "a", &last},         {"rest", "a", &rest},
    {"mustRest", "a", &rest},         {"initial", "a", &initial},
    {"mustInitial", "a", &initial},   {"reverse", "a", &reverse},
    {"mustReverse", "a", &reverse},   {"compact", "a", &compact},
    {"mustCompact", "a", &compact},   {"uniq", "a", &uniq},
    {"mustUniq", "a", &uniq},         {"without", "aa*", &without},
    {"mustWithout", "aa*", &without}, {"has", "aa", &has},
    {"mustHas", "aa", &has},          {"slice", "aa*", &slice},
    {"mustSlice", "aa*", &slice},     {"chunk", "ia", &chunk},
    {"mustChunk", "ia", &chunk},
};

}  // namespace

std::span<const Function> sprig_list_functions() {
  return kFunctions;
}

}  // namespace fleet::gotemplate
