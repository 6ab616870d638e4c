// Emitter: syntax tree → text, byte for byte as the emitters of go-yaml v2 and v3. Private.
//
// Recursive instead of a state machine: each function prints one node and leaves the cursor behind
// it. `indention_`, `whitespace_` and `column_` say what stands left of the cursor; the choices of
// where to break and where to put a blank follow from them alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/yaml/node.h"
#include "data/yaml/token.h"

namespace fleet::yaml {

struct EmitOptions {
  Dialect dialect = Dialect::V3;
  int indent = 2;        // columns per level
  int width = -1;        // lines are folded behind this column; -1: never
  bool compact = false;  // v3: "- " counts as indentation below a key
};

class Emitter {
 public:
  Emitter(EmitOptions options, std::string& out)
      : options_(options),
        out_(out),
        v3_(options.dialect == Dialect::V3),
        width_(options.width < 0 ? INT32_MAX : options.width) {}

  // Prints a whole document, with its final newline. `node` may be a Document or its content.
  void document(const Node& node);

 private:
  struct Context {
    bool root = false;
    bool sequence = false;
    bool mapping = false;
    bool simple_key = false;
  };
  // What a scalar's text allows.
  struct Scalar {
    std::string_view text;
    bool multiline = false;
    bool flow_plain = false;
    bool block_plain = false;
    bool single_quoted = false;
    bool block = false;
  };

  // Structure (emitter.cc).
  void node(const Node& node, Context context);
  void scalar(const Node& node, Context context);
  void alias(const Node& node);
  void flow_sequence(const Node& node, bool in_sequence);
  void flow_mapping(const Node& node, bool in_sequence);
  bool flow_pair(const Node& key, const Node& value, bool separator);
  void block_sequence(const Node& node, Context context);
  void block_mapping(const Node& node, Context context);
  void block_value(const Node& value, bool simple);
  void properties(const Node& node, std::string_view tag);
  void write_tag(std::string_view tag);
  bool is_simple_key(const Node& key) const;
  bool is_flow(const Node& node) const;
  void increase_indent(bool flow, bool indentless, bool in_sequence, bool compact = false);
  void decrease_indent();

  // Comments (emitter.cc).
  void load_comments(const Node& node);
  void load_end_comments(const Node& node);
  void head_comment();
  void line_comment(bool line_break = false);
  void foot_comment();
  void write_comment(std::string_view comment);
  bool comments_follow() const { return !line_.empty() || !foot_.empty() || !tail_.empty(); }

  // Characters (emit_scalar.cc).
  static Scalar analyze(std::string_view text, bool v3);
  void put(char c);
  void put_break();
  void write(std::string_view text, size_t& i);
  void write_line_break(std::string_view text, size_t& i);
  void write_indent();
  void indicator(std::string_view text,
                 bool need_whitespace,
                 bool is_whitespace,
                 bool is_indention);
  void write_plain(std::string_view text, bool allow_breaks);
  void write_single(std::string_view text, bool allow_breaks);
  void write_double(std::string_view text, bool allow_breaks);
  void write_escape(std::string_view text, size_t& i);
  void write_literal(std::string_view text);
  void write_folded(std::string_view text);
  void block_hints(std::string_view text);

  EmitOptions options_;
  std::string& out_;
  bool v3_;
  int width_;
  int column_ = 0;
  int indent_ = -1;
  int foot_indent_ = -1;
  int flow_level_ = 0;
  bool whitespace_ = true;
  bool indention_ = true;
  bool mapping_context_ = false;
  bool simple_key_context_ = false;
  std::vector<int> indents_;
  std::string head_;
  std::string line_;
  std::string foot_;
  std::string tail_;
  std::string key_line_;
};

}  // namespace fleet::yaml
