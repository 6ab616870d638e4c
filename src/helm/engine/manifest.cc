#include "helm/engine/manifest.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_map>

#include "base/file_tree.h"
#include "base/strings.h"
#include "data/fields/fields.h"
#include "data/fields/from_yaml.h"
#include "data/yaml/yaml.h"

namespace fleet::helm {
namespace {

using data::field;

// The little that sorting needs of a document.
struct HeadMetadata {
  std::string name;
  std::map<std::string, std::string> annotations;

  static constexpr const char* kGoType =  // has no name in Go
      "struct { Name string \"json:\\\"name\\\"\"; Annotations map[string]string "
      "\"json:\\\"annotations\\\"\" }";
  static data::Fields fields() {
    return {field("name", &HeadMetadata::name, "Its name."),
            field("annotations", &HeadMetadata::annotations, "Its annotations.")};
  }
};
struct Head {
  std::string api_version;
  std::string kind;
  std::optional<HeadMetadata> metadata;

  static constexpr const char* kGoType = "util.SimpleHead";
  static data::Fields fields() {
    return {field("apiVersion", &Head::api_version, "Its group version."),
            field("kind", &Head::kind, "Its kind."),
            field("metadata", &Head::metadata, "Name and annotations.")};
  }
};

bool is_text_map(const data::Value& value) {
  if (!value.is_object()) return false;
  for (const data::Member& member : value.members()) {
    if (!member.value.is_string()) return false;
  }
  return true;
}

// Usual metadata: a name, and labels and annotations that are texts. False for anything else.
bool read_usual(const data::Value& value, HeadMetadata& out) {
  if (!value.is_object()) return false;
  for (const data::Member& member : value.members()) {
    const std::string_view key = name(member);
    if (key == "name" && member.value.is_string()) {
      out.name = member.value.as_string();
    } else if (key == "annotations" && is_text_map(member.value)) {
      for (const data::Member& one : member.value.members())
        out.annotations.emplace(name(one), one.value.as_string());
    } else if (!(key == "labels" && is_text_map(member.value)) &&
               !(key == "namespace" && member.value.is_string())) {
      return false;
    }
  }
  return true;
}

// A head in which nothing asks for the rules of decoding. False for anything else.
bool read_usual(const data::Value& value, Head& out) {
  if (!value.is_object()) return false;
  for (const data::Member& member : value.members()) {
    const std::string_view key = name(member);
    if (key == "apiVersion" && member.value.is_string()) {
      out.api_version = member.value.as_string();
    } else if (key == "kind" && member.value.is_string()) {
      out.kind = member.value.as_string();
    } else if (key != "metadata" || !read_usual(member.value, out.metadata.emplace())) {
      return false;
    }
  }
  return true;
}

Result<Head> read_head(std::string_view document) {
  constexpr std::string_view kMembers[] = {"apiVersion", "kind", "metadata"};
  auto value = yaml::parse_for_fields(document, kMembers);
  Head head;
  if (value.ok() && read_usual(*value, head)) return head;
  return data::decode_yaml<Head>(std::move(value));
}

constexpr std::string_view kInstallOrder[] = {"PriorityClass",
                                              "Namespace",
                                              "NetworkPolicy",
                                              "ResourceQuota",
                                              "LimitRange",
                                              "PodSecurityPolicy",
                                              "PodDisruptionBudget",
                                              "ServiceAccount",
                                              "Secret",
                                              "SecretList",
                                              "ConfigMap",
                                              "StorageClass",
                                              "PersistentVolume",
                                              "PersistentVolumeClaim",
                                              "CustomResourceDefinition",
                                              "ClusterRole",
                                              "ClusterRoleList",
                                              "ClusterRoleBinding",
                                              "ClusterRoleBindingList",
                                              "Role",
                                              "RoleList",
                                              "RoleBinding",
                                              "RoleBindingList",
                                              "Service",
                                              "DaemonSet",
                                              "Pod",
                                              "ReplicationController",
                                              "ReplicaSet",
                                              "Deployment",
                                              "HorizontalPodAutoscaler",
                                              "StatefulSet",
                                              "Job",
                                              "CronJob",
                                              "IngressClass",
                                              "Ingress",
                                              "APIService",
                                              "MutatingWebhookConfiguration",
                                              "ValidatingWebhookConfiguration"};

constexpr std::string_view kUninstallOrder[] = {"ValidatingWebhookConfiguration",
                                                "MutatingWebhookConfiguration",
                                                "APIService",
                                                "Ingress",
                                                "IngressClass",
                                                "Service",
                                                "CronJob",
                                                "Job",
                                                "StatefulSet",
                                                "HorizontalPodAutoscaler",
                                                "Deployment",
                                                "ReplicaSet",
                                                "ReplicationController",
                                                "Pod",
                                                "DaemonSet",
                                                "RoleBindingList",
                                                "RoleBinding",
                                                "RoleList",
                                                "Role",
                                                "ClusterRoleBindingList",
                                                "ClusterRoleBinding",
                                                "ClusterRoleList",
                                                "ClusterRole",
                                                "CustomResourceDefinition",
                                                "PersistentVolumeClaim",
                                                "PersistentVolume",
                                                "StorageClass",
                                                "ConfigMap",
                                                "SecretList",
                                                "Secret",
                                                "ServiceAccount",
                                                "PodDisruptionBudget",
                                                "PodSecurityPolicy",
                                                "LimitRange",
                                                "ResourceQuota",
                                                "NetworkPolicy",
                                                "Namespace",
                                                "PriorityClass"};

constexpr size_t kUnknownKind = std::size(kInstallOrder);

size_t rank(std::string_view kind, KindOrder order) {
  std::span<const std::string_view> kinds(kInstallOrder);
  if (order == KindOrder::Uninstall) kinds = kUninstallOrder;
  return static_cast<size_t>(std::find(kinds.begin(), kinds.end(), kind) - kinds.begin());
}

bool is_event(std::string_view name) {
  constexpr std::string_view kEvents[] = {"pre-install",
                                          "post-install",
                                          "pre-delete",
                                          "post-delete",
                                          "pre-upgrade",
                                          "post-upgrade",
                                          "pre-rollback",
                                          "post-rollback",
                                          "test"};
  return std::find(std::begin(kEvents), std::end(kEvents), name) != std::end(kEvents);
}

std::vector<std::string> lower_list(std::string_view text) {
  std::vector<std::string> out;
  for (std::string_view part : split(text, ','))
    out.push_back(to_lower(trim(part)));
  return out;
}

const std::string* annotation(const Head& head, const std::string& key) {
  if (!head.metadata) return nullptr;
  auto found = head.metadata->annotations.find(key);
  return found == head.metadata->annotations.end() ? nullptr : &found->second;
}

// As strconv.Atoi; 0 when it is no number.
int weight_of(const std::string* text) {
  if (text == nullptr) return 0;
  std::string_view digits = trim_prefix(*text, "+");
  if (digits.size() != text->size() && digits.starts_with('-')) return 0;
  int64_t value = 0;
  auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  bool good = code == std::errc() && end == digits.data() + digits.size() && !digits.empty();
  return good && value == static_cast<int>(value) ? static_cast<int>(value) : 0;
}

// Nothing when one of its events is unknown: the document then takes no part at all.
std::optional<Hook> make_hook(const Head& head, const std::string& path, std::string_view text) {
  Hook hook;
  hook.name = head.metadata->name;
  hook.kind = head.kind;
  hook.path = path;
  hook.weight = weight_of(annotation(head, "helm.sh/hook-weight"));
  for (std::string& event : lower_list(*annotation(head, "helm.sh/hook"))) {
    if (event == "test-success") event = "test";
    if (!is_event(event)) return std::nullopt;
    hook.events.push_back(std::move(event));
  }
  if (const std::string* policies = annotation(head, "helm.sh/hook-delete-policy")) {
    hook.delete_policies = lower_list(*policies);
  }
  if (const std::string* policies = annotation(head, "helm.sh/hook-output-log-policy")) {
    hook.output_log_policies = lower_list(*policies);
  }
  hook.manifest = text;
  return hook;
}

std::string_view trim_left_space(std::string_view text) {
  while (!text.empty()) {
    Rune rune = decode_rune(text);
    if (!is_space(rune.value)) break;
    text.remove_prefix(rune.size);
  }
  return text;
}

}  // namespace

std::vector<std::string_view> split_manifests(std::string_view text) {
  constexpr std::string_view kSpace = " \t\n\f\r";
  std::vector<std::string_view> out;
  auto add = [&](std::string_view piece) {
    piece = trim_left_space(piece);
    if (!piece.empty()) out.push_back(piece);
  };
  text = trim_left_space(text);
  size_t piece = 0;
  for (size_t at = 0; at <= text.size();) {
    size_t mark = text.find("---", at);
    if (mark == std::string_view::npos) break;
    bool line_start = mark == 0 || (mark > piece && text[mark - 1] == '\n');
    if (!line_start) {
      at = mark + 1;
      continue;
    }
    size_t end = mark;
    while (end > piece && kSpace.find(text[end - 1]) != std::string_view::npos)
      --end;
    add(text.substr(piece, end - piece));
    size_t next = text.find_first_not_of(kSpace, mark + 3);
    piece = at = next == std::string_view::npos ? text.size() : next;
  }
  add(text.substr(piece));
  return out;
}

bool kind_less(std::string_view a, std::string_view b, KindOrder order) {
  size_t left = rank(a, order);
  size_t right = rank(b, order);
  if (left == kUnknownKind && right == kUnknownKind) return a < b;
  return left < right;
}

Result<SortedManifests> sort_manifests(const RenderedFiles& files, KindOrder order) {
  SortedManifests out;
  for (const auto& [path, text] : files) {
    if (base_name(path).starts_with('_') || trim_left_space(text).empty()) continue;
    for (std::string_view document : split_manifests(text)) {
      Head head = TRY(read_head(document).within(cat("YAML parse error on ", path)));
      if (annotation(head, "helm.sh/hook") != nullptr) {
        auto hook = make_hook(head, path, document);
        if (hook) out.hooks.push_back(std::move(*hook));
        continue;
      }
      Manifest manifest;
      manifest.path = path;
      manifest.content = document;
      manifest.api_version = std::move(head.api_version);
      manifest.kind = std::move(head.kind);
      if (head.metadata) manifest.name = std::move(head.metadata->name);
      out.manifests.push_back(std::move(manifest));
    }
  }
  auto by_kind = [&](const auto& a, const auto& b) { return kind_less(a.kind, b.kind, order); };
  std::stable_sort(out.hooks.begin(), out.hooks.end(), by_kind);
  std::stable_sort(out.manifests.begin(), out.manifests.end(), by_kind);
  return out;
}

}  // namespace fleet::helm
