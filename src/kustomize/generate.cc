#include "kustomize/generate.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/strings.h"
#include "codec/base64.h"
#include "kustomize/walk.h"

namespace fleet::kustomize {
namespace {

using yaml::Node;

constexpr size_t kMaxEnvLine = 64 * 1024;  // bytes; a longer line ends the reading, silently
constexpr size_t kBase64Line = 70;

struct Pair {
  std::string key;
  std::string value;
};
using Pairs = std::vector<Pair>;

std::string go_list(const Strings& texts) {
  return cat("[", join(texts, " "), "]");
}

std::string without_quotes(std::string_view text) {
  if (text.size() >= 2 && text.front() == text.back() &&
      (text.front() == '"' || text.front() == '\'')) {
    text = text.substr(1, text.size() - 2);
  }
  return std::string(text);
}

Result<Pairs> from_literals(const Strings& sources) {
  Pairs pairs;
  for (const std::string& source : sources) {
    size_t at = source.find('=');
    if (at == 0 || at == std::string::npos) {
      return Error(Code::Invalid, cat("invalid literal source ", source, ", expected key=value"));
    }
    pairs.push_back(
        {source.substr(0, at), without_quotes(std::string_view(source).substr(at + 1))});
  }
  return pairs;
}

Result<Pairs> from_env_text(std::string_view text) {
  Pairs pairs;
  bool first = true;
  while (!text.empty()) {
    size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (line.size() >= kMaxEnvLine) break;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!is_utf8(line)) {
      Strings bytes;
      for (char c : line)
        bytes.push_back(std::to_string(static_cast<unsigned char>(c)));
      return Error(Code::Invalid, cat("line ", go_list(bytes), " has invalid utf8 bytes : ", line));
    }
    if (first) line = trim_prefix(line, "\xEF\xBB\xBF");
    first = false;
    line = trim_left(line, " \t\n\v\f\r");
    if (line.empty() || line[0] == '#') continue;
    size_t at = line.find('=');
    std::string_view key = line.substr(0, at);
    if (key.empty()) continue;
    pairs.push_back(
        {std::string(key), at == std::string_view::npos ? "" : std::string(line.substr(at + 1))});
  }
  return pairs;
}

Result<Pairs> from_envs(const Strings& sources, const Loader& loader) {
  Pairs pairs;
  for (const std::string& source : sources) {
    Pairs more = TRY(from_env_text(TRY(loader.load(source))));
    pairs.insert(pairs.end(), more.begin(), more.end());
  }
  return pairs;
}

Result<Pairs> from_files(const Strings& sources, const Loader& loader) {
  Pairs pairs;
  for (const std::string& source : sources) {
    auto count = std::ranges::count(source, '=');
    std::string key(base_name(source));
    std::string path = source;
    if (count == 1 && source.starts_with('=')) {
      return Error(Code::Invalid,
                   cat("missing key name for file path ",
                       quote(source.substr(1)),
                       " in source ",
                       quote(source)));
    }
    if (count == 1 && source.ends_with('=')) {
      return Error(Code::Invalid,
                   cat("missing file path for key name ",
                       quote(source.substr(0, source.size() - 1)),
                       " in source ",
                       quote(source)));
    }
    if (count > 1) {
      return Error(Code::Invalid,
                   cat("source ", quote(source), " key name or file path contains '='"));
    }
    if (count == 1) {
      size_t at = source.find('=');
      key = source.substr(0, at);
      path = source.substr(at + 1);
    }
    auto content = TRY(loader.load(path));
    pairs.push_back({std::move(key), std::move(content)});
  }
  return pairs;
}

Result<std::map<std::string, std::string>> load_pairs(const GeneratorArgs& args,
                                                      const Loader& loader) {
  std::map<std::string, std::string> known;
  auto add = [&](Result<Pairs> pairs, std::string_view what) -> Result<> {
    for (Pair& pair : TRY(std::move(pairs).within(what).within("loading KV pairs"))) {
      auto [at, fresh] = known.try_emplace(pair.key, std::move(pair.value));
      if (!fresh) {
        return Error(Code::Invalid,
                     cat("configmap ", args.name, " illegally repeats the key `", pair.key, "`"));
      }
    }
    return {};
  };
  // All are read before keys are compared.
  auto envs = from_envs(args.envs, loader);
  if (!envs.ok()) TRY(add(std::move(envs), cat("env source files: ", go_list(args.envs))));
  auto literals = from_literals(args.literals);
  if (!literals.ok())
    TRY(add(std::move(literals), cat("literal sources ", go_list(args.literals))));
  auto files = from_files(args.files, loader);
  if (!files.ok()) TRY(add(std::move(files), cat("file sources: ", go_list(args.files))));
  TRY(add(std::move(envs), ""));
  TRY(add(std::move(literals), ""));
  TRY(add(std::move(files), ""));
  return known;
}

Result<Resource> make_object(const GeneratorArgs& args, std::string_view kind) {
  Resource resource;
  resource.node = Node::mapping();
  resource.node.set("apiVersion", Node::string("v1"));
  resource.node.set("kind", Node::string(kind));
  if (args.name.empty()) return Error(Code::Invalid, "a configmap must have a name");
  resource.set_name(args.name);
  if (!args.ns.empty()) resource.set_ns(args.ns);
  resource.behavior = behavior_of(args.behavior);
  resource.generated = true;
  resource.needs_hash = !args.options || !args.options->disable_name_suffix_hash;
  return resource;
}

void add_options(Resource& resource, const std::optional<GeneratorOptions>& options) {
  if (!options) return;
  auto add = [&](std::string_view field, const StringMap& texts) {
    if (texts.empty()) return;
    Node map = Node::mapping();
    for (const auto& [key, value] : texts)
      append_member(map, key, Node::string(value));
    resource.metadata()->set(field, std::move(map));
  };
  add("labels", options->labels);
  add("annotations", options->annotations);
  if (options->immutable) resource.node.set("immutable", Node::scalar("true", yaml::Tag::Bool));
}

// Base64 in lines of 70 characters, each with its newline, if it is longer than that.
std::string encoded(std::string_view bytes) {
  std::string text = codec::base64_encode(bytes);
  if (text.size() <= kBase64Line) return text;
  std::string lines;
  for (size_t i = 0; i < text.size(); i += kBase64Line) {
    lines += text.substr(i, kBase64Line);
    lines += '\n';
  }
  return lines;
}

Node value_node(std::string_view text) {
  return Node::scalar(text,
                      yaml::Tag::Str,
                      text.find('\n') == std::string_view::npos ? yaml::Style{0} : yaml::kLiteral);
}

}  // namespace

