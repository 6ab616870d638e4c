// The versions of a kind, for objects whose managers write in different ones.
//
// Each manager's fields are recorded in the version it wrote in. What a write changes must be seen
// in that version before it can be held against them, so ownership needs to know the type of every
// version and the way between two. Built-in kinds and CRDs without a conversion webhook have one
// form: `OneForm`. Threads: a const Versions may be used from any number of threads.
#pragma once

#include <string>
#include <utility>

#include "base/result.h"
#include "data/value/value.h"
#include "kube/merge/schema.h"

namespace fleet::kube {

class Versions {
 public:
  virtual ~Versions() = default;
  // Errors: NotFound when the kind has no such version (any more): what was written in it is no
  // longer tracked. Any other error ends the write.
  virtual Result<Type> type(const std::string& version) const = 0;
  // `object`, which has the form of `from`, in the form of `to`. Errors: as `type`.
  virtual Result<data::Value> convert(const data::Value& object,
                                      const std::string& from,
                                      const std::string& to) const = 0;
};

// All versions have one type and one form, whatever they are called.
class OneForm final : public Versions {
 public:
  explicit OneForm(Type type)
      : type_(std::move(type)) {}

  Result<Type> type(const std::string&) const override { return type_; }
  Result<data::Value> convert(const data::Value& object,
                              const std::string&,
                              const std::string&) const override {
    return object;
  }

 private:
  Type type_;
};

}  // namespace fleet::kube
