// kstatus rules of the workload kinds; used by kstatus.cc alone.
#pragma once

#include <string_view>

#include "data/value/value.h"
#include "kube/health/kstatus.h"

namespace fleet::kube::detail {

KStatus current(std::string_view message);
KStatus in_progress(std::string_view reason, std::string_view message);
KStatus failed(std::string_view reason, std::string_view message);

KStatus deployment(const data::Value& object);
KStatus replica_set(const data::Value& object);
KStatus stateful_set(const data::Value& object);
KStatus daemon_set(const data::Value& object);
KStatus job(const data::Value& object);

}  // namespace fleet::kube::detail
