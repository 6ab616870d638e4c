#include "kube/apiserver/stored.h"

#include "base/check.h"
#include "base/strings.h"
#include "data/json/parse.h"
#include "data/json/print.h"

namespace fleet::kube::apiserver {

namespace {
constexpr std::string_view kHead = R"({"metadata":{)";
}

std::string encode_stored(const data::Value& object) {
  std::string out;
  out.reserve(1024);
  out += R"({"metadata":)";
  data::Value metadata = object["metadata"];
  metadata.erase("resourceVersion");
  CHECK(metadata.size() != 0);
  json::append(out, metadata, json::Keys::AsWritten);
  for (const data::Member& member : object.members()) {
    const std::string_view key = member.key.view();
    if (key == "metadata" || key == "apiVersion" || key == "kind") continue;
    out += ',';
    json::append_string(out, key);
    out += ':';
    json::append(out, member.value, json::Keys::AsWritten);
  }
  out += '}';
  out.shrink_to_fit();
  return out;
}

void append_stored(std::string& out,
                   std::string_view api_version,
                   std::string_view kind,
                   std::string_view stored,
                   store::Revision revision) {
  out += R"({"kind":")";
  out += kind;
  out += R"(","apiVersion":")";
  out += api_version;
  out += R"(","metadata":{"resourceVersion":")";
  out += std::to_string(revision);
  out += R"(",)";
  out += stored.substr(kHead.size());
}

Result<data::Value> decode_stored(std::string_view api_version,
                                  std::string_view kind,
                                  const store::Entry& entry) {
  data::Value stored = TRY(json::parse(entry.value).within(entry.key));
  if (!stored["metadata"].is_object()) {
    return Error(Code::Invalid, cat(entry.key, ": stored value has no metadata"));
  }
  data::Value object = data::Value::object();
  object.reserve(stored.size() + 2);
  object.set("kind", kind);
  object.set("apiVersion", api_version);
  for (const data::Member& member : stored.members())
    object.set(member.key, member.value);
  object.set({"metadata", "resourceVersion"}, std::to_string(entry.modified));
  return object;
}

}  // namespace fleet::kube::apiserver
