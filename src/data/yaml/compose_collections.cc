// Sequences and mappings: block, indentless and flow.
#include <utility>

#include "data/yaml/composer.h"

namespace fleet::yaml {

// One entry of a block sequence, the token being its "-".
bool Composer::parse_entry(Node& out) {
  Mark mark = peek()->end;
  size_t prior_head = head_.size();
  skip();
  split_stem(prior_head);
  Token* token = peek();
  if (token == nullptr) return false;
  if (token->type == TokenType::BlockEntry || token->type == TokenType::BlockEnd) {
    out.push_back(empty_scalar(mark));
    return true;
  }
  Node item;
  if (!parse_node(item, true, false)) return false;
  out.push_back(std::move(item));
  return true;
}

bool Composer::parse_block_sequence(Node& out) {
  Token* token = peek();
  if (token == nullptr) return false;
  const Mark context = token->start;
  skip();
  while (true) {
    token = peek();
    if (token == nullptr) return false;
    if (token->type == TokenType::BlockEnd) break;
    if (token->type != TokenType::BlockEntry) {
      return fail("did not find expected '-' indicator", token->start, context);
    }
    if (!parse_entry(out)) return false;
  }
  skip();
  return true;
}

bool Composer::parse_indentless_sequence(Node& out) {
  while (true) {
    Token* token = peek();
    if (token == nullptr) return false;
    if (token->type != TokenType::BlockEntry) return true;
    Mark mark = token->end;
    size_t prior_head = head_.size();
    skip();
    split_stem(prior_head);
    token = peek();
    if (token == nullptr) return false;
    if (token->type == TokenType::BlockEntry || token->type == TokenType::Key ||
        token->type == TokenType::Value || token->type == TokenType::BlockEnd) {
      out.push_back(empty_scalar(mark));
      continue;
    }
    Node item;
    if (!parse_node(item, true, false)) return false;
    out.push_back(std::move(item));
  }
}

// A foot comment found with a key was said of the pair before it.
void Composer::attach_key_feet(Node& mapping, bool block) {
  if (dialect_ == Dialect::V2) return;
  const size_t last = mapping.pairs() - 1;
  Node& key = mapping.key(last);
  if (block && !key.foot_comment().empty() && last > 0) {
    mapping.key(last - 1).set_foot_comment(std::string(key.foot_comment()));
    key.set_foot_comment("");
  }
  Node& value = mapping.value(last);
  if (key.foot_comment().empty() && !value.foot_comment().empty()) {
    key.set_foot_comment(std::string(value.foot_comment()));
    value.set_foot_comment("");
  }
}

// Line and foot comments come from the end of a collection.
void Composer::finish_collection(Node& out) {
  if (dialect_ == Dialect::V2) return;
  out.set_line_comment(line_);
  out.set_foot_comment(foot_);
  head_.clear();
  line_.clear();
  foot_.clear();
  stem_.clear();
  has_stem_ = false;
  if (out.is_mapping() && (out.style() & kFlow) == 0 && !out.foot_comment().empty() &&
      out.pairs() > 0) {
    out.key(out.pairs() - 1).set_foot_comment(std::string(out.foot_comment()));
    out.set_foot_comment("");
  }
}

bool Composer::parse_block_mapping(Node& out) {
  Token* token = peek();
  if (token == nullptr) return false;
  const Mark context = token->start;
  skip();
  while (true) {
    token = peek();
    if (token == nullptr) return false;
    if (token->type == TokenType::BlockEnd) break;
    Node key;
    if (token->type == TokenType::Key) {
      Mark mark = token->end;
      skip();
      token = peek();
      if (token == nullptr) return false;
      if (token->type == TokenType::Key || token->type == TokenType::Value ||
          token->type == TokenType::BlockEnd) {
        key = empty_scalar(mark);
      } else if (!parse_node(key, true, true)) {
        return false;
      }
    } else {
      return fail("did not find expected key", token->start, context);
    }
    out.push_back(std::move(key));
    token = peek();
    if (token == nullptr) return false;
    Node value;
    if (token->type == TokenType::Value) {
      Mark mark = token->end;
      skip();
      token = peek();
      if (token == nullptr) return false;
      if (token->type == TokenType::Key || token->type == TokenType::Value ||
          token->type == TokenType::BlockEnd) {
        value = empty_scalar(mark);
      } else if (!parse_node(value, true, true)) {
        return false;
      }
    } else {
      value = empty_scalar(token->start);
    }
    out.push_back(std::move(value));
    attach_key_feet(out, true);
  }
  finish_collection(out);
  skip();
  return true;
}

bool Composer::parse_flow_sequence(Node& out) {
  Token* token = peek();
  if (token == nullptr) return false;
  const Mark context = token->start;
  skip();
  bool first = true;
  while (true) {
    token = peek();
    if (token == nullptr) return false;
    if (token->type == TokenType::FlowSequenceEnd) break;
    if (!first) {
      if (token->type != TokenType::FlowEntry) {
        return fail("did not find expected ',' or ']'", token->start, context);
      }
      skip();
      token = peek();
      if (token == nullptr) return false;
    }
    first = false;
    if (token->type == TokenType::Key) {
      if (!parse_pair_in_sequence(out)) return false;
    } else if (token->type == TokenType::FlowSequenceEnd) {
      break;
    } else {
      Node item;
      if (!parse_node(item, false, false)) return false;
      out.push_back(std::move(item));
    }
  }
  finish_collection(out);
  skip();
  return true;
}

// "[a: b]": an entry that is a mapping of one pair.
bool Composer::parse_pair_in_sequence(Node& out) {
  Token* token = peek();
  Properties properties;
  properties.start = token->start;
  Node mapping = start_collection(Kind::Mapping, properties, true);
  skip();
  token = peek();
  if (token == nullptr) return false;
  Node key;
  if (token->type == TokenType::Value || token->type == TokenType::FlowEntry ||
      token->type == TokenType::FlowSequenceEnd) {
    key = empty_scalar(token->end);
    skip();  // as the original: the token is lost
  } else if (!parse_node(key, false, false)) {
    return false;
  }
  mapping.push_back(std::move(key));
  token = peek();
  if (token == nullptr) return false;
  Node value;
  if (token->type == TokenType::Value) {
    skip();
    token = peek();
    if (token == nullptr) return false;
    if (token->type == TokenType::FlowEntry || token->type == TokenType::FlowSequenceEnd) {
      value = empty_scalar(token->start);
    } else if (!parse_node(value, false, false)) {
      return false;
    }
  } else {
    value = empty_scalar(token->start);
  }
  mapping.push_back(std::move(value));
  attach_key_feet(mapping, false);
  out.push_back(std::move(mapping));
  return peek() != nullptr;
}

bool Composer::parse_flow_mapping(Node& out) {
  Token* token = peek();
  if (token == nullptr) return false;
  const Mark context = token->start;
  skip();
  bool first = true;
  while (true) {
    token = peek();
    if (token == nullptr) return false;
    if (token->type == TokenType::FlowMappingEnd) break;
    if (!first) {
      if (token->type != TokenType::FlowEntry) {
        return fail("did not find expected ',' or '}'", token->start, context);
      }
      skip();
      token = peek();
      if (token == nullptr) return false;
    }
    first = false;
    if (token->type == TokenType::FlowMappingEnd) break;
    if (!parse_flow_pair(out)) return false;
    attach_key_feet(out, false);
  }
  finish_collection(out);
  skip();
  return true;
}

bool Composer::parse_flow_pair(Node& mapping) {
  Token* token = peek();
  Node key;
  const bool marked = token->type == TokenType::Key;
  if (marked) {
    skip();
    token = peek();
    if (token == nullptr) return false;
  }
  if (marked && (token->type == TokenType::Value || token->type == TokenType::FlowEntry ||
                 token->type == TokenType::FlowMappingEnd)) {
    key = empty_scalar(token->start);
  } else if (!parse_node(key, false, false)) {
    return false;
  }
  mapping.push_back(std::move(key));
  token = peek();
  if (token == nullptr) return false;
  Node value;
  if (!marked) {
    value = empty_scalar(token->start);
  } else if (token->type == TokenType::Value) {
    skip();
    token = peek();
    if (token == nullptr) return false;
    if (token->type == TokenType::FlowEntry || token->type == TokenType::FlowMappingEnd) {
      value = empty_scalar(token->start);
    } else if (!parse_node(value, false, false)) {
      return false;
    }
  } else {
    value = empty_scalar(token->start);
  }
  mapping.push_back(std::move(value));
  return true;
}

}  // namespace fleet::yaml
