// Tables fleetignore, urls and images: files of a folder, addresses, tags.
#include <algorithm>
#include <string>

#include "fleet/bundle/resources.h"
#include "fleet/bundle/source.h"
#include "fleet/imagescan/choose.h"
#include "fleet/imagescan/image_name.h"
#include "fleet/parts.h"
#include "text/git_url.h"
#include "text/url.h"

namespace fleet::conformance {
namespace {

using data::Value;
using text::Url;
using text::UrlPart;

// A folder without anything around it.
class Nowhere : public bundle::Surroundings {
 public:
  Result<std::string> read_file(const std::string& path) override { return missing(path); }
  bool exists(const std::string&) override { return false; }
  std::string absolute(const std::string& path) override { return path; }
  Result<FileTree> read_folder(const std::string& path) override { return missing(path); }
  Result<std::string> chart_url(const api::HelmOptions&, const bundle::Auth&) override {
    return missing("index");
  }
  Result<FileTree> fetch(const std::string&,
                         const std::string& source,
                         const std::string&,
                         const bundle::Auth&) override {
    return missing(source);
  }
  Result<FileTree> update_dependencies(const std::string& path, const FileTree&) override {
    return missing(path);
  }

 private:
  static Error missing(const std::string& what) { return {Code::NotFound, "no " + what}; }
};

Result<Value> ignore_row(const std::string&, const Value& in) {
  FileTree tree;
  for (const Value& file : in["files"].items()) {
    TRY(tree.add(recorded_bytes(file), "x"));
  }
  for (const data::Member& member : in["fleetignore"].members()) {
    std::string path = join_path(member.key.view(), ".fleetignore");
    TRY(tree.add(path, recorded_bytes(member.value)));
  }
  Nowhere around;
  // The recorded error is that of the whole reading.
  FileTree taken = TRY(bundle::read_folder_content(tree, "/content", {}, around)
                           .within("failed to read ROOT relative to ROOT"));
  Value out = Value::array();
  for (const auto& [name, file] : taken.files()) {
    out.push_back(record_bytes(name));
  }
  return taken.files().empty() ? Value() : out;
}

Value url_value(const Url& url) {
  return Value::object({{"absolute", url.is_absolute()},
                        {"escapedPath", record_bytes(url.escaped_path())},
                        {"fragment", record_bytes(url.fragment)},
                        {"host", record_bytes(url.host)},
                        {"hostname", record_bytes(url.hostname())},
                        {"opaque", record_bytes(url.opaque)},
                        {"path", record_bytes(url.path)},
                        {"port", url.port()},
                        {"query", record_bytes(url.raw_query)},
                        {"rawPath", record_bytes(url.raw_path)},
                        {"redacted", record_bytes(url.redacted())},
                        {"scheme", url.scheme},
                        {"string", record_bytes(url.str())},
                        {"user", url.user ? record_bytes(url.user->str()) : Value()}});
}

Result<Value> source_value(const Value& in) {
  auto source = TRY(bundle::parse_source(recorded_bytes(in["source"]), recorded_bytes(in["base"])));
  return Value::object({{"scheme", to_string(source.scheme)},
                        {"subDir", record_bytes(source.sub_dir)},
                        {"url", record_bytes(source.url)}});
}

Result<Value> relative_row(const std::string& group, const Value& in) {
  std::string base_text = recorded_bytes(in["base"]);
  std::string relative = recorded_bytes(in["relative"]);
  if (group == "chart-url") {
    return record_bytes(TRY(bundle::absolute_chart_url(base_text, relative)));
  }
  Url base = TRY(Url::parse(base_text));
  Url out = group == "join" ? TRY(base.join(relative)) : TRY(base.resolve(relative));
  return record_bytes(out.str());
}

Result<Value> url_row(const std::string& group, const Value& in) {
  if (group == "join" || group == "resolve" || group == "chart-url") return relative_row(group, in);
  if (group == "source") return source_value(in);
  std::string text = recorded_bytes(in["url"]);
  if (group == "parse") return url_value(TRY(Url::parse(text)));
  if (group == "git-url") return url_value(TRY(text::parse_git_url(text)));
  if (group == "is-ssh") return Value(text::is_ssh_url(text));
  if (group == "redact") return record_bytes(bundle::redact_url(text));
  if (group == "commits-url") {
    return record_bytes(text::commits_url(text, recorded_bytes(in["branch"])));
  }
  if (group == "query-escape") return record_bytes(text::url_escape(text, UrlPart::Query));
  if (group == "path-escape") return record_bytes(text::url_escape(text, UrlPart::PathSegment));
  if (group == "query-unescape") {
    return record_bytes(TRY(text::url_unescape(text, UrlPart::Query)));
  }
  if (group == "path-unescape") {
    return record_bytes(TRY(text::url_unescape(text, UrlPart::PathSegment)));
  }
  return record_bytes(text::encode_url_query(TRY(text::parse_url_query(text))));
}

Result<Value> image_row(const std::string& group, const Value& in) {
  if (group == "reference") {
    std::string text = in["image"].to_string();
    auto name = TRY(imagescan::ImageName::parse(text));
    return Value::object({{"context", name.context()},
                          {"identifier", name.identifier},
                          {"name", name.full()},
                          {"registry", name.registry},
                          {"repository", name.repository},
                          {"string", text}});
  }
  auto policy = TRY(data::decode<api::ImagePolicyChoice>(in["policy"]));
  auto tags = TRY(data::decode<std::vector<std::string>>(in["tags"]));
  return Value(TRY(imagescan::choose_tag(policy, tags)));
}

}  // namespace

void add_bundle_tables(Families& families) {
  add_table(families, "fleetignore", ignore_row);
  add_table(families, "urls", url_row);
  add_table(families, "images", image_row);
}

}  // namespace fleet::conformance
