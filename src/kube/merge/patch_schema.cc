// The tags of Go's structs, from the packed table in patch_table.cc.
#include <utility>

#include "base/strings.h"
#include "codec/gzip.h"
#include "data/json/parse.h"
#include "kube/merge/strategic.h"
#include "kube/merge/tables.h"

namespace fleet::kube {
namespace {

using data::Value;

// The table with all types; places in it point into it.
struct Table {
  Value document;
  const Value& types() const { return document["types"]; }
};
using TableRef = std::shared_ptr<const Table>;

std::string_view short_name(std::string_view type) {
  size_t dot = type.rfind('.');
  return dot == std::string_view::npos ? type : type.substr(dot + 1);
}

Error no_field(std::string_view type, std::string_view name) {
  return Error(
      Code::Invalid,
      cat("unable to find api field in struct ", type, " for the json field ", quote(name)));
}

PatchMeta meta_of(const Value& field) {
  PatchMeta meta;
  meta.merge_key = field["key"].to_string();
  for (std::string_view word : split(field["strategy"].as_string(), ',')) {
    meta.merge = meta.merge || word == "merge";
    meta.replace = meta.replace || word == "replace";
    meta.retain_keys = meta.retain_keys || word == "retainKeys";
  }
  return meta;
}

PatchSchemaRef place(const TableRef& table, const Value& type);

// A named struct.
class StructPlace : public PatchSchema {
 public:
  StructPlace(TableRef table, std::string name)
      : table_(std::move(table)),
        name_(std::move(name)) {}

  Result<Field> map_field(std::string_view name) const override {
    const Value* field = table_->types()[name_].find(name);
    if (field == nullptr) return no_field(short_name(name_), name);
    return Field{place(table_, *field), meta_of(*field)};
  }

  Result<Field> list_field(std::string_view name) const override {
    const Value* field = table_->types()[name_].find(name);
    if (field == nullptr) return no_field(short_name(name_), name);
    const Value* items = field->find("list");
    if (items == nullptr) {
      return Error(Code::Invalid,
                   cat("expected slice or array type, but got: ",
                       field->contains("map") ? "map" : "struct"));
    }
    return Field{place(table_, *items), meta_of(*field)};
  }

 private:
  TableRef table_;
  std::string name_;
};

// A map with free keys: each member has the type of the map's values.
class FreeMapPlace : public PatchSchema {
 public:
  FreeMapPlace(TableRef table, Value element)
      : table_(std::move(table)),
        element_(std::move(element)) {}

  Result<Field> map_field(std::string_view /*name*/) const override {
    return Field{place(table_, element_), {}};
  }
  Result<Field> list_field(std::string_view /*name*/) const override {
    const Value* items = element_.find("list");
    if (items == nullptr) {
      return Error(Code::Invalid,
                   cat("expected slice or array type, but got: ",
                       element_.is_string() ? "string" : "struct"));
    }
    return Field{place(table_, *items), {}};
  }

 private:
  TableRef table_;
  Value element_;
};

// Something without fields: a scalar, or raw JSON.
class LeafPlace : public PatchSchema {
 public:
  explicit LeafPlace(std::string name)
      : name_(std::move(name)) {}

  Result<Field> map_field(std::string_view name) const override { return refuse(name); }
  Result<Field> list_field(std::string_view name) const override { return refuse(name); }

 private:
  Error refuse(std::string_view name) const {
    if (!name_.empty()) return no_field(name_, name);
    return Error(Code::Invalid,
                 "merging an object in json but data type is not struct, instead is: string");
  }
  std::string name_;
};

PatchSchemaRef place(const TableRef& table, const Value& type) {
  if (const Value* ref = type.find("ref"))
    return std::make_shared<StructPlace>(table, ref->to_string());
  if (const Value* element = type.find("map"))
    return std::make_shared<FreeMapPlace>(table, *element);
  return std::make_shared<LeafPlace>(type["opaque"].to_string());
}

const TableRef& builtin_table() {
  static const TableRef kTable = [] {
    auto text = codec::gunzip(packed_patch_tags());
    CHECK(text.ok());
    auto document = json::parse(*text);
    CHECK(document.ok());
    return std::make_shared<const Table>(Table{std::move(*document)});
  }();
  return kTable;
}

}  // namespace

PatchSchemaRef patch_schema(const GroupVersionKind& gvk) {
  const TableRef& table = builtin_table();
  const Value* type = table->document["gvk"].find(cat(gvk.api_version(), " ", gvk.kind));
  if (type == nullptr || gvk.kind == "CustomResourceDefinition") return nullptr;
  return std::make_shared<StructPlace>(table, type->to_string());
}

PatchSchemaRef patch_schema_of(const Value& table, std::string_view root) {
  return std::make_shared<StructPlace>(std::make_shared<const Table>(Table{table}),
                                       std::string(root));
}

}  // namespace fleet::kube
