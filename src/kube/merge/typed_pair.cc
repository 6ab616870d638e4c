// Two values under one schema: merging and comparing.
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "kube/merge/problems.h"
#include "kube/merge/typed.h"

namespace fleet::kube {
namespace {

bool same_shape(const Atom& a, const Atom& b) {
  return (a.scalar != Scalar::None) == (b.scalar != Scalar::None) &&
         a.list.has_value() == b.list.has_value() && a.map.has_value() == b.map.has_value();
}

const data::Value* list_of(const data::Value* value) {
  return value != nullptr && value->is_array() ? value : nullptr;
}
const data::Value* map_of(const data::Value* value) {
  return value != nullptr && value->is_object() ? value : nullptr;
}
bool is_blank(const data::Value* container) {
  return container == nullptr || container->empty();
}

class Merger {
 public:
  explicit Merger(const Schema& schema)
      : schema_(schema) {}

  // The merged value, or nothing where neither side leaves one.
  Problems run(const TypeRef& type,
               const data::Value* live,
               const data::Value* config,
               std::optional<data::Value>& out) {
    AtomRef atom = schema_.resolve(type);
    if (atom == nullptr) return missing_type(type);
    const Atom of_live = deduce_atom(*atom, live);
    const Atom of_config = deduce_atom(*atom, config);
    if (config == nullptr) return handle(of_live, type, live, config, out);
    if (live == nullptr || same_shape(of_live, of_config))
      return handle(of_config, type, live, config, out);
    std::optional<data::Value> unused;
    Problems problems = handle(of_live, type, live, config, unused);
    append(problems, handle(of_config, type, live, config, out));
    return problems;
  }

 private:
  Problems handle(const Atom& atom,
                  const TypeRef& type,
                  const data::Value* live,
                  const data::Value* config,
                  std::optional<data::Value>& out) {
    if (atom.map) return map(*atom.map, live, config, out);
    if (atom.scalar != Scalar::None) {
      Problems left = validate_scalar(atom.scalar, live, "lhs: ");
      Problems right = validate_scalar(atom.scalar, config, "rhs: ");
      if (!left.empty() && !right.empty()) {
        append(left, std::move(right));
        return left;
      }
      leaf(live, config, out);
      return {};
    }
    if (atom.list) return list(*atom.list, live, config, out);
    return invalid_atom(type);
  }

  static void leaf(const data::Value* live,
                   const data::Value* config,
                   std::optional<data::Value>& out) {
    if (config != nullptr) {
      out = *config;
    } else if (live != nullptr) {
      out = *live;
    }
  }

  Problems map(const MapType& type,
               const data::Value* live_value,
               const data::Value* config_value,
               std::optional<data::Value>& out) {
    const data::Value* live = map_of(live_value);
    const data::Value* config = map_of(config_value);
    if (type.relationship == Relationship::Atomic || (is_blank(live) && is_blank(config))) {
      leaf(live_value, config_value, out);
      return {};
    }
    Problems problems;
    data::Value merged = data::Value::object();
    auto visit = [&](const data::Member& at, const data::Value* l, const data::Value* c) {
      const StructField* field = type.field(name(at));
      std::optional<data::Value> value;
      append(problems,
             run(field != nullptr ? field->type : type.element, l, c, value),
             PathElement::field(name(at)));
      if (value) merged.set(at.key, std::move(*value));
    };
    if (live != nullptr) {
      for (const data::Member& member : live->members()) {
        visit(member, &member.value, config == nullptr ? nullptr : config->find(name(member)));
      }
    }
    if (config != nullptr) {
      for (const data::Member& member : config->members()) {
        if (live == nullptr || !live->contains(name(member))) visit(member, nullptr, &member.value);
      }
    }
    if (!merged.empty()) out = std::move(merged);
    return problems;
  }

  using Observed = std::map<PathElement, const data::Value*>;

