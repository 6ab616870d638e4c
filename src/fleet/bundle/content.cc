#include "fleet/bundle/content.h"

#include "base/strings.h"
#include "codec/base64.h"
#include "codec/digest.h"
#include "codec/gzip.h"
#include "data/fields/fields.h"
#include "data/json/parse.h"

namespace fleet::bundle {

api::BundleResource encode_resource(std::string_view name,
                                    std::string_view bytes,
                                    Compress compress) {
  api::BundleResource out;
  out.name = name;
  if (compress == Compress::Yes || !is_utf8(bytes)) {
    out.content = codec::base64_encode(codec::gzip(bytes, codec::kGzipBest));
    out.encoding = "base64+gz";
  } else {
    out.content = bytes;
  }
  return out;
}

Result<std::string> decode_resource(const api::BundleResource& resource) {
  const std::string& encoding = resource.encoding;
  if (encoding.empty()) return resource.content;
  if (encoding == "base64") return codec::base64_decode(resource.content);
  if (encoding == "gz") return codec::gunzip(resource.content);
  if (encoding == "base64+gz") return codec::gunzip(TRY(codec::base64_decode(resource.content)));
  return Error{Code::Invalid, cat("unsupported encoding: ", encoding)};
}

api::Content make_content(const api::Manifest& manifest) {
  api::Content out;
  out.metadata.name = manifest.id;
  out.content.data = codec::gzip(manifest.json, codec::kGzipBest);
  out.sha256_sum = manifest.sha256;
  return out;
}

Result<std::vector<api::BundleResource>> read_content(const api::Content& content) {
  std::string json = TRY(codec::gunzip(content.content.data));
  return read_manifest(json, content.sha256_sum);
}

Result<std::vector<api::BundleResource>> read_manifest(std::string_view json,
                                                       std::string_view sha256) {
  std::string_view rest = json;
  data::Value root = TRY(json::parse_next(rest));
  auto resources = TRY(data::decode<std::vector<api::BundleResource>>(root["resources"]));
  std::string found = codec::sha256_hex(json);
  if (!sha256.empty() && sha256 != found) {
    return Error{Code::Invalid,
                 cat("content does not match hash got ", found, ", expected ", sha256)};
  }
  return resources;
}

}  // namespace fleet::bundle
