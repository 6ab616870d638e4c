// Compiler: schema documents, with all they refer to, into nodes. For this room's use.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/schema/location.h"
#include "data/schema/node.h"

namespace fleet::schema {

class Compiler {
 public:
  explicit Compiler(const Options& options)
      : options_(options) {}

  // Makes a document known under its URL.
  void add(const std::string& url, data::Value document) { documents_[url] = std::move(document); }
  Result<const Node*> compile(const std::string& url);
  std::vector<std::unique_ptr<Node>> take_nodes() { return std::move(nodes_); }

 private:
  friend class NodeCompiler;

  // A part of a document with an id of its own; the root always is one.
  struct Resource {
    std::string pointer;
    std::string id;
    int draft = 2020;
    std::map<std::string, std::string, std::less<>> anchors;  // name → pointer
    std::vector<std::string> dynamic_anchors;
  };
  struct Document {
    std::string url;
    data::Value value;
    std::map<std::string, Resource, std::less<>> resources;  // by pointer
    std::set<std::string, std::less<>> seen;                 // pointers of known subschemas

    Resource& resource_of(std::string_view pointer);
    Resource* with_id(std::string_view id);
  };
  struct Spot {
    std::string base;
    std::string pointer;
    int draft;
    int depth;
  };

  Result<data::Value> load(const std::string& url);
  Result<Document*> document(const std::string& url);
  Result<int> draft_at(const Document& document,
                       const data::Value& value,
                       std::string_view pointer,
                       int fallback);
  Result<> collect(Document& document, const data::Value& value, const Spot& spot);
  Result<> collect_below(Document& document, const data::Value& value, const Spot& spot, int draft);
  Result<> collect_anchors(Document& document,
                           Resource& resource,
                           const data::Value& value,
                           const std::string& pointer);
  Result<> check(Document& document, const data::Value& value, const std::string& pointer);
  Result<const Node*> metaschema_node(int draft);
  Result<> ensure_subschema(const std::string& url, const std::string& pointer);

  // A target of a reference: URL of the document and pointer in it.
  Result<std::pair<std::string, std::string>> resolve(Document& from, const Reference& reference);
  Result<std::string> resolve_in(const Document& document,
                                 const Resource& resource,
                                 const std::string& fragment);

  Node* enqueue(const std::string& url, const std::string& pointer);
  Result<> drain();
  Result<> compile_node(Node& node);

  size_t pattern_parts_ = 0;  // of all patterns so far, as text::regex_size counts
  const Options& options_;
  std::map<std::string, data::Value, std::less<>> documents_;
  std::map<std::string, std::unique_ptr<Document>, std::less<>> roots_;
  std::map<std::pair<std::string, std::string>, Node*> by_location_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::deque<Node*> queue_;
};

}  // namespace fleet::schema
