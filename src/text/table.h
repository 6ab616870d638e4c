// Tables for people: columns padded to their widest cell, as kubectl prints them.
//
// Cells are UTF-8; width is counted in characters. The last column is not padded.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fleet::text {

class Table {
 public:
  explicit Table(std::vector<std::string> headers)
      : headers_(std::move(headers)) {}

  void add_row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  size_t rows() const { return rows_.size(); }

  enum class Headers { Show, Hide };
  // Cuts the widest columns with "…" so that lines fit `width`; 0 means any width.
  std::string print(Headers headers = Headers::Show, size_t width = 0) const;

 private:
  std::vector<std::string> headers_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace fleet::text
