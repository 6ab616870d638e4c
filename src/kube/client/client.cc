#include "kube/client/client.h"

#include "base/strings.h"
#include "data/json/parse.h"
#include "kube/meta/status.h"

namespace fleet::kube {
namespace {

constexpr int kNotFound = 404;

}  // namespace

std::string_view to_string(WatchEvent::Type type) {
  switch (type) {
    case WatchEvent::Type::Added:
      return "ADDED";
    case WatchEvent::Type::Modified:
      return "MODIFIED";
    case WatchEvent::Type::Deleted:
      return "DELETED";
    case WatchEvent::Type::Bookmark:
      return "BOOKMARK";
  }
  return "";
}

std::optional<WatchEvent::Type> parse_watch_event_type(std::string_view text) {
  using Type = WatchEvent::Type;
  for (const Type type : {Type::Added, Type::Modified, Type::Deleted, Type::Bookmark}) {
    if (text == to_string(type)) return type;
  }
  return {};
}

std::string_view content_type(PatchType type) {
  switch (type) {
    case PatchType::Json:
      return "application/json-patch+json";
    case PatchType::Merge:
      return "application/merge-patch+json";
    case PatchType::Strategic:
      return "application/strategic-merge-patch+json";
    case PatchType::Apply:
      return "application/apply-patch+yaml";
  }
  return "";
}

bool RawAnswer::is_foreign_not_found() const {
  return status == kNotFound && check().error().code() != Code::NotFound;
}

Result<> RawAnswer::check() const {
  if (status < 400) return {};
  const auto document = json::parse(body);
  if (document.ok() && (*document)["kind"].as_string() == "Status") {
    const Status said = Status::from_value(*document);
    const Code code = said.reason == Code::Unknown ? code_from_http(status) : said.reason;
    const bool says_so = (*document)["reason"].as_string() == to_string(Code::NotFound);
    if (code != Code::NotFound || says_so) return Error{code, said.message};
  }
  constexpr size_t kShown = 200;  // bytes of a foreign error page
  const std::string_view text = trim(std::string_view(body).substr(0, kShown));
  if (status == kNotFound) {
    return Error{Code::ServiceUnavailable,
                 cat("the answer is not from a Kubernetes API: 404",
                     text.empty() ? "" : ": ",
                     text,
                     " (look at the server's address and at proxies before it)")};
  }
  return Error{code_from_http(status),
               cat("server answers ", status, text.empty() ? "" : ": ", text)};
}

Result<Object> Client::update_status(const Context& ctx,
                                     const Resource& resource,
                                     const Object& object) {
  return update(ctx, resource, object, {.subresource = "status"});
}

Result<Object> Client::patch_status(const Context& ctx,
                                    const Resource& resource,
                                    const Key& key,
                                    const Patch& body) {
  return patch(ctx, resource, key, body, {.subresource = "status"});
}

Result<ObjectList> list_all(const Context& ctx,
                            Client& client,
                            const Resource& resource,
                            ListOptions options,
                            int64_t page) {
  options.limit = page;
  ObjectList all;
  while (true) {
    Result<ObjectList> next = client.list(ctx, resource, options);
    if (!next.ok() && next.error().code() == Code::Expired && options.limit != 0) {
      all = {};
      options.limit = 0;
      options.continue_token.clear();
      continue;
    }
    ObjectList got = TRY(std::move(next));
    if (all.items.empty()) {
      all.items = std::move(got.items);
    } else {
      for (Object& object : got.items)
        all.items.push_back(std::move(object));
    }
    all.resource_version = std::move(got.resource_version);
    if (got.continue_token.empty()) return all;
    options.continue_token = std::move(got.continue_token);
    // A continuation names its snapshot itself.
    options.resource_version.clear();
    options.resource_version_match.clear();
  }
}

Result<Object> change_object(const Context& ctx,
                             Client& client,
                             const Resource& resource,
                             const Key& key,
                             const std::function<Result<bool>(Object&)>& change,
                             const WriteOptions& options,
                             int tries) {
  for (int left = tries;; --left) {
    Object object = TRY(client.get(ctx, resource, key));
    if (!TRY(change(object))) return object;
    Result<Object> written = client.update(ctx, resource, object, options);
    if (written.ok() || written.error().code() != Code::Conflict || left <= 1) return written;
  }
}

}  // namespace fleet::kube
