#include "data/toml/parser.h"

namespace fleet::toml {
namespace {

Value to_value(const Item& item, std::vector<Time::Step>& path, std::vector<Time>& times);

Value to_array(const Item& item, std::vector<Time::Step>& path, std::vector<Time>& times) {
  Value out = Value::array();
  for (size_t i = 0; i < item.items.size(); ++i) {
    path.push_back({{}, i, true});
    out.push_back(to_value(*item.items[i], path, times));
    path.pop_back();
  }
  return out;
}

Value to_value(const Item& item, std::vector<Time::Step>& path, std::vector<Time>& times) {
  switch (item.kind) {
    case Item::Kind::Time:
      times.push_back(item.time);
      times.back().path = path;
      return item.leaf;
    case Item::Kind::Leaf:
      return item.leaf;
    case Item::Kind::Array:
    case Item::Kind::Tables:
      return to_array(item, path, times);
    case Item::Kind::Table:
      break;
  }
  Value out = Value::object();
  for (const auto& [name, member] : item.members) {
    path.push_back({name, 0, false});
    out.set(name, to_value(*member, path, times));
    path.pop_back();
  }
  return out;
}

}  // namespace

Result<Document> parse(std::string_view text) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) text.remove_prefix(2);
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (text.substr(0, 6).find('\0') != std::string_view::npos) {
    return Error(Code::Invalid,
                 "toml: line 1: files cannot contain NULL bytes; probably using UTF-16; TOML files "
                 "must be UTF-8");
  }
  Parser parser(text);
  TRY(parser.run());
  Document out;
  std::vector<Time::Step> path;
  out.value = to_value(parser.root(), path, out.times);
  return out;
}

}  // namespace fleet::toml
