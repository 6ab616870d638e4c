// A chore: one kind of work that the server does by itself.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "kube/apiserver/core.h"
#include "kube/store/store.h"

namespace fleet::kube::apiserver {

// The parts of a store key: "apps/deployments/ns/name".
struct KeyParts {
  std::string_view group;  // "core" for the core group
  std::string_view plural;
  std::string_view ns;  // empty for a cluster-scoped kind
  std::string_view name;

  bool is(std::string_view wanted_group, std::string_view wanted_plural) const {
    return group == wanted_group && plural == wanted_plural;
  }
};
KeyParts parse_key(std::string_view key);

class Chore {
 public:
  // Puts a subject in line, now or later.
  using Enqueue = std::function<void(std::string subject, Duration delay)>;

  virtual ~Chore() = default;
  virtual std::string_view name() const = 0;
  // An object appeared (`before` null), changed, or went (`after` null). Called by the one thread
  // that follows the store; it must not write.
  virtual void see(const KeyParts& key, const store::Event& event, const Enqueue& enqueue) = 0;
  // Does what is due for a subject. An error is tried again later; a Duration: look again then.
  virtual Result<std::optional<Duration>> work(const Context& ctx, const std::string& subject) = 0;
};

}  // namespace fleet::kube::apiserver
