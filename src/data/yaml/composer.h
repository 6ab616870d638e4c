// Composer: tokens → syntax tree. Private to this room.
//
// Follows the grammar of YAML 1.1 as go-yaml does, with its error texts; in Dialect::V3 it attaches
// the scanner's comments to the nodes.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/yaml/node.h"
#include "data/yaml/scanner.h"

namespace fleet::yaml {

class Composer {
 public:
  Composer(std::string_view text, Dialect dialect);

  // The next document, or a None node at the end of the stream.
  Result<Node> next_document();

 private:
  struct Properties {
    std::string anchor;
    std::string tag;
    Mark start;
  };
  struct TagDirective {
    std::string handle;
    std::string prefix;
  };

  Token* peek();
  void skip() { scanner_.skip(); }
  bool peek_is(TokenType type);
  bool fail(std::string text, const Mark& mark);
  bool fail(std::string text, const Mark& mark, const Mark& context);
  Error error() const;

  bool parse_directives();
  bool add_directive(TagDirective directive, bool allow_duplicates, const Mark& mark);
  bool parse_document(Node& document);
  bool parse_node(Node& out, bool block, bool indentless);
  bool parse_properties(Properties& properties, bool& any);
  bool resolve_tag(const Token& token, std::string& tag);
  bool parse_scalar(Node& out, const Properties& properties);
  bool parse_alias(Node& out);
  bool parse_block_sequence(Node& out);
  bool parse_indentless_sequence(Node& out);
  bool parse_entry(Node& out);
  bool parse_block_mapping(Node& out);
  bool parse_flow_sequence(Node& out);
  bool parse_pair_in_sequence(Node& out);
  bool parse_flow_mapping(Node& out);
  bool parse_flow_pair(Node& mapping);
  void attach_key_feet(Node& mapping, bool block);
  void finish_collection(Node& out);

  Node empty_scalar(const Mark& mark) const;
  Node start_collection(Kind kind, const Properties& properties, bool flow);
  void split_stem(size_t prior_head);
  void split_document_head(Node& document);
  void take_comments(Node& node);
  void unfold_comments(const Token& token);

  Scanner scanner_;
  Dialect dialect_;
  bool first_ = true;
  bool ended_ = false;
  int depth_ = 0;
  std::vector<TagDirective> directives_;
  std::set<std::string, std::less<>> anchors_;
  Problem problem_;
  std::string head_;
  std::string line_;
  std::string foot_;
  std::string stem_;
  bool has_stem_ = false;
};

}  // namespace fleet::yaml
