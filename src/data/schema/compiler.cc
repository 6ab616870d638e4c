#include "data/schema/compiler.h"

#include <algorithm>

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/schema/metaschemas.h"
#include "data/schema/node_compiler.h"
#include "text/url.h"

namespace fleet::schema {
namespace {

Error refuse(std::string message) {
  return Error(Code::Invalid, std::move(message));
}

bool is_official(std::string_view url) {
  return url.starts_with("http://json-schema.org/") || url.starts_with("https://json-schema.org/");
}

// The id of a schema in its draft, without fragment; empty when it has none.
std::string id_of(const data::Value& value, int draft) {
  if (draft < 2019 && value.contains("$ref")) return "";
  const data::Value& id = value[id_keyword(draft)];
  std::string_view text = id.as_string();
  return id.is_string() ? std::string(text.substr(0, text.find('#'))) : "";
}

}  // namespace

Compiler::Resource& Compiler::Document::resource_of(std::string_view pointer) {
  while (true) {
    auto found = resources.find(pointer);
    if (found != resources.end()) return found->second;
    size_t slash = pointer.rfind('/');
    if (slash == std::string_view::npos) break;
    pointer = pointer.substr(0, slash);
  }
  return resources.find("")->second;
}

Compiler::Resource* Compiler::Document::with_id(std::string_view id) {
  for (auto& [pointer, resource] : resources) {
    if (resource.id == id) return &resource;
  }
  return nullptr;
}

Result<data::Value> Compiler::load(const std::string& url) {
  auto found = documents_.find(url);
  if (found != documents_.end()) return found->second;
  data::Value out;
  if (auto text = metaschema(url)) {
    out = TRY(json::parse(*text, {json::Numbers::AsWritten}));
  } else if (!options_.load) {
    return refuse(cat("failing loading ", quote(url), ": no URLLoader set"));
  } else {
    out = TRY(options_.load(url).within(cat("failing loading ", quote(url))));
  }
  documents_[url] = out;
  return out;
}

Result<Compiler::Document*> Compiler::document(const std::string& url) {
  auto found = roots_.find(url);
  if (found != roots_.end()) return found->second.get();
  auto fresh = std::make_unique<Document>();
  fresh->url = url;
  fresh->value = TRY(load(url));
  Document* out = fresh.get();
  TRY(collect(*out, out->value, {url, "", kLatestDraft, 0}));
  if (!is_official(url)) TRY(check(*out, out->value, ""));
  roots_[url] = std::move(fresh);
  return out;
}

// The draft that `$schema` names, through custom metaschemas if need be.
Result<int> Compiler::draft_at(const Document& document,
                               const data::Value& value,
                               std::string_view pointer,
                               int fallback) {
  std::set<std::string> seen;
  data::Value at = value;
  std::string here = show_location(document.url, pointer);
  bool first = true;
  while (at.is_object() && at["$schema"].is_string()) {
    std::string named = at["$schema"].to_string();
    if (auto draft = draft_of(named)) return *draft;
    named = named.substr(0, named.find('#'));
    if (auto parsed = text::Url::parse(named); !parsed.ok()) {
      return refuse(cat("invalid $schema in ", quote(here), ": ", parsed.error().message()));
    }
    if (first && pointer.empty() && named == document.url) {
      return refuse(cat("draft ", quote(named), " is not supported"));
    }
    if (!seen.insert(named).second) {
      return refuse(cat("cycle in resolving $schema in ", quote(named)));
    }
    at = TRY(load(named));
    here = show_location(named, "");
    first = false;
  }
  return fallback;
}

Result<> Compiler::collect(Document& document, const data::Value& value, const Spot& spot) {
  if (spot.depth > kMaxSchemaDepth) return refuse("schema nests too deeply");
  if (!document.seen.insert(spot.pointer).second) return {};
  bool is_root = spot.pointer.empty();
  if (!value.is_object()) {
    if (is_root) document.resources[""] = {"", spot.base, spot.draft, {}, {}};
    return {};
  }
  int draft = TRY(draft_at(document, value, spot.pointer, spot.draft));
  bool has_schema = value["$schema"].is_string();
  std::string id = id_of(value, draft);
  if (id.empty() && !is_root) {
    draft = spot.draft;
    has_schema = false;
    id = id_of(value, draft);
  }
  Spot own = spot;
  if (!id.empty()) {
    auto joined = join_reference(spot.base, id);
    if (!joined.ok()) {
      return refuse(
          cat("error in parsing id at ", quote(show_location(document.url, spot.pointer))));
    }
    own.base = joined->url;
  }
  if (!id.empty() || is_root) {
    Resource* other = document.with_id(own.base);
    if (other != nullptr && other->pointer != spot.pointer) {
      return refuse(cat("duplicate id ",
                        quote(own.base),
                        " in ",
                        quote(document.url),
                        " at ",
                        quote(spot.pointer),
                        " and ",
                        quote(other->pointer)));
    }
    if (other == nullptr) {
      document.resources[spot.pointer] = {
          spot.pointer, own.base, has_schema ? draft : spot.draft, {}, {}};
    }
  }
  Resource& resource = *document.with_id(own.base);
  TRY(collect_anchors(document, resource, value, spot.pointer));
  own.draft = resource.draft;
  return collect_below(document, value, own, draft);
}

Result<> Compiler::collect_below(Document& document,
                                 const data::Value& value,
                                 const Spot& spot,
                                 int draft) {
  auto visit = [&](const data::Value& inner, std::string pointer) {
    return collect(document, inner, {spot.base, std::move(pointer), spot.draft, spot.depth + 1});
  };
  for (const SubschemaPlace& place : subschema_places()) {
    if (place.since > draft) continue;
    const data::Value* found = value.find(place.keyword);
    if (found == nullptr) continue;
    std::string pointer = cat(spot.pointer, "/", place.keyword);
    if (place.holds == Holds::Map) {
      for (const data::Member& member : found->members()) {
        TRY(visit(member.value, cat(pointer, "/", escape_token(name(member)))));
      }
      continue;
    }
    if (place.holds != Holds::One) {
      for (size_t i = 0; i < found->items().size(); ++i) {
        TRY(visit((*found)[i], cat(pointer, "/", i)));
      }
    }
    if (place.holds != Holds::List) TRY(visit(*found, pointer));
  }
  return {};
}

Result<> Compiler::collect_anchors(Document& document,
                                   Resource& resource,
                                   const data::Value& value,
                                   const std::string& pointer) {
  auto add = [&](const std::string& anchor) -> Result<> {
    auto [found, is_new] = resource.anchors.emplace(anchor, pointer);
    if (is_new || found->second == pointer) return {};
    return refuse(cat("duplicate anchor ",
                      quote(anchor),
                      " in ",
                      quote(document.url),
                      " at ",
                      quote(found->second),
                      " and ",
                      quote(pointer)));
  };
  if (resource.draft < 2019) {
    const data::Value& id = value[id_keyword(resource.draft)];
    if (value.contains("$ref") || !id.is_string()) return {};
    auto reference = split_reference(id.as_string());
    if (!reference.ok()) {
      return refuse(
          cat("error in parsing anchor at ", quote(show_location(document.url, pointer))));
    }
    const std::string& fragment = reference->fragment;
    if (!fragment.empty() && !fragment.starts_with('/')) TRY(add(fragment));
    return {};
  }
  if (value["$anchor"].is_string()) TRY(add(value["$anchor"].to_string()));
  if (resource.draft >= 2020 && value["$dynamicAnchor"].is_string()) {
    std::string anchor = value["$dynamicAnchor"].to_string();
    TRY(add(anchor));
    resource.dynamic_anchors.push_back(anchor);
  }
  return {};
}

Result<const Node*> Compiler::metaschema_node(int draft) {
  return compile(std::string(draft_url(draft)));
}

// The document, or a part of it, against the metaschemas of its drafts.
Result<> Compiler::check(Document& document, const data::Value& value, const std::string& pointer) {
  MetaByPointer metas;
  for (const auto& [at, resource] : document.resources) {
    metas[at] = TRY(metaschema_node(resource.draft));
  }
  const Node* meta = TRY(metaschema_node(document.resource_of(pointer).draft));
  auto valid = validate_with(*meta, value, meta, &metas);
  if (valid.ok()) return {};
  return refuse(cat(quote(show_location(document.url, pointer)),
                    " is not valid against metaschema: ",
                    valid.error().message()));
}

// A reference may lead to a place where no schema was expected: it becomes one.
Result<> Compiler::ensure_subschema(const std::string& url, const std::string& pointer) {
  Document& from = *TRY(document(url));
  if (from.seen.contains(pointer)) return {};
  const data::Value* value = TRY(look_up(from.value, url, pointer));
  Resource& base = from.resource_of(pointer);
  TRY(collect(from, *value, {base.id, pointer, base.draft, 0}));
  return check(from, *value, pointer);
}

Result<std::string> Compiler::resolve_in(const Document& document,
                                         const Resource& resource,
                                         const std::string& fragment) {
  if (fragment.empty() || fragment.starts_with('/')) return resource.pointer + fragment;
  auto found = resource.anchors.find(fragment);
  if (found != resource.anchors.end()) return found->second;
  return refuse(cat("anchor in ",
                    quote(show_location(resource.id, fragment)),
                    " not found in schema ",
                    quote(document.url)));
}

Result<std::pair<std::string, std::string>> Compiler::resolve(Document& from,
                                                              const Reference& reference) {
  Resource* resource = from.with_id(reference.url);
  if (reference.url == from.url) resource = &from.resources.find("")->second;
  if (resource != nullptr) {
    return std::pair(from.url, TRY(resolve_in(from, *resource, reference.fragment)));
  }
  Document& other = *TRY(document(reference.url));
  const Resource& root = other.resources.find("")->second;
  return std::pair(other.url, TRY(resolve_in(other, root, reference.fragment)));
}

Node* Compiler::enqueue(const std::string& url, const std::string& pointer) {
  auto [found, is_new] = by_location_.emplace(std::pair(url, pointer), nullptr);
  if (!is_new) return found->second;
  auto fresh = std::make_unique<Node>();
  fresh->url = url;
  fresh->pointer = pointer;
  fresh->location = show_location(url, pointer);
  found->second = fresh.get();
  queue_.push_back(fresh.get());
  nodes_.push_back(std::move(fresh));
  return found->second;
}

Result<> Compiler::drain() {
  while (!queue_.empty()) {
    Node* node = queue_.front();
    queue_.pop_front();
    TRY(ensure_subschema(node->url, node->pointer));
    TRY(compile_node(*node));
  }
  return {};
}

Result<> Compiler::compile_node(Node& node) {
  Document& from = *TRY(document(node.url));
  const data::Value* value = TRY(look_up(from.value, node.url, node.pointer));
  Resource& resource = from.resource_of(node.pointer);
  node.draft = resource.draft;
  node.resource = enqueue(node.url, resource.pointer);
  if (node.draft >= 2020 && resource.pointer == node.pointer) {
    for (const std::string& anchor : resource.dynamic_anchors) {
      node.dynamic_anchors[anchor] = enqueue(node.url, resource.anchors.find(anchor)->second);
    }
  }
  if (value->is_bool()) {
    node.boolean = value->as_bool();
  } else if (value->is_object()) {
    if (value->empty()) {
      node.boolean = true;
      return {};
    }
    return NodeCompiler(*this, from, resource.id, *value, node).run();
  }
  return {};
}

Result<const Node*> Compiler::compile(const std::string& url) {
  Document& from = *TRY(document(url));
  const Node* out = enqueue(from.url, "");
  TRY(drain());
  return out;
}

Result<Schema> Schema::compile(std::string_view text, const Options& options) {
  std::string_view rest = text;
  data::Value document = TRY(json::parse_next(rest, {json::Numbers::AsWritten}));
  if (!trim(rest, " \t\r\n").empty()) return refuse("invalid character after top-level value");
  Compiler compiler(options);
  compiler.add(options.base, std::move(document));
  auto program = std::make_shared<Program>();
  program->root = TRY(compiler.compile(options.base));
  program->nodes = compiler.take_nodes();
  Schema out;
  out.program_ = std::move(program);
  return out;
}

Result<> Schema::validate(const data::Value& document) const {
  return validate_with(*program_->root, document);
}

}  // namespace fleet::schema