  Problems index(const ListType& type,
                 const data::Value* list,
                 bool duplicates_allowed,
                 std::vector<PathElement>& elements,
                 Observed& observed) {
    static const data::Value kNull;
    Problems problems;
    if (list == nullptr) return problems;
    for (size_t i = 0; i < list->size(); i++) {
      auto element = item_element(schema_, type, (*list)[i]);
      if (!element.ok()) {
        append(problems, problem(cat("element ", i, ": ", element.error().message())));
        continue;
      }
      auto [at, fresh] = observed.try_emplace(*element, &(*list)[i]);
      if (!fresh && !duplicates_allowed) {
        append(problems, problem(cat("duplicate entries for key ", element->text())));
        continue;
      }
      if (!fresh) at->second = &kNull;  // duplicates are not merged with the new value
      elements.push_back(*element);
    }
    return problems;
  }

  Problems list(const ListType& type,
                const data::Value* live_value,
                const data::Value* config_value,
                std::optional<data::Value>& out) {
    const data::Value* live = list_of(live_value);
    const data::Value* config = list_of(config_value);
    if (type.relationship == Relationship::Atomic || (is_blank(live) && is_blank(config))) {
      leaf(live_value, config_value, out);
      return {};
    }
    std::vector<PathElement> left;
    std::vector<PathElement> right;
    Observed in_live;
    Observed in_config;
    Problems problems = index(type, config, false, right, in_config);
    append(problems, index(type, live, true, left, in_live));
    if (!problems.empty()) return problems;
    return interleave(type, live, left, right, in_live, in_config, out);
  }

  // Live order where it can be kept; shared items in the order of the config.
  Problems interleave(const ListType& type,
                      const data::Value* live,
                      const std::vector<PathElement>& left,
                      const std::vector<PathElement>& right,
                      const Observed& in_live,
                      const Observed& in_config,
                      std::optional<data::Value>& out) {
    Problems problems;
    data::Value merged = data::Value::array();
    std::vector<const PathElement*> shared;
    for (const PathElement& element : right) {
      if (in_live.contains(element)) shared.push_back(&element);
    }
    size_t next = 0;
    std::set<PathElement> done;
    auto find = [](const Observed& observed, const PathElement& element) {
      auto at = observed.find(element);
      return at == observed.end() ? nullptr : at->second;
    };
    auto emit = [&](const PathElement& element, const data::Value* l, const data::Value* c) {
      std::optional<data::Value> item;
      append(problems, run(type.element, l, c, item), element);
      if (item) merged.push_back(std::move(*item));
    };
    size_t l = 0;
    size_t r = 0;
    while (l < left.size() || r < right.size()) {
      if (l < left.size() && r < right.size()) {
        if (left[l] == right[r]) {
          done.insert(left[l]);
          emit(left[l], find(in_live, left[l]), find(in_config, left[l]));
          l++;
          r++;
          next++;
          continue;
        }
        if (in_config.contains(left[l]) && next < shared.size() && *shared[next] != left[l]) {
          l++;  // shared, but not the one wanted in this round
          continue;
        }
      }
      if (l < left.size()) {
        if (!in_config.contains(left[l])) {
          emit(left[l], &(*live)[l], nullptr);
          l++;
          continue;
        }
        if (done.contains(left[l])) l++;
      }
      if (r < right.size()) {
        done.insert(right[r]);
        emit(right[r], find(in_live, right[r]), find(in_config, right[r]));
        if (next < shared.size() && *shared[next] == right[r]) next++;
        r++;
      }
    }
    if (!merged.empty()) out = std::move(merged);
    return problems;
  }

  const Schema& schema_;
};

class Comparer {
 public:
  Comparer(const Schema& schema, Comparison& out)
      : schema_(schema),
        out_(out) {}

  Problems run(const TypeRef& type, const data::Value* before, const data::Value* after) {
    AtomRef atom = schema_.resolve(type);
    if (atom == nullptr) return missing_type(type);
    const Atom left = deduce_atom(*atom, before);
    const Atom right = deduce_atom(*atom, after);
    bool is_leaf = false;
    Problems problems;
    if (after == nullptr) {
      problems = handle(left, type, before, after, is_leaf);
    } else if (before == nullptr || same_shape(left, right)) {
      problems = handle(right, type, before, after, is_leaf);
    } else {
      bool unused = false;
      problems = handle(left, type, before, after, unused);
      append(problems, handle(right, type, before, after, is_leaf));
    }
    if (!is_leaf) {
      if (before == nullptr) {
        out_.added.insert(path_);
      } else if (after == nullptr) {
        out_.removed.insert(path_);
      }
    }
    return problems;
  }

