#include "kube/meta/key.h"

#include "base/strings.h"

namespace fleet::kube {

std::string Key::str() const {
  return ns.empty() ? name : ns + "/" + name;
}

Result<Key> Key::parse(std::string_view text) {
  auto parts = split(text, '/');
  if (parts.size() == 1) return Key{"", std::string(parts[0])};
  if (parts.size() == 2) return Key{std::string(parts[0]), std::string(parts[1])};
  return Error(Code::Invalid, cat("unexpected key format: ", quote(text)));
}

}  // namespace fleet::kube
