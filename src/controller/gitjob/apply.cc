#include "controller/gitjob/apply.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/strings.h"
#include "codec/base64.h"
#include "data/yaml/yaml.h"
#include "fleet/api/hashes.h"
#include "fleet/api/labels.h"
#include "fleet/bundle/content.h"

namespace fleet::gitjob {
namespace {

using data::Value;
using kube::Object;

kube::Resource bundles() {
  return api::Bundle::kKind.resource();
}
kube::Resource secrets() {
  return {{"", "v1", "secrets"}, "Secret", true};
}

// Kind, name and namespace of what a file holds; templates are read with their actions blanked.
struct Named {
  std::string kind;
  std::string name;
  std::string ns;
  friend auto operator<=>(const Named&, const Named&) = default;
};

std::string without_actions(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t open = text.find("{{", at);
    const size_t close = open == std::string_view::npos ? open : text.find("}}", open);
    if (close == std::string_view::npos) return out + std::string(text.substr(at));
    out += cat(text.substr(at, open - at), "TEMPLATED");
    at = close + 2;
  }
  return out;
}

std::set<Named> objects_in(const api::BundleResource& resource) {
  std::set<Named> out;
  Result<std::string> text = bundle::decode_resource(resource);
  if (!text.ok()) return out;
  Result<std::vector<Value>> documents = yaml::parse_all(without_actions(*text));
  if (!documents.ok()) return out;
  for (const Value& document : *documents) {
    Named named{document["kind"].to_string(),
                document.at({"metadata", "name"}).to_string(),
                document.at({"metadata", "namespace"}).to_string()};
    if (!named.kind.empty() && !named.name.empty()) out.insert(std::move(named));
  }
  return out;
}

// Objects that move from a Bundle which goes to one which stays: the new owner may take them over.
void note_overwrites(const api::Bundle& going, api::Bundle& staying) {
  for (const api::BundleResource& before : going.spec.resources) {
    for (const api::BundleResource& after : staying.spec.resources) {
      if (before.name != after.name) continue;
      const std::set<Named> now = objects_in(after);
      for (const Named& named : objects_in(before)) {
        if (!now.contains(named)) continue;
        staying.spec.options.overwrites.push_back({named.name, named.ns, named.kind});
      }
    }
  }
}

Result<int> prune(const Context& ctx, kube::Client& client, ApplyInput& input) {
  std::set<std::string> kept;
  for (const auto& read : input.bundles)
    kept.insert(read.bundle.metadata.name);
  kube::ListOptions which;
  which.ns = input.ns;
  which.labels = kube::LabelSelector::from_set({{std::string(api::label::kRepo), input.repo}});
  int deleted = 0;
  for (const Object& object : TRY(kube::list_all(ctx, client, bundles(), which)).items) {
    if (kept.contains(std::string(object.name())) || object.is_being_deleted()) continue;
    Result<api::Bundle> going = api::from_object<api::Bundle>(object);
    if (going.ok()) {
      for (auto& read : input.bundles)
        note_overwrites(*going, read.bundle);
    }
    kube::DeleteOptions options;
    options.uid = object.uid();
    Result<std::optional<Object>> gone = client.remove(ctx, bundles(), object.key(), options);
    if (!gone.ok() && gone.error().code() != Code::NotFound) return std::move(gone).error();
    ctx.log().info("bundle deleted", {{"bundle", object.key().str()}});
    ++deleted;
  }
  return deleted;
}

Object values_secret(const api::Bundle& bundle, const api::BundleValues& values) {
  Object secret = Object::make(secrets().gvk(), bundle.metadata.key());
  secret.set({"type"}, api::secret_type::kBundleValues);
  secret.set_labels({bundle.metadata.labels.begin(), bundle.metadata.labels.end()});
  for (const auto& [key, text] : values.data)
    secret.set({"data", key}, codec::base64_encode(text));
  return secret;
}

Result<> write_values(const Context& ctx,
                      kube::Client& client,
                      const api::Bundle& bundle,
                      const api::BundleValues& values,
                      const std::optional<Object>& owner) {
  Result<Object> live = client.get(ctx, secrets(), bundle.metadata.key());
  if (!live.ok() && live.error().code() != Code::NotFound) return std::move(live).error();
  if (values.hash.empty()) {
    const bool ours = live.ok() && (*live)["type"].as_string() == api::secret_type::kBundleValues;
    if (!ours) return {};
    Result<std::optional<Object>> gone = client.remove(ctx, secrets(), bundle.metadata.key());
    if (!gone.ok() && gone.error().code() != Code::NotFound) return std::move(gone).error();
    return {};
  }
  Object secret = values_secret(bundle, values);
  if (owner) secret.add_owner(kube::controller_reference(*owner));
  if (!live.ok()) {
    TRY(client.create(ctx, secrets(), secret));
    return {};
  }
  const bool owned = !owner || !live->owner_references().empty();
  if ((*live)["data"] == secret["data"] && owned) return {};
  TRY(client.update(ctx, secrets(), secret));
  return {};
}

// The commit alone is no reason to write: it says which commit changed the bundle last.
bool same_but_for_commit(const Object& live, const Object& wanted) {
  auto labels = [](const Object& object) {
    kube::StringMap out = object.labels();
    out.erase(std::string(api::label::kCommit));
    return out;
  };
  return live["spec"] == wanted["spec"] && labels(live) == labels(wanted) &&
         live.annotations() == wanted.annotations();
}

Result<bool> write_bundle(const Context& ctx, kube::Client& client, api::Bundle bundle) {
  const kube::Key key = bundle.metadata.key();
  Result<Object> live = client.get(ctx, bundles(), key);
  if (!live.ok() && live.error().code() != Code::NotFound) return std::move(live).error();
  if (live.ok() && live->is_being_deleted()) {
    return Error(Code::Conflict,
                 cat("the bundle ",
                     quote(key.name),
                     " is being deleted, cannot create during a delete operation"));
  }
  if (live.ok() && !(*live).at({"spec", "helmOpOptions"}).is_null()) {
    return Error(Code::Invalid,
                 cat("a helmOps bundle with name ", quote(key.name), " already exists"));
  }
  const api::BundleValues values = TRY(api::extract_values(bundle.spec));
  bundle.spec.values_hash = values.hash;
  if (!values.hash.empty()) api::clear_values(bundle.spec);
  Object wanted(api::to_value(bundle));
  wanted.edit().erase("status");
  // The one default of Fleet's schemas; without it every live bundle would look changed.
  if (wanted.at({"spec", "targetCustomizationMode"}).is_null()) {
    wanted.set({"spec", "targetCustomizationMode"}, "FirstMatch");
  }
  if (!live.ok()) {
    TRY(write_values(ctx, client, bundle, values, std::nullopt));
    Object made = TRY(client.create(ctx, bundles(), wanted));
    if (!values.hash.empty()) TRY(write_values(ctx, client, bundle, values, made));
    return true;
  }
  TRY(write_values(ctx, client, bundle, values, *live));
  if (same_but_for_commit(*live, wanted)) return false;
  Object next = *live;
  next.edit().set("spec", wanted["spec"]);
  next.set_labels(wanted.labels());
  next.set_annotations(wanted.annotations());
  TRY(client.update(ctx, bundles(), next));
  return true;
}

}  // namespace

Result<ApplyReport> apply_bundles(const Context& ctx, kube::Client& client, ApplyInput input) {
  if (input.bundles.empty()) {
    return Error(
        Code::Invalid,
        cat("no resource found at the following paths to deploy: [", join(input.paths, " "), "]"));
  }
  ApplyReport report;
  for (auto& read : input.bundles) {
    read.bundle.metadata.namespace_ = input.ns;
    read.bundle.metadata.labels[std::string(api::label::kRepo)] = input.repo;
    if (!input.commit.empty())
      read.bundle.metadata.labels[std::string(api::label::kCommit)] = input.commit;
  }
  report.deleted = TRY(prune(ctx, client, input));
  for (auto& read : input.bundles) {
    const std::string name = read.bundle.metadata.name;
    const bool wrote =
        TRY(write_bundle(ctx, client, std::move(read.bundle)).within(cat("bundle ", name)));
    ++(wrote ? report.written : report.unchanged);
  }
  return report;
}

}  // namespace fleet::gitjob
