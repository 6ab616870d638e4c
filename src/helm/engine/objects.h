// What templates see beside their values: Chart, Files, Capabilities, Release, as Go objects.
//
// Everything lives in the render's heap; texts are views into the chart and the capabilities, which
// must outlive the render.
#pragma once

#include "gotemplate/value.h"
#include "helm/chart/chart.h"
#include "helm/engine/capabilities.h"
#include "helm/engine/engine.h"

namespace fleet::helm {

enum class Root { Yes, No };

// A map with Helm's field names (Name, AppVersion, …), and IsRoot.
gotemplate::Value chart_object(gotemplate::Heap& heap, const Metadata& metadata, Root root);
// A map from names to bytes, with Get, GetBytes, Glob, AsConfig, AsSecrets and Lines.
gotemplate::Value files_object(gotemplate::Heap& heap, const ChartFiles& files);
// A pointer to a struct: KubeVersion, APIVersions (with Has), HelmVersion.
gotemplate::Value capabilities_object(gotemplate::Heap& heap, const Capabilities& capabilities);
gotemplate::Value release_object(gotemplate::Heap& heap, const ReleaseOptions& release);

}  // namespace fleet::helm
