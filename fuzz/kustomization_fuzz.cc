// A kustomization.yaml beside fixed files: any text builds or is refused, nothing crashes.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/file_tree.h"
#include "kustomize/build.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  fleet::FileTree tree;
  (void)tree.add("kustomization.yaml", std::string(reinterpret_cast<const char*>(bytes), size));
  (void)tree.add(
      "deployment.yaml",
      "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n"
      "    spec:\n      containers:\n      - name: c\n        image: nginx:1\n");
  (void)tree.add("config.env", "A=1\nB=2\n");
  (void)tree.add(
      "patch.yaml",
      "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 2\n");
  auto built = fleet::kustomize::build(tree, ".", {});
  if (built.ok()) built->yaml();
  return 0;
}
