// Which form of an answer the client asked for, by its Accept header.
#pragma once

#include <string>
#include <string_view>

#include "kube/apiserver/reply.h"
#include "wire/http/message.h"

namespace fleet::kube::apiserver {

struct Format {
  enum class Shape { Object, Table, Partial };  // Partial: metadata alone
  enum class Syntax { Json, Yaml };
  Shape shape = Shape::Object;
  Syntax syntax = Syntax::Json;
  std::string meta_version = "v1";  // of Table and PartialObjectMetadata
  bool pretty = false;

  bool is_plain() const { return shape == Shape::Object && syntax == Syntax::Json && !pretty; }
};

// NotAcceptable when the client takes nothing that we make. For watches, "stream=watch" is
// understood; YAML is not offered there.
Reply<Format> negotiate(const http::Headers& headers, const http::Query& query);

// The media type of a Content-Type or one member of an Accept list, without parameters.
std::string_view media_type(std::string_view text);
// A parameter of it: media_parameter("a/b;as=Table", "as") is "Table".
std::string_view media_parameter(std::string_view text, std::string_view name);

}  // namespace fleet::kube::apiserver
