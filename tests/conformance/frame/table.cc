#include <algorithm>
#include <memory>

#include "base/strings.h"
#include "data/json/parse.h"
#include "data/json/print.h"
#include "frame/families.h"

namespace fleet::conformance {
namespace {

using data::Value;

// Nulls, empty texts and numbers compare as Value does; this only words the difference.
Difference compare_out(const Value& want, const Value& got) {
  if (want == got) return "";
  if (want.is_string() && got.is_string())
    return text_difference(want.to_string(), got.to_string());
  return cat("want ",
             json::print(want, json::Keys::Sorted, json::Html::Plain),
             "\n got ",
             json::print(got, json::Keys::Sorted, json::Html::Plain),
             "\n");
}

Difference compare_error(const Value& want, const std::string& got) {
  if (want.is_string() || want.contains("$b64")) return text_difference(recorded_bytes(want), got);
  auto lines = split(got, '\n');
  std::sort(lines.begin(), lines.end());
  Value sorted = Value::array();
  for (std::string_view line : lines) {
    if (!line.empty()) sorted.push_back(line);
  }
  return compare_out(want["errorLines"], sorted);
}

Difference run_row(const TableRow& run, const std::string& group, const Value& row) {
  auto got = run(group, row["in"]);
  const Value* error = row.find("error");
  if (!error && row["out"].contains("errorLines")) error = row.find("out");
  if (!error) {
    if (!got.ok()) return cat("unexpected error: ", got.error().message(), "\n");
    return compare_out(row["out"], *got);
  }
  if (got.ok()) {
    return cat("want the error ",
               json::print(*error, json::Keys::Sorted, json::Html::Plain),
               "\n got ",
               json::print(*got, json::Keys::Sorted, json::Html::Plain),
               "\n");
  }
  return compare_error(*error, got.error().message());
}

}  // namespace

void add_table_with_data(Families& families, const std::string& table, TableOpen open) {
  auto load = [table,
               open = std::move(open)](const std::string& corpus) -> Result<std::vector<Case>> {
    std::string path = cat(corpus, "/tables/", table, ".json");
    std::string text = TRY(read_file(path));
    auto rows = std::make_shared<const Value>(
        TRY(json::parse(text, {json::Numbers::AsWritten}).within(path)));
    auto run = std::make_shared<const TableRow>(TRY(open(corpus)));
    std::vector<Case> cases;
    for (const Value& row : rows->items()) {
      std::string name = row["name"].to_string();
      std::string group(name.substr(0, name.find('/')));
      cases.push_back({cat("tables/", table, "/", name),
                       [rows, run, group, row = &row] { return run_row(*run, group, *row); }});
    }
    return cases;
  };
  families.add({"tables/" + table, std::move(load)});
}

void add_table(Families& families, const std::string& table, TableRow run) {
  add_table_with_data(
      families, table, [run = std::move(run)](const std::string&) -> Result<TableRow> {
        return run;
      });
}

}  // namespace fleet::conformance
