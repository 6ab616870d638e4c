#include "data/schema/metaschemas.h"

#include "base/strings.h"

namespace fleet::schema {
namespace {

constexpr std::string_view kSimpleTypes =
    R"({"enum":["array","boolean","integer","null","number","object","string"]})";
constexpr std::string_view kWhole = R"({"type":"integer","minimum":0})";
constexpr std::string_view kText = R"({"type":"string"})";
constexpr std::string_view kFlag = R"({"type":"boolean"})";
constexpr std::string_view kNumber = R"({"type":"number"})";

// Puts an object together, member by member.
class ObjectText {
 public:
  ObjectText& add(std::string_view key, std::string_view json) {
    text_ += cat(text_.empty() ? "" : ",", "\"", key, "\":", json);
    return *this;
  }
  ObjectText& add_all(std::initializer_list<std::string_view> keys, std::string_view json) {
    for (std::string_view key : keys)
      add(key, json);
    return *this;
  }
  std::string done() const { return cat("{", text_, "}"); }

 private:
  std::string text_;
};

std::string to(std::string_view reference) {
  return cat(R"({"$ref":")", reference, R"("})");
}

std::string map_of(std::string_view schema) {
  return cat(R"({"type":"object","additionalProperties":)", schema, "}");
}

std::string any_of(std::string_view a, std::string_view b) {
  return cat(R"({"anyOf":[)", a, ",", b, "]}");
}

std::string list_of(std::string_view item, std::string_view more) {
  return cat(R"({"type":"array","items":)", item, more, "}");
}

std::string text_of(std::string_view format) {
  return cat(R"({"type":"string","format":")", format, R"("})");
}

// The keywords about one value that all drafts share, referring to definitions below `definitions`.
void add_validation(ObjectText& out, std::string_view definitions, std::string_view whole) {
  std::string count = to(cat("#/", definitions, "/", whole, "Integer"));
  std::string count_or_zero = to(cat("#/", definitions, "/", whole, "IntegerDefault0"));
  std::string types = to(cat("#/", definitions, "/simpleTypes"));
  out.add_all({"maximum", "minimum"}, kNumber);
  out.add_all({"maxLength", "maxItems", "maxProperties"}, count);
  out.add_all({"minLength", "minItems", "minProperties"}, count_or_zero);
  out.add("pattern", text_of("regex"));
  out.add("uniqueItems", kFlag);
  out.add("required", to(cat("#/", definitions, "/stringArray")));
  out.add("type", any_of(types, list_of(types, R"(,"minItems":1,"uniqueItems":true)")));
}

// Drafts 4, 6 and 7 are one document each.
std::string early(int draft) {
  std::string self = to("#");
  std::string schemas = to("#/definitions/schemaArray");
  std::string_view whole = draft == 4 ? "positive" : "nonNegative";
  ObjectText definitions;
  definitions.add("schemaArray", list_of(self, R"(,"minItems":1)"));
  definitions.add(cat(whole, "Integer"), kWhole);
  definitions.add(
      cat(whole, "IntegerDefault0"),
      cat(R"({"allOf":[)", to(cat("#/definitions/", whole, "Integer")), R"(,{"default":0}]})"));
  definitions.add("simpleTypes", kSimpleTypes);
  definitions.add(
      "stringArray",
      list_of(kText,
              draft == 4 ? R"(,"minItems":1,"uniqueItems":true)" : R"(,"uniqueItems":true)"));
  ObjectText own;
  own.add(id_keyword(draft), text_of(draft == 4 ? "uriref" : "uri-reference"));
  own.add("$schema", text_of("uri"));
  own.add("$ref", draft == 4 ? std::string(kText) : text_of("uri-reference"));
  own.add_all({"title", "description", "format"}, kText);
  add_validation(own, "definitions", whole);
  own.add("multipleOf",
          draft == 4 ? R"({"type":"number","minimum":0,"exclusiveMinimum":true})"
                     : R"({"type":"number","exclusiveMinimum":0})");
  own.add_all({"exclusiveMaximum", "exclusiveMinimum"}, draft == 4 ? kFlag : kNumber);
  std::string flag_or_self = draft == 4 ? any_of(kFlag, self) : self;
  own.add_all({"additionalItems", "additionalProperties"}, flag_or_self);
  own.add("items", any_of(self, schemas));
  own.add_all({"definitions", "properties"}, map_of(self));
  own.add("patternProperties",
          draft == 7 ? cat(R"({"type":"object","additionalProperties":)",
                           self,
                           R"(,"propertyNames":{"format":"regex"}})")
                     : map_of(self));
  own.add("dependencies", map_of(any_of(self, to("#/definitions/stringArray"))));
  own.add("enum",
          draft == 7 ? R"({"type":"array","items":true,"minItems":1,"uniqueItems":true})"
                     : R"({"type":"array","minItems":1,"uniqueItems":true})");
  own.add_all({"allOf", "anyOf", "oneOf"}, schemas);
  own.add("not", self);
  if (draft >= 6) own.add_all({"contains", "propertyNames"}, self);
  if (draft == 7) {
    own.add_all({"if", "then", "else"}, self);
    own.add_all({"readOnly", "writeOnly"}, kFlag);
    own.add_all({"$comment", "contentMediaType", "contentEncoding"}, kText);
    own.add("examples", R"({"type":"array","items":true})");
  }
  std::string url = cat("http://json-schema.org/draft-0", draft, "/schema#");
  ObjectText out;
  out.add("$schema", cat("\"", url, "\""));
  if (draft >= 6) out.add("$id", cat("\"", url, "\""));
  out.add("definitions", definitions.done());
  out.add("type", draft == 4 ? R"("object")" : R"(["object","boolean"])");
  out.add("properties", own.done());
  if (draft == 4) {
    out.add("dependencies", R"({"exclusiveMaximum":["maximum"],"exclusiveMinimum":["minimum"]})");
  }
  return out.done();
}

// 2019-09 and 2020-12 are a document for each vocabulary, and one that names them all.
class Modern {
 public:
  explicit Modern(int draft)
      : draft_(draft),
        self_(draft == 2019 ? R"({"$recursiveRef":"#"})" : R"({"$dynamicRef":"#meta"})") {}

  std::optional<std::string> document(std::string_view name) const {
    if (name == "schema") return whole();
    if (name == "meta/core") return core();
    if (name == "meta/applicator") return applicator();
    if (name == "meta/validation") return validation();
    if (name == "meta/meta-data") return meta_data();
    if (name == "meta/content") return content();
    if (draft_ == 2019) return name == "meta/format" ? format(name) : std::nullopt;
    if (name == "meta/unevaluated") return unevaluated();
    if (name == "meta/format-annotation" || name == "meta/format-assertion") return format(name);
    return std::nullopt;
  }

 private:
  ObjectText start(std::string_view name) const {
    std::string_view url = draft_url(draft_);
    ObjectText out;
    out.add("$schema", cat("\"", url, "\""));
    out.add("$id", cat("\"", trim_suffix(url, "schema"), name, "\""));
    if (draft_ == 2019) out.add("$recursiveAnchor", "true");
    if (draft_ == 2020) out.add("$dynamicAnchor", "\"meta\"");
    out.add("type", R"(["object","boolean"])");
    return out;
  }

  std::string whole() const {
    std::string_view parts[] = {"core",
                                "applicator",
                                "unevaluated",
                                "validation",
                                "meta-data",
                                "format-annotation",
                                "content"};
    std::vector<std::string> all;
    for (std::string_view part : parts) {
      if (draft_ == 2019 && part == "unevaluated") continue;
      if (draft_ == 2019 && part == "format-annotation") part = "format";
      all.push_back(to(cat("meta/", part)));
    }
    ObjectText own;
    own.add("definitions", map_of(self_));
    own.add("dependencies", map_of(any_of(self_, to("meta/validation#/$defs/stringArray"))));
    if (draft_ == 2020) {
      own.add("$recursiveAnchor", to("meta/core#/$defs/anchorString"));
      own.add("$recursiveRef", to("meta/core#/$defs/uriReferenceString"));
    }
    ObjectText out = start("schema");
    out.add("allOf", cat("[", join(all, ","), "]"));
    return out.add("properties", own.done()).done();
  }

  std::string core() const {
    ObjectText own;
    ObjectText out = start("meta/core");
    if (draft_ == 2019) {
      own.add("$id", R"({"type":"string","format":"uri-reference","pattern":"^[^#]*#?$"})");
      own.add("$schema", text_of("uri"));
      own.add("$anchor", R"({"type":"string","pattern":"^[A-Za-z][-A-Za-z0-9.:_]*$"})");
      own.add_all({"$ref", "$recursiveRef"}, text_of("uri-reference"));
      own.add("$recursiveAnchor", kFlag);
    } else {
      own.add("$id", R"({"$ref":"#/$defs/uriReferenceString","pattern":"^[^#]*#?$"})");
      own.add("$schema", to("#/$defs/uriString"));
      own.add_all({"$ref", "$dynamicRef"}, to("#/$defs/uriReferenceString"));
      own.add_all({"$anchor", "$dynamicAnchor"}, to("#/$defs/anchorString"));
      out.add("$defs",
              cat(R"({"anchorString":{"type":"string","pattern":"^[A-Za-z_][-A-Za-z0-9._]*$"},)",
                  R"("uriString":)",
                  text_of("uri"),
                  R"(,"uriReferenceString":)",
                  text_of("uri-reference"),
                  "}"));
    }
    std::string uri = draft_ == 2019 ? text_of("uri") : to("#/$defs/uriString");
    own.add("$vocabulary",
            cat(R"({"type":"object","propertyNames":)",
                uri,
                R"(,"additionalProperties":)",
                kFlag,
                "}"));
    own.add("$comment", kText);
    own.add("$defs", map_of(self_));
    return out.add("properties", own.done()).done();
  }

  std::string applicator() const {
    std::string schemas = to("#/$defs/schemaArray");
    ObjectText own;
    own.add_all({"contains", "additionalProperties", "propertyNames", "if", "then", "else", "not"},
                self_);
    own.add_all({"properties", "dependentSchemas"}, map_of(self_));
    own.add("patternProperties",
            cat(R"({"type":"object","additionalProperties":)",
                self_,
                R"(,"propertyNames":{"format":"regex"}})"));
    own.add_all({"allOf", "anyOf", "oneOf"}, schemas);
    if (draft_ == 2019) {
      own.add_all({"additionalItems", "unevaluatedItems", "unevaluatedProperties"}, self_);
      own.add("items", any_of(self_, schemas));
    } else {
      own.add("prefixItems", schemas);
      own.add("items", self_);
    }
    ObjectText out = start("meta/applicator");
    out.add("$defs", cat(R"({"schemaArray":)", list_of(self_, R"(,"minItems":1)"), "}"));
    return out.add("properties", own.done()).done();
  }

  std::string unevaluated() const {
    ObjectText own;
    own.add_all({"unevaluatedItems", "unevaluatedProperties"}, self_);
    return start("meta/unevaluated").add("properties", own.done()).done();
  }

  std::string validation() const {
    ObjectText own;
    add_validation(own, "$defs", "nonNegative");
    own.add("multipleOf", R"({"type":"number","exclusiveMinimum":0})");
    own.add_all({"exclusiveMaximum", "exclusiveMinimum"}, kNumber);
    own.add_all({"maxContains", "minContains"}, to("#/$defs/nonNegativeInteger"));
    own.add("dependentRequired", map_of(to("#/$defs/stringArray")));
    own.add("enum", R"({"type":"array","items":true})");
    ObjectText definitions;
    definitions.add("nonNegativeInteger", kWhole);
    definitions.add("nonNegativeIntegerDefault0", to("#/$defs/nonNegativeInteger"));
    definitions.add("simpleTypes", kSimpleTypes);
    definitions.add("stringArray", list_of(kText, R"(,"uniqueItems":true)"));
    ObjectText out = start("meta/validation");
    return out.add("$defs", definitions.done()).add("properties", own.done()).done();
  }

  std::string meta_data() const {
    ObjectText own;
    own.add_all({"title", "description"}, kText);
    own.add_all({"deprecated", "readOnly", "writeOnly"}, kFlag);
    own.add("examples", R"({"type":"array","items":true})");
    return start("meta/meta-data").add("properties", own.done()).done();
  }

  std::string content() const {
    ObjectText own;
    own.add_all({"contentMediaType", "contentEncoding"}, kText);
    own.add("contentSchema", self_);
    return start("meta/content").add("properties", own.done()).done();
  }

  std::optional<std::string> format(std::string_view name) const {
    return start(name).add("properties", cat(R"({"format":)", kText, "}")).done();
  }

  int draft_;
  std::string self_;
};

constexpr SubschemaPlace kPlaces[] = {
    {"definitions", Holds::Map, 4},
    {"not", Holds::One, 4},
    {"allOf", Holds::List, 4},
    {"anyOf", Holds::List, 4},
    {"oneOf", Holds::List, 4},
    {"properties", Holds::Map, 4},
    {"additionalProperties", Holds::One, 4},
    {"patternProperties", Holds::Map, 4},
    {"items", Holds::OneOrList, 4},
    {"additionalItems", Holds::One, 4},
    {"dependencies", Holds::Map, 4},
    {"propertyNames", Holds::One, 6},
    {"contains", Holds::One, 6},
    {"if", Holds::One, 7},
    {"then", Holds::One, 7},
    {"else", Holds::One, 7},
    {"$defs", Holds::Map, 2019},
    {"dependentSchemas", Holds::Map, 2019},
    {"unevaluatedProperties", Holds::One, 2019},
    {"unevaluatedItems", Holds::One, 2019},
    {"contentSchema", Holds::One, 2019},
    {"prefixItems", Holds::List, 2020},
};

// The part behind "http(s)://json-schema.org/".
std::optional<std::string_view> official(std::string_view url) {
  for (std::string_view prefix : {"http://json-schema.org/", "https://json-schema.org/"}) {
    if (url.starts_with(prefix)) return url.substr(prefix.size());
  }
  return std::nullopt;
}

}  // namespace

std::span<const SubschemaPlace> subschema_places() {
  return kPlaces;
}

std::optional<int> draft_of(std::string_view url) {
  if (url.ends_with('#')) url.remove_suffix(1);
  auto path = official(url);
  if (!path) return std::nullopt;
  if (*path == "schema" || *path == "draft/2020-12/schema") return 2020;
  if (*path == "draft/2019-09/schema") return 2019;
  if (*path == "draft-07/schema") return 7;
  if (*path == "draft-06/schema") return 6;
  if (*path == "draft-04/schema") return 4;
  return std::nullopt;
}

std::string_view draft_url(int draft) {
  switch (draft) {
    case 4:
      return "http://json-schema.org/draft-04/schema";
    case 6:
      return "http://json-schema.org/draft-06/schema";
    case 7:
      return "http://json-schema.org/draft-07/schema";
    case 2019:
      return "https://json-schema.org/draft/2019-09/schema";
    default:
      return "https://json-schema.org/draft/2020-12/schema";
  }
}

std::string_view id_keyword(int draft) {
  return draft == 4 ? "id" : "$id";
}

std::optional<std::string> metaschema(std::string_view url) {
  auto path = official(url);
  if (!path) return std::nullopt;
  if (*path == "schema") return Modern(2020).document("schema");
  if (*path == "draft-04/schema") return early(4);
  if (*path == "draft-06/schema") return early(6);
  if (*path == "draft-07/schema") return early(7);
  if (path->starts_with("draft/2019-09/")) return Modern(2019).document(path->substr(14));
  if (path->starts_with("draft/2020-12/")) return Modern(2020).document(path->substr(14));
  return std::nullopt;
}

}  // namespace fleet::schema
