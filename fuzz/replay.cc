// Runs one fuzz target over the files of the named folders, once: what a fuzzer found stays found,
// in a build by any compiler. Linked with a target, it is the program `<name>_replay`.
//
// Prints how many files it ran; fails when a folder has none, because a corpus that went missing
// must not pass. The file in hand is named when the target aborts.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size);

namespace {

std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, error)) {
    if (entry.is_regular_file(error)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s FOLDER...\n", argv[0]);
    return 2;
  }
  size_t count = 0;
  for (int i = 1; i < argc; ++i) {
    const auto files = files_below(argv[i]);
    if (files.empty()) {
      std::fprintf(stderr, "%s has no file to replay\n", argv[i]);
      return 1;
    }
    for (const auto& file : files) {
      const std::string bytes = bytes_of(file);
      // Before the run: the last line of a log that ends in an abort names its input.
      std::fprintf(stderr, "%s (%zu bytes)\n", file.c_str(), bytes.size());
      // A copy of exactly that size, so that reading past the end is seen.
      const std::vector<uint8_t> exact(bytes.begin(), bytes.end());
      LLVMFuzzerTestOneInput(exact.data(), exact.size());
      ++count;
    }
  }
  std::printf("%zu files replayed\n", count);
  return 0;
}
