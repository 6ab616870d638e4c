#include "kustomize/walk.h"

#include <utility>

#include "base/strings.h"

namespace fleet::kustomize {
namespace {

using yaml::Node;

Node made(Make make) {
  switch (make) {
    case Make::Map:
      return Node::mapping();
    case Make::List:
      return Node::sequence();
    default:
      return Node::scalar("", yaml::Tag::None);
  }
}

Result<> walk_map(Node& node,
                  const std::vector<std::string>& path,
                  size_t from,
                  bool create,
                  Make make,
                  const Setter& set) {
  std::string_view name = path[from];
  const bool is_list = name.ends_with("[]");
  if (is_list) name.remove_suffix(2);
  if (name.empty()) return Error(Code::Invalid, "cannot set or create an empty field name");
  const bool last = from + 1 == path.size();
  const bool creates = create && make != Make::Nothing && !is_list;
  Make kind = is_list ? Make::List : Make::Nothing;
  if (creates) kind = last ? make : Make::Map;
  Node* field = node.find(name);
  if (field == nullptr) {
    if (!creates) return {};
    field = &node.set(name, made(kind));
  } else if (field->is_null() && kind != Make::Nothing) {
    *field = made(kind);
  }
  return walk(*field, path, from + 1, create, make, set);
}

}  // namespace

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> parts;
  std::string part;
  for (size_t i = 0; i < path.size(); i++) {
    if (path[i] == '\\' && i + 1 < path.size() && path[i + 1] == '/') {
      part += '/';
      i++;
    } else if (path[i] == '/') {
      parts.push_back(std::exchange(part, {}));
    } else {
      part += path[i];
    }
  }
  parts.push_back(part);
  if (!parts.empty() && parts.front().empty()) parts.erase(parts.begin());
  return parts;
}

Node& append_member(Node& mapping, std::string_view key, Node value) {
  mapping.push_back(Node::plain(key));
  return mapping.push_back(std::move(value));
}

Result<> walk(Node& node,
              const std::vector<std::string>& path,
              size_t from,
              bool create,
              Make make,
              const Setter& set) {
  if (from == path.size()) return set(node);
  if (node.is_null() || node.is_none()) return {};
  if (node.is_mapping()) return walk_map(node, path, from, create, make, set);
  if (!node.is_sequence()) return Error(Code::Invalid, "expected sequence or mapping node");
  for (Node& item : node.children())
    TRY(walk(item, path, from, create, make, set));
  return {};
}

bool is_for(const FieldSpec& spec, std::string_view api_version, std::string_view kind) {
  if (!spec.kind.empty() && spec.kind != kind) return false;
  const size_t slash = api_version.find('/');
  const bool core = slash == std::string_view::npos;
  if (!spec.group.empty() && (core || spec.group != api_version.substr(0, slash))) return false;
  return spec.version.empty() ||
         spec.version == (core ? api_version : api_version.substr(slash + 1));
}

ReadySpecs::ReadySpecs(const FieldSpecs& specs) {
  specs_.reserve(specs.size());
  for (const FieldSpec& spec : specs)
    specs_.push_back({&spec, split_path(spec.path)});
}

const std::vector<const ReadySpec*>& ReadySpecs::of(std::string_view api_version,
                                                    std::string_view kind) {
  if (last_ != nullptr && kind == last_kind_ && api_version == last_api_version_) return *last_;
  auto [at, fresh] = by_kind_.try_emplace(cat(api_version, "\n", kind));
  if (fresh) {
    for (const ReadySpec& ready : specs_) {
      if (is_for(*ready.spec, api_version, kind)) at->second.push_back(&ready);
    }
  }
  last_api_version_ = api_version;
  last_kind_ = kind;
  last_ = &at->second;
  return *last_;
}

const std::vector<const ReadySpec*>& ReadySpecs::of(const Resource& resource) {
  return of(resource.node.member_text("apiVersion"), resource.kind());
}

Result<> ReadySpecs::apply(Resource& resource, Make make, const Setter& set) {
  for (const ReadySpec* ready : of(resource))
    TRY(apply_spec(resource, *ready, make, set));
  return {};
}

Result<> apply_spec(Resource& resource, const ReadySpec& spec, Make make, const Setter& set) {
  auto result = walk(resource.node, spec.path, 0, spec.spec->create, make, set);
  if (result.ok()) return {};
  return std::move(result).within(
      cat("considering field '", spec.spec->path, "' of object ", resource.current_id().text()));
}

}  // namespace fleet::kustomize
