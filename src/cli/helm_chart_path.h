// Charts named on the command line: a folder or an archive on this machine.
//
// As Helm 4.2.3's LocateChart and loader.Load, with their error texts.
#pragma once

#include <string>

#include "base/result.h"
#include "helm/chart/chart.h"

namespace fleet::cli {

Result<helm::Chart> load_chart_path(const std::string& name);

}  // namespace fleet::cli