 private:
  Problems handle(const Atom& atom,
                  const TypeRef& type,
                  const data::Value* before,
                  const data::Value* after,
                  bool& is_leaf) {
    if (atom.map) return map(*atom.map, before, after, is_leaf);
    if (atom.scalar != Scalar::None) {
      Problems left = validate_scalar(atom.scalar, before, "lhs: ");
      Problems right = validate_scalar(atom.scalar, after, "rhs: ");
      if (!left.empty() && !right.empty()) {
        append(left, std::move(right));
        return left;
      }
      leaf(before, after, is_leaf);
      return {};
    }
    if (atom.list) return list(*atom.list, before, after, is_leaf);
    return invalid_atom(type);
  }

  void leaf(const data::Value* before, const data::Value* after, bool& is_leaf) {
    is_leaf = true;
    if (before == nullptr) {
      out_.added.insert(path_);
    } else if (after == nullptr) {
      out_.removed.insert(path_);
    } else if (*before != *after) {
      out_.modified.insert(path_);
    }
  }

  Problems below(PathElement element,
                 const TypeRef& type,
                 const data::Value* before,
                 const data::Value* after) {
    path_.push_back(std::move(element));
    Problems problems;
    Problems found = run(type, before, after);  // the path may move meanwhile
    append(problems, std::move(found), path_.back());
    path_.pop_back();
    return problems;
  }

  Problems map(const MapType& type,
               const data::Value* before_value,
               const data::Value* after_value,
               bool& is_leaf) {
    const data::Value* before = map_of(before_value);
    const data::Value* after = map_of(after_value);
    if (type.relationship == Relationship::Atomic || (is_blank(before) && is_blank(after))) {
      leaf(before_value, after_value, is_leaf);
      return {};
    }
    Problems problems;
    auto visit = [&](std::string_view name, const data::Value* b, const data::Value* a) {
      if (b != nullptr && a != nullptr && b->same_node(*a) && !b->is_null()) return;
      const StructField* field = type.field(name);
      append(problems,
             below(PathElement::field(name), field != nullptr ? field->type : type.element, b, a));
    };
    if (before != nullptr) {
      for (const data::Member& member : before->members()) {
        visit(name(member), &member.value, after == nullptr ? nullptr : after->find(name(member)));
      }
    }
    if (after != nullptr) {
      for (const data::Member& member : after->members()) {
        if (before == nullptr || !before->contains(name(member)))
          visit(name(member), nullptr, &member.value);
      }
    }
    return problems;
  }

  using Grouped = std::map<PathElement, std::vector<const data::Value*>>;

  Problems group(const ListType& type, const data::Value* list, Grouped& grouped) {
    Problems problems;
    if (list == nullptr) return problems;
    for (size_t i = 0; i < list->size(); i++) {
      auto element = item_element(schema_, type, (*list)[i]);
      if (!element.ok()) {
        append(problems, problem(cat("element ", i, ": ", element.error().message())));
        continue;
      }
      grouped[*element].push_back(&(*list)[i]);
    }
    return problems;
  }

  Problems list(const ListType& type,
                const data::Value* before_value,
                const data::Value* after_value,
                bool& is_leaf) {
    const data::Value* before = list_of(before_value);
    const data::Value* after = list_of(after_value);
    if (type.relationship == Relationship::Atomic || (is_blank(before) && is_blank(after))) {
      leaf(before_value, after_value, is_leaf);
      return {};
    }
    Grouped left;
    Grouped right;
    Problems problems = group(type, before, left);
    append(problems, group(type, after, right));
    for (const auto& [element, unused] : right)
      left.try_emplace(element);
    for (const auto& [element, olds] : left) {
      auto found = right.find(element);
      static const std::vector<const data::Value*> kNone;
      const auto& news = found == right.end() ? kNone : found->second;
      append(problems, items(type, element, olds, news));
    }
    return problems;
  }

