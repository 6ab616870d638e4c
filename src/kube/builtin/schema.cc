#include "kube/builtin/schema.h"

#include <algorithm>
#include <deque>
#include <string>

#include "base/check.h"
#include "base/strings.h"
#include "kube/builtin/schema_data.h"

namespace fleet::kube::builtin {
namespace {

constexpr std::string_view kScalars = "sildbyqtmxa";
constexpr Shape kScalarShapes[] = {Shape::String,
                                   Shape::Int32,
                                   Shape::Int64,
                                   Shape::Double,
                                   Shape::Bool,
                                   Shape::Bytes,
                                   Shape::Quantity,
                                   Shape::Time,
                                   Shape::MicroTime,
                                   Shape::IntOrString,
                                   Shape::Any};

struct BySpelling {
  std::string_view spelling;  // package and text of a list or map type
  const Type* type;
};

// All types, read once. Structs first, so that fields can point to them.
class Table {
 public:
  Table() {
    for (size_t i = 0; i < kScalars.size(); ++i) {
      scalars_[i].shape = kScalarShapes[i];
    }
    structs_.resize(kSchemaLineCount);
    for (unsigned i = 0; i < kSchemaLineCount; ++i) {
      std::string_view line = kSchemaLines[i];
      std::string_view name = line.substr(0, line.find(' '));
      Type& type = structs_[i];
      type.shape = Shape::Struct;
      type.atomic = name.ends_with('!');
      type.name = trim_suffix(name, "!");
    }
    // Generated in order of names, but for the marks behind them.
    order_.reserve(structs_.size());
    for (const Type& type : structs_) {
      order_.push_back(&type);
    }
    std::sort(order_.begin(), order_.end(), [](const Type* a, const Type* b) {
      return a->name < b->name;
    });
    for (unsigned i = 0; i < kSchemaLineCount; ++i) {
      read_members(structs_[i], kSchemaLines[i]);
    }
  }

  const Type* find(std::string_view name) const {
    auto at = std::lower_bound(
        order_.begin(), order_.end(), name, [](const Type* type, std::string_view wanted) {
          return type->name < wanted;
        });
    return at != order_.end() && (*at)->name == name ? *at : nullptr;
  }

  const std::vector<const Type*>& order() const { return order_; }

 private:
  void read_members(Type& type, std::string_view line) {
    std::string_view package = type.name.substr(0, type.name.rfind('.'));
    for (size_t at = line.find(' '); at != std::string_view::npos; at = line.find(' ', at + 1)) {
      std::string_view field = line.substr(at + 1);
      field = field.substr(0, field.find(' '));
      size_t equals = field.find('=');
      type.members.push_back(
          {field.substr(0, equals), type_for(field.substr(equals + 1), package)});
    }
  }

  const Type* type_for(std::string_view text, std::string_view package) {
    if (text[0] == '$') {
      bool near = text[1] == '.';
      std::string name = near ? cat(package, text.substr(1)) : std::string(text.substr(1));
      const Type* type = find(name);
      CHECK(type != nullptr);
      return type;
    }
    size_t scalar = text.size() == 1 ? kScalars.find(text[0]) : std::string_view::npos;
    if (scalar != std::string_view::npos) return &scalars_[scalar];
    bool near = text.find("$.") != std::string_view::npos;
    for (const BySpelling& one : composed_) {
      if (one.spelling == text && !near) return one.type;
    }
    const Type* made = compose(text, package);
    if (!near) composed_.push_back({text, made});
    return made;
  }

  const Type* compose(std::string_view text, std::string_view package) {
    bool is_list = text[0] == '[';
    size_t end = text.rfind(is_list ? ']' : '}');
    const Type* element = type_for(text.substr(1, end - 1), package);
    std::string_view mark = text.substr(end + 1);
    Type type;
    type.shape = is_list ? Shape::List : Shape::Map;
    type.element = element;
    type.atomic = !is_list && mark == "!";
    if (is_list && mark == "!") type.list = ListKind::Set;
    if (is_list && !mark.empty() && mark != "!") {
      type.list = ListKind::Keyed;
      type.keys = split(mark, ',');
    }
    return &others_.emplace_back(std::move(type));
  }

  Type scalars_[kScalars.size()];
  std::vector<Type> structs_;
  std::deque<Type> others_;
  std::vector<const Type*> order_;
  std::vector<BySpelling> composed_;
};

const Table& table() {
  static const Table kTable;
  return kTable;
}

}  // namespace

const Type* Type::find(std::string_view member) const {
  auto at = std::lower_bound(
      members.begin(), members.end(), member, [](const Member& one, std::string_view wanted) {
        return one.name < wanted;
      });
  return at != members.end() && at->name == member ? at->type : nullptr;
}

const Type* find_type(std::string_view name) {
  return table().find(name);
}

std::vector<const Type*> types() {
  return table().order();
}

std::string_view bare_name(const Type& type) {
  size_t dot = type.name.rfind('.');
  return dot == std::string_view::npos ? type.name : type.name.substr(dot + 1);
}

}  // namespace fleet::kube::builtin
