#include "helm/release/storage.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/strings.h"
#include "codec/base64.h"

namespace fleet::helm {
namespace {

const kube::Resource& secrets() {
  static const kube::Resource kSecrets{{"", "v1", "secrets"}, "Secret", true};
  return kSecrets;
}

Error not_found() {
  return Error(Code::NotFound, "release: not found");
}

std::string unix_seconds(const Context& ctx) {
  const auto since = ctx.clock().now().time_since_epoch();
  return cat(std::chrono::duration_cast<std::chrono::seconds>(since).count());
}

Result<Release> from_secret(const kube::Object& secret) {
  const data::Value& packed = secret.at({"data", "release"});
  Release release = TRY(unpack_release(TRY(codec::base64_decode(packed.as_string()))));
  if (release.ns.empty()) release.ns = secret.ns();
  return release;
}

}  // namespace

kube::Object Storage::secret(const Release& release) const {
  kube::Object out =
      kube::Object::make(secrets().gvk(), {ns_, secret_name(release.name, release.version)});
  out.set_labels({{"name", release.name},
                  {"owner", "helm"},
                  {"status", std::string(release.status())},
                  {"version", cat(release.version)}});
  out.set({"type"}, kReleaseSecretType);
  out.set({"data", "release"}, codec::base64_encode(pack_release(release)));
  return out;
}

Result<> Storage::create(const Context& ctx, const Release& release, int max_history) {
  if (max_history > 0) TRY(prune(ctx, release.name, max_history));
  kube::Object object = secret(release);
  object.set_label("createdAt", unix_seconds(ctx));
  TRY(client_.create(ctx, secrets(), object).within("create: failed to create"));
  return {};
}

Result<> Storage::update(const Context& ctx, const Release& release) {
  kube::Object object = secret(release);
  object.set_label("modifiedAt", unix_seconds(ctx));
  TRY(client_.update(ctx, secrets(), object).within("update: failed to update"));
  return {};
}

Result<> Storage::remove(const Context& ctx, const Release& release) {
  const kube::Key key{ns_, secret_name(release.name, release.version)};
  Result<std::optional<kube::Object>> gone = client_.remove(ctx, secrets(), key);
  if (!gone.ok() && gone.error().code() != Code::NotFound) return std::move(gone).error();
  return {};
}

Result<std::vector<Release>> Storage::query(const Context& ctx, const kube::StringMap& labels) {
  kube::ListOptions which;
  which.ns = ns_;
  which.labels = kube::LabelSelector::from_set(labels);
  kube::ObjectList found = TRY(kube::list_all(ctx, client_, secrets(), which));
  std::vector<Release> out;
  for (const kube::Object& object : found.items) {
    if (object["type"].as_string() != kReleaseSecretType) continue;
    Result<Release> release = from_secret(object);
    if (release.ok()) {
      out.push_back(std::move(release).value());
    } else {
      ctx.log().warn("release cannot be read",
                     {{"secret", object.key().str()}, {"error", release.error()}});
    }
  }
  std::sort(out.begin(), out.end(), [](const Release& a, const Release& b) {
    return std::tie(a.ns, a.name, a.version) < std::tie(b.ns, b.name, b.version);
  });
  return out;
}

Result<std::vector<Release>> Storage::history(const Context& ctx, std::string_view name) {
  auto out = TRY(query(ctx, {{"owner", "helm"}, {"name", std::string(name)}}));
  if (out.empty()) return not_found();
  return out;
}

Result<Release> Storage::get(const Context& ctx, std::string_view name, int revision) {
  Result<kube::Object> object = client_.get(ctx, secrets(), {ns_, secret_name(name, revision)});
  if (!object.ok()) {
    if (object.error().code() == Code::NotFound) return not_found();
    return std::move(object).error();
  }
  return from_secret(*object);
}

Result<Release> Storage::last(const Context& ctx, std::string_view name) {
  auto all = TRY(history(ctx, name));
  return *std::max_element(all.begin(), all.end(), [](const Release& a, const Release& b) {
    return a.version < b.version;
  });
}

Result<Release> Storage::deployed(const Context& ctx, std::string_view name) {
  auto all = TRY(query(ctx,
                       {{"owner", "helm"},
                        {"name", std::string(name)},
                        {"status", std::string(status::kDeployed)}}));
  if (all.empty()) {
    return Error(Code::NotFound, cat(quote(name), " has no deployed releases"));
  }
  return std::move(all.back());
}

Result<std::vector<Release>> Storage::list(const Context& ctx) {
  return query(ctx, {{"owner", "helm"}});
}

Result<> Storage::prune(const Context& ctx, std::string_view name, int max_history) {
  Result<std::vector<Release>> found = history(ctx, name);
  if (!found.ok()) {
    if (found.error().code() == Code::NotFound) return {};
    return std::move(found).error();
  }
  const size_t limit = static_cast<size_t>(max_history);
  if (found->size() < limit) return {};
  int keep = 0;
  for (const Release& r : *found) {
    if (r.status() == status::kDeployed) keep = std::max(keep, r.version);
  }
  size_t surplus = found->size() - (limit - 1);
  for (const Release& r : *found) {
    if (surplus == 0) break;
    if (r.version == keep) continue;
    TRY(remove(ctx, r));
    --surplus;
  }
  return {};
}

}  // namespace fleet::helm