  // Duplicates of one key are compared as one value, and marked at the item itself.
  Problems items(const ListType& type,
                 const PathElement& element,
                 const std::vector<const data::Value*>& olds,
                 const std::vector<const data::Value*>& news) {
    FieldPath path = path_;
    path.push_back(element);
    auto first = [](const auto& values) { return values.empty() ? nullptr : values[0]; };
    if (olds.size() <= 1 && news.size() <= 1)
      return below(element, type.element, first(olds), first(news));
    if (olds.size() >= 2 && news.size() >= 2) {
      auto equal = [](const data::Value* a, const data::Value* b) { return *a == *b; };
      if (!std::ranges::equal(olds, news, equal)) out_.modified.insert(path);
      return {};
    }
    Problems problems;
    if (olds.size() >= 2) {
      if (!news.empty()) problems = below(element, type.element, nullptr, news[0]);
      out_.removed.insert(path);
    } else {
      if (!olds.empty()) problems = below(element, type.element, olds[0], nullptr);
      out_.added.insert(path);
    }
    return problems;
  }

  const Schema& schema_;
  Comparison& out_;
  FieldPath path_;
};

// Finds granular sets under what is atomic now.
class Reconciler {
 public:
  explicit Reconciler(const Schema& schema)
      : schema_(schema) {}

  Problems run(const TypeRef& type, const FieldSet* set, bool is_atomic) {
    AtomRef atom = schema_.resolve(type);
    if (atom == nullptr) return problem(cat("could not resolve ", type.name));
    if (atom->map) {
      const MapType& map = *atom->map;
      if (map.element.name == "__untyped_deduced_" && map.fields.empty()) return {};
      if (!is_atomic && map.relationship == Relationship::Atomic) {
        if (set != nullptr && !set->empty()) whole();
        return {};
      }
      return set == nullptr ? Problems{} : items(*set, [&](const PathElement& element) {
        if (element.kind() == PathElement::Kind::Field) {
          if (const StructField* field = map.field(element.name())) return field->type;
        }
        return map.element;
      });
    }
    if (atom->scalar != Scalar::None) return {};
    if (!atom->list) return invalid_atom(type);
    if (!is_atomic && atom->list->relationship == Relationship::Atomic) {
      whole();
      return {};
    }
    if (set == nullptr) return {};
    return items(*set, [&](const PathElement&) { return atom->list->element; });
  }

  std::optional<FieldSet> changed(const FieldSet& set) const {
    if (roots_.empty()) return std::nullopt;
    return set.recursive_difference(roots_).united(roots_);
  }

 private:
  void whole() { roots_.insert(path_); }

  template <typename TypeOf>
  Problems items(const FieldSet& set, TypeOf type_of) {
    Problems problems;
    auto visit = [&](const PathElement& element, bool member) {
      TypeRef below = type_of(element);
      if (below.empty()) return;
      const FieldSet* child = set.child(element);
      path_.push_back(element);
      append(problems, run(below, child, member && child == nullptr));
      path_.pop_back();
    };
    for (const auto& [element, child] : set.children()) {
      if (!set.has_member(element)) visit(element, false);
    }
    for (const PathElement& element : set.members())
      visit(element, true);
    return problems;
  }

  const Schema& schema_;
  FieldPath path_;
  FieldSet roots_;
};

}  // namespace

Result<data::Value> merge_typed(const data::Value* live,
                                const data::Value* config,
                                const Type& type) {
  if (live == nullptr && config == nullptr) {
    return Error(Code::Invalid, "at least one of lhs and rhs must be provided");
  }
  std::optional<data::Value> out;
  Problems problems = Merger(*type.schema).run(type.root, live, config, out);
  if (!problems.empty()) return to_error(problems);
  return out ? std::move(*out) : data::Value();
}

Result<Comparison> compare_typed(const data::Value* before,
                                 const data::Value* after,
                                 const Type& type) {
  if (before == nullptr && after == nullptr) {
    return Error(Code::Invalid, "at least one of lhs and rhs must be provided");
  }
  Comparison comparison;
  Problems problems = Comparer(*type.schema, comparison).run(type.root, before, after);
  if (!problems.empty()) return to_error(problems);
  return comparison;
}

Result<std::optional<FieldSet>> reconcile_with_schema(const FieldSet& set, const Type& type) {
  Reconciler reconciler(*type.schema);
  Problems problems = reconciler.run(type.root, &set, false);
  if (!problems.empty()) {
    return Error(Code::Invalid,
                 cat("errors reconciling field set with schema: ", to_error(problems).message()));
  }
  return reconciler.changed(set);
}

}  // namespace fleet::kube
