// Which commit a reference names now, asked in the cheapest way.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "sys/context.h"
#include "wire/git/remote.h"
#include "wire/git/url.h"

namespace fleet::git {

struct Ref {
  std::string commit;
  std::string peeled;  // what an annotated tag points to; empty for others
};
using Refs = std::map<std::string, Ref>;  // by full name

// Those of `names` (full, "refs/heads/x") that exist.
Result<Refs> list_refs(const Context& ctx,
                       const RemoteOptions& options,
                       const RemoteUrl& url,
                       const std::vector<std::string>& names);

}  // namespace fleet::git
