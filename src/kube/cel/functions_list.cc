// Functions on lists and sets.
#include <algorithm>

#include "base/strings.h"
#include "kube/cel/functions.h"

namespace fleet::kube::cel {
namespace {

Error invalid(std::string message) {
  return Error(Code::Invalid, std::move(message));
}

Result<Items> items_of(const Val& list, Meter& meter) {
  if (list.kind != Kind::List) return no_overload();
  Items out;
  for (size_t i = 0; i < list.size(); ++i)
    out.push_back(list.item(i));
  meter.add(out.size());
  return out;
}

Result<Val> is_sorted(Args args, Meter& meter) {
  Items items = TRY(items_of(args[0], meter));
  for (size_t i = 1; i < items.size(); ++i) {
    if (TRY(compare(items[i - 1], items[i])) > 0) return Val::boolean(false);
  }
  return Val::boolean(true);
}

Result<Val> sum(Args args, Meter& meter) {
  Items items = TRY(items_of(args[0], meter));
  Val out = Val::integer(0);
  for (size_t i = 0; i < items.size(); ++i) {
    out = i == 0 ? items[0] : TRY(operate("+", out, items[i]));
  }
  return out;
}

Result<Val> extreme(Args args, Meter& meter, int wanted) {
  Items items = TRY(items_of(args[0], meter));
  if (items.empty())
    return invalid(wanted < 0 ? "min called on empty list" : "max called on empty list");
  Val best = items[0];
  for (const Val& item : items) {
    if (TRY(compare(item, best)) == wanted) best = item;
  }
  return best;
}
Result<Val> least(Args args, Meter& meter) {
  return extreme(args, meter, -1);
}
Result<Val> greatest(Args args, Meter& meter) {
  return extreme(args, meter, 1);
}

void flatten_into(const Val& list, int64_t depth, Items& out) {
  for (size_t i = 0; i < list.size(); ++i) {
    Val item = list.item(i);
    if (item.kind == Kind::List && depth > 0) {
      flatten_into(item, depth - 1, out);
    } else {
      out.push_back(std::move(item));
    }
  }
}

Result<Val> flatten(Args args, Meter& meter) {
  TRY(items_of(args[0], meter));
  Items out;
  int64_t depth = args.size() > 1 ? TRY(integer_of(args[1])) : 1;
  if (depth < 0) return invalid("level must be non-negative");
  flatten_into(args[0], depth, out);
  meter.add(out.size());
  return Val::list(std::move(out));
}

bool holds(const Items& items, const Val& wanted, Meter& meter) {
  meter.add(items.size());
  return std::any_of(
      items.begin(), items.end(), [&](const Val& item) { return equal(item, wanted); });
}

Result<Val> distinct(Args args, Meter& meter) {
  Items out;
  for (Val& item : TRY(items_of(args[0], meter))) {
    if (!holds(out, item, meter)) out.push_back(std::move(item));
    TRY(meter.check());
  }
  return Val::list(std::move(out));
}

Result<Val> sort(Args args, Meter& meter) {
  Items items = TRY(items_of(args[0], meter));
  for (size_t i = 1; i < items.size(); ++i)
    TRY(compare(items[0], items[i]));
  std::stable_sort(items.begin(), items.end(), [](const Val& a, const Val& b) {
    auto order = compare(a, b);
    return order.ok() && *order < 0;
  });
  return Val::list(std::move(items));
}

Result<Val> slice(Args args, Meter& meter) {
  Items items = TRY(items_of(args[0], meter));
  int64_t from = TRY(integer_of(args[1]));
  int64_t to = TRY(integer_of(args[2]));
  int64_t size = static_cast<int64_t>(items.size());
  if (from < 0 || to < 0 || from > to || to > size) {
    return invalid(cat("cannot slice(", from, ", ", to, "), list is length ", size));
  }
  return Val::list(Items(items.begin() + from, items.begin() + to));
}

Result<Val> first(Args args, Meter& meter) {
  Items items = TRY(items_of(args[0], meter));
  return items.empty() ? Val::none() : Val::some(items.front());
}
Result<Val> last(Args args, Meter& meter) {
  Items items = TRY(items_of(args[0], meter));
  return items.empty() ? Val::none() : Val::some(items.back());
}

Result<Val> range(Args args, Meter& meter) {
  int64_t count = TRY(integer_of(args[0]));
  meter.add(static_cast<uint64_t>(std::max<int64_t>(count, 0)));
  TRY(meter.check());
  Items out;
  for (int64_t i = 0; i < count; ++i)
    out.push_back(Val::integer(i));
  return Val::list(std::move(out));
}

Result<bool> contains_all(const Val& a, const Val& b, Meter& meter) {
  Items mine = TRY(items_of(a, meter));
  Items theirs = TRY(items_of(b, meter));
  for (const Val& item : theirs) {
    if (!holds(mine, item, meter)) return false;
    TRY(meter.check());
  }
  return true;
}

Result<Val> set_contains(Args args, Meter& meter) {
  return Val::boolean(TRY(contains_all(args[0], args[1], meter)));
}
Result<Val> set_equivalent(Args args, Meter& meter) {
  return Val::boolean(TRY(contains_all(args[0], args[1], meter)) &&
                      TRY(contains_all(args[1], args[0], meter)));
}
Result<Val> set_intersects(Args args, Meter& meter) {
  Items mine = TRY(items_of(args[0], meter));
  for (const Val& item : TRY(items_of(args[1], meter))) {
    if (holds(mine, item, meter)) return Val::boolean(true);
    TRY(meter.check());
  }
  return Val::boolean(false);
}

constexpr Function kFunctions[] = {
    {"isSorted", 1, 1, true, &is_sorted},
    {"sum", 1, 1, true, &sum},
    {"min", 1, 1, true, &least},
    {"max", 1, 1, true, &greatest},
    {"flatten", 1, 2, true, &flatten},
    {"distinct", 1, 1, true, &distinct},
    {"sort", 1, 1, true, &sort},
    {"slice", 3, 3, true, &slice},
    {"first", 1, 1, true, &first},
    {"last", 1, 1, true, &last},
    {"lists.range", 1, 1, false, &range},
    {"sets.contains", 2, 2, false, &set_contains},
    {"sets.equivalent", 2, 2, false, &set_equivalent},
    {"sets.intersects", 2, 2, false, &set_intersects},
};

}  // namespace

std::span<const Function> list_functions() {
  return kFunctions;
}

}  // namespace fleet::kube::cel
