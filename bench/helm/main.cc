// bench helm: our rendering beside the real helm. See product.md §1 for the lines it prints.
//
//   bench.helm [--corpus DIR]     helm is named by HELM= or found on PATH; without it peer=none
//   bench.helm --one CHART        renders one chart and prints it: what is measured as "ours"
//   bench.helm --write-umbrella N DIR   writes the umbrella chart of N subcharts into a folder
#include <cstdio>
#include <cstdlib>

#include <unistd.h>

#include "base/strings.h"
#include "measure.h"
#include "umbrella.h"

int main(int argc, char** argv) {
  using namespace fleet::bench;
  if (argc == 4 && std::string_view(argv[1]) == "--write-umbrella") {
    return write_umbrella(argv[3], std::atoi(argv[2])).ok() ? 0 : 1;
  }
  std::string corpus = "../shared/corpus";
  for (int i = 1; i + 1 < argc; i += 2) {
    std::string_view flag = argv[i];
    if (flag == "--one") return render_one(argv[i + 1]);
    if (flag == "--corpus") corpus = argv[i + 1];
  }
  char self[4096];
  ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
  if (size <= 0) return 1;
  self[size] = '\0';
  Bench bench{corpus, self, find_helm()};
  std::printf("bench helm on %ld cores; peer: %s\n",
              sysconf(_SC_NPROCESSORS_ONLN),
              bench.helm.empty() ? "none" : bench.helm.c_str());
  real_charts(bench);
  umbrellas(bench);
  many_clusters(bench);
  return 0;
}
