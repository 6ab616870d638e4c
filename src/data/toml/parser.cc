#include "data/toml/parser.h"

#include <cstdio>

namespace fleet::toml {

std::string quoted_rune(char32_t rune) {
  if (rune == kEnd) return "'\\x00'";  // the end of the text is rune 0 in Go's lexer
  std::string text;
  append_rune(text, rune);
  std::string in_quotes = quote(text);
  std::string out = in_quotes.substr(1, in_quotes.size() - 2);
  if (rune == '\'') out = "\\'";
  if (rune == '"') out = "\"";
  return cat("'", out, "'");
}

std::string Scanner::bad_byte(char byte) {
  char text[40];
  std::snprintf(text, sizeof text, "invalid UTF-8 byte: 0x%02x", static_cast<unsigned char>(byte));
  return text;
}

std::string Scanner::bad_control(char32_t rune) {
  char text[80];
  std::snprintf(text,
                sizeof text,
                "TOML files cannot contain control characters: '0x%02x'",
                static_cast<unsigned>(rune));
  return text;
}

bool is_bare_key(char32_t r) {
  return (r >= 'A' && r <= 'Z') || (r >= 'a' && r <= 'z') || (r >= '0' && r <= '9') || r == '_' ||
         r == '-';
}

namespace {

std::string escaped_key(std::string_view part) {
  bool bare = !part.empty();
  for (char c : part)
    bare = bare && is_bare_key(static_cast<unsigned char>(c));
  return bare ? std::string(part) : cat("\"", replace_all(part, "\"", "\\\""), "\"");
}

bool is_blank(char32_t r) {
  return r == ' ' || r == '\t';
}
bool is_newline(char32_t r) {
  return r == '\n' || r == '\r';
}

ItemPtr new_table() {
  auto item = std::make_unique<Item>();
  item->kind = Item::Kind::Table;
  return item;
}

}  // namespace

std::string key_path(const Key& key) {
  std::string out;
  for (const std::string& part : key) {
    if (!out.empty()) out += '.';
    out += escaped_key(part);
  }
  return out;
}

Item* Item::member(std::string_view name) {
  for (auto& [key, item] : members) {
    if (key == name) return item.get();
  }
  return nullptr;
}

Item& Item::add(std::string_view name, ItemPtr item) {
  members.emplace_back(std::string(name), std::move(item));
  return *members.back().second;
}

std::string Parser::last_key() const {
  std::string context = key_path(context_);
  if (current_.empty()) return context;
  return context.empty() ? current_ : cat(context, ".", current_);
}

Error Parser::fail(std::string_view message) const {
  if (!in_.problem().empty()) message = in_.problem();
  std::string last = last_key();
  return Error(Code::Invalid,
               last.empty()
                   ? cat("toml: line ", in_.line(), ": ", message)
                   : cat("toml: line ", in_.line(), " (last key ", quote(last), "): ", message));
}

Error Parser::fail_before(std::string_view message) const {
  std::string last = last_key();
  return Error(
      Code::Invalid,
      last.empty()
          ? cat("toml: line ", in_.line_before(), ": ", message)
          : cat("toml: line ", in_.line_before(), " (last key ", quote(last), "): ", message));
}

Result<> Parser::run() {
  for (;;) {
    char32_t r = in_.next();
    if (!in_.problem().empty()) return fail("");
    if (r == kEnd) return {};
    if (is_blank(r) || is_newline(r)) continue;
    if (r == '#') {
      TRY(comment());
      continue;
    }
    if (r == '[') {
      TRY(table_header());
    } else {
      in_.back();
      TRY(key_value(root_));
    }
    TRY(end_of_line());
  }
}

Result<> Parser::comment() {
  for (char32_t r = in_.next(); r != kEnd && !is_newline(r); r = in_.next()) {
    if (!in_.problem().empty()) return fail("");
  }
  in_.back();
  return {};
}

Result<> Parser::end_of_line() {
  for (;;) {
    char32_t r = in_.next();
    if (!in_.problem().empty()) return fail("");
    if (r == kEnd || is_newline(r)) return {};
    if (r == '#') return comment();
    if (is_blank(r)) continue;
    return fail(cat("expected a top-level item to end with a newline, comment, or EOF, but got ",
                    quoted_rune(r),
                    " instead"));
  }
}

// One name of a header; the caller has skipped nothing.
Result<std::string> Parser::header_name() {
  in_.skip_blanks();
  char32_t r = in_.peek();
  if (r == ']' || r == kEnd) {
    return fail("unexpected end of table name (table names cannot be empty)");
  }
  if (r == '.') return fail("unexpected table separator (table names cannot be empty)");
  return key_part();
}

Result<> Parser::table_header() {
  bool array = in_.peek() == '[';
  if (array) in_.next();
  Key name;
  for (;;) {
    name.push_back(TRY(header_name()));
    in_.skip_blanks();
    char32_t r = in_.next();
    if (r == '.') continue;
    if (r == ']') break;
    return fail(cat("expected '.' or ']' to end table name, but got ", quoted_rune(r), " instead"));
  }
  if (array) {
    char32_t r = in_.next();
    if (r != ']') {
      return fail(cat(
          "expected end of table array name delimiter ']', but got ", quoted_rune(r), " instead"));
    }
  }
  return open_table(name, array);
}

// Walks down a path of tables, making those that are missing.
Result<Item*> Parser::walk(Item& root, const Key& path, std::string_view problem) {
  Item* at = &root;
  Key seen;
  for (const std::string& part : path) {
    seen.push_back(part);
    Item* next = at->member(part);
    if (!next) {
      if (&root == &root_) implicit_.insert(key_path(seen));
      next = &at->add(part, new_table());
    }
    if (next->kind == Item::Kind::Tables) next = next->items.back().get();
    if (next->kind != Item::Kind::Table) return fail(cat("Key '", key_path(seen), "' ", problem));
    at = next;
  }
  return at;
}

Result<> Parser::open_table(const Key& key, bool array) {
  Key parent(key.begin(), key.end() - 1);
  Item* at = TRY(walk(root_, parent, "was already created as a hash."));
  context_ = parent;
  Item* old = at->member(key.back());
  if (array) {
    if (!old) {
      auto tables = std::make_unique<Item>();
      tables->kind = Item::Kind::Tables;
      old = &at->add(key.back(), std::move(tables));
    } else if (old->kind != Item::Kind::Tables) {
      return fail(
          cat("Key '", key_path(key), "' was already created and cannot be used as an array."));
    }
    old->items.push_back(new_table());
  } else if (!old) {
    at->add(key.back(), new_table());
  } else if (implicit_.erase(key_path(key)) == 0) {
    return fail(cat("Key '", key_path(key), "' has already been defined."));
  }
  context_ = key;
  return {};
}

Result<std::string> Parser::key_part() {
  char32_t r = in_.peek();
  if (r == '"') {
    in_.next();
    return string();
  }
  if (r == '\'') {
    in_.next();
    return raw_string();
  }
  size_t start = in_.position();
  while (is_bare_key(in_.peek()))
    in_.next();
  return std::string(in_.since(start));
}

// The names before "=".
Result<Key> Parser::key() {
  in_.skip_blanks();
  char32_t r = in_.peek();
  if (r == '=' || r == kEnd) {
    in_.next();
    return fail("unexpected '=': key name appears blank");
  }
  if (r == '.') return fail("unexpected '.': keys cannot start with a '.'");
  Key out;
  for (;;) {
    in_.skip_blanks();
    r = in_.peek();
    if (r == '=' || r == kEnd) return fail("unexpected '='");
    if (r == '.') return fail("unexpected '.'");
    out.push_back(TRY(key_part()));
    in_.skip_blanks();
    r = in_.next();
    if (!in_.problem().empty()) return fail("");
    if (r == '=') return out;
    if (r == '.') continue;
    if (r == kEnd) return fail("unexpected EOF; expected key separator '='");
    std::string message = cat("expected '.' or '=', but got ", quoted_rune(r), " instead");
    return r == '\n' ? fail_before(message) : fail(message);
  }
}

// name = value, into the table in scope below `root`.
Result<> Parser::key_value(Item& root) {
  Key outer = context_;
  Key name = TRY(key());
  current_ = name.back();
  name.pop_back();
  TRY(implicit_tables(root, name));
  ItemPtr item = TRY(value(0));
  if (!in_.problem().empty()) return fail("");
  std::string last = current_;
  TRY(set(root, last, std::move(item)));
  context_ = outer;
  current_.clear();
  return {};
}

// "a.b.c = 1" opens the tables a and a.b. Coming back to one makes it explicit.
Result<> Parser::implicit_tables(Item& root, const Key& path) {
  for (const std::string& part : path) {
    Item* at = TRY(walk(root, context_, "was already created as a hash."));
    context_.push_back(part);
    if (at->member(part)) {
      implicit_.erase(key_path(context_));
    } else {
      implicit_.insert(key_path(context_));
      at->add(part, new_table());
    }
  }
  return {};
}

// As the library does it, a value for an implicit table is dropped, unless it is an array.
Result<> Parser::set(Item& root, std::string_view name, ItemPtr item) {
  Item* at = TRY(walk(root, context_, "has already been defined."));
  Key whole = context_;
  whole.emplace_back(name);
  if (Item* old = at->member(name)) {
    if (implicit_.erase(key_path(whole)) == 0) {
      return fail(cat("Key '", key_path(whole), "' has already been defined."));
    }
    if (item->kind == Item::Kind::Array) *old = std::move(*item);
    return {};
  }
  at->add(name, std::move(item));
  return {};
}

}  // namespace fleet::toml