Result<Resource> make_config_map(const GeneratorArgs& args, const Loader& loader) {
  Resource resource = TRY(make_object(args, "ConfigMap"));
  const auto pairs = TRY(load_pairs(args, loader));
  Node data = Node::mapping();
  Node binary = Node::mapping();
  for (const auto& [key, value] : pairs) {
    if (is_utf8(value)) {
      append_member(data, key, value_node(value));
    } else {
      append_member(binary, key, value_node(encoded(value)));
    }
  }
  if (!data.empty()) resource.node.set("data", std::move(data));
  if (!binary.empty()) resource.node.set("binaryData", std::move(binary));
  add_options(resource, args.options);
  return resource;
}

Result<Resource> make_secret(const GeneratorArgs& args, const Loader& loader) {
  Resource resource = TRY(make_object(args, "Secret"));
  resource.node.set("type", Node::string(args.type.empty() ? "Opaque" : args.type));
  const auto pairs = TRY(load_pairs(args, loader));
  Node data = Node::mapping();
  for (const auto& [key, value] : pairs)
    append_member(data, key, value_node(encoded(value)));
  resource.node.set("data", std::move(data));
  add_options(resource, args.options);
  return resource;
}

std::optional<GeneratorOptions> merged_options(const std::optional<GeneratorOptions>& local,
                                               const std::optional<GeneratorOptions>& global) {
  if (!global) return local;
  GeneratorOptions merged = *global;
  if (!local) return merged;
  for (const auto& [key, value] : local->labels)
    merged.labels[key] = value;
  for (const auto& [key, value] : local->annotations)
    merged.annotations[key] = value;
  merged.disable_name_suffix_hash =
      merged.disable_name_suffix_hash || local->disable_name_suffix_hash;
  merged.immutable = merged.immutable || local->immutable;
  return merged;
}

}  // namespace fleet::kustomize
