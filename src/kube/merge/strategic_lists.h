// Lists in strategic merge: finding items by key and putting them in order. Private to this room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/value/value.h"

namespace fleet::kube {

inline constexpr std::string_view kPatchDirective = "$patch";
inline constexpr std::string_view kRetainKeys = "$retainKeys";
inline constexpr std::string_view kSetElementOrder = "$setElementOrder/";
inline constexpr std::string_view kDeleteFromList = "$deleteFromPrimitiveList/";

using Items = std::vector<data::Value>;

Items items_of(const data::Value& list);
data::Value list_of(const Items& items);
// As Go's %v: "map[a:1 b:x]", "[1 2]".
std::string go_print(const data::Value& value);
Error no_merge_key(const data::Value& map, std::string_view key);

enum class ItemKind { Map, List, Scalar };
// The kind of all items of both lists. Errors: "list element types are not identical: ...".
Result<ItemKind> item_kind(const data::Value& a, const data::Value& b);

// Position of the first item with that key value (or that value, for scalars); npos if there is
// none. Errors: "value for key x is not a map".
Result<size_t> find_by_key(const Items& items, std::string_view key, const data::Value& value);
size_t find_value(const Items& items, const data::Value& value);

// First occurrences only.
Items without_duplicates(const Items& items);

// The items of `order` in its order, then all, interleaved with what only `live` knows.
Result<Items> order_items(const Items& merged,
                          const Items& order,
                          const Items& live,
                          std::string_view key,
                          ItemKind kind);
// Sorted by their place in `order`; items to delete last.
Result<Items> sort_by(const Items& items, const Items& order, std::string_view key, ItemKind kind);

}  // namespace fleet::kube
