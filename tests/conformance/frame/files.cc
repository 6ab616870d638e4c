#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/strings.h"
#include "codec/base64.h"
#include "frame/families.h"

namespace fleet::conformance {

std::string recorded_bytes(const data::Value& value) {
  const data::Value* coded = value.find("$b64");
  if (!coded) return value.to_string();
  auto bytes = codec::base64_decode(coded->to_string());
  return bytes.ok() ? std::move(bytes).value() : std::string();
}

data::Value record_bytes(std::string_view bytes) {
  if (is_utf8(bytes)) return bytes;
  return data::Value::object({{"$b64", codec::base64_encode(bytes)}});
}

Result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error(Code::NotFound, cat(path, ": cannot be read"));
  return std::string(std::istreambuf_iterator<char>(in), {});
}

Result<std::vector<std::string>> list_folders(const std::string& path) {
  std::error_code error;
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  if (error) return Error(Code::NotFound, cat(path, ": ", error.message()));
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::vector<std::string>> list_tables(const std::string& corpus) {
  std::string path = cat(corpus, "/tables");
  std::error_code error;
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
    std::string name = entry.path().filename().string();
    if (!name.ends_with(".json") || name.ends_with(".data.json")) continue;
    names.emplace_back(trim_suffix(name, ".json"));
  }
  if (error) return Error(Code::NotFound, cat(path, ": ", error.message()));
  std::sort(names.begin(), names.end());
  return names;
}

Difference text_difference(std::string_view want, std::string_view got) {
  if (want == got) return "";
  auto a = split(want, '\n');
  auto b = split(got, '\n');
  size_t same = 0;
  while (same < a.size() && same < b.size() && a[same] == b[same])
    ++same;
  constexpr size_t kAround = 4;
  std::string out =
      cat("differs at line ", same + 1, " (want ", a.size(), " lines, got ", b.size(), ")\n");
  for (size_t i = same > 2 ? same - 2 : 0; i < same; ++i)
    out += cat("   ", a[i], "\n");
  for (size_t i = same; i < std::min(a.size(), same + kAround); ++i)
    out += cat(" - ", a[i], "\n");
  for (size_t i = same; i < std::min(b.size(), same + kAround); ++i)
    out += cat(" + ", b[i], "\n");
  return out;
}

}  // namespace fleet::conformance
