// A request and its answer, whatever brought them: a socket, or a call in the same process.
//
// Bodies are text on sockets, documents in process: the fast path never makes JSON text.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "data/value/value.h"
#include "wire/http/message.h"

namespace fleet::kube::apiserver {

// Who asks. Groups decide together with the name.
struct Identity {
  std::string name;
  std::string uid;
  std::vector<std::string> groups;
  std::map<std::string, std::vector<std::string>> extra;

  bool in_group(std::string_view group) const;
  bool is_anonymous() const;
};

inline constexpr std::string_view kAnonymous = "system:anonymous";
inline constexpr std::string_view kAuthenticated = "system:authenticated";
inline constexpr std::string_view kUnauthenticated = "system:unauthenticated";
inline constexpr std::string_view kMasters = "system:masters";
inline constexpr std::string_view kServiceAccountPrefix = "system:serviceaccount:";

// The verified subject of a client certificate.
struct PeerSubject {
  std::string common_name;
  std::vector<std::string> organizations;
};

struct Request {
  std::string method = "GET";
  std::string path;  // decoded
  http::Query query;
  http::Headers headers;
  std::variant<std::string, data::Value> body;
  std::optional<PeerSubject> peer;
  // Set by in-process callers: they are who they say. Otherwise found from `headers` and `peer`.
  std::optional<Identity> identity;
  std::string remote_address;

  bool has_document() const { return std::holds_alternative<data::Value>(body); }
  std::string_view text() const;
};

class EventSource;  // watch.h

// An answer's body: text, a document, text in pieces, or a watch.
struct Response {
  int status = 200;
  std::string content_type = "application/json";
  http::Headers headers;  // beside content-type
  std::variant<std::string, data::Value> body;
  // Gives the next piece of a long body; false after the last. Instead of `body`.
  std::function<bool(std::string& piece)> pieces;
  // Instead of `body`.
  std::shared_ptr<EventSource> watch;

  bool ok() const { return status < 400; }
  // The body as text, whatever it is; pieces are joined.
  std::string take_text();
  // The body as a document; Null when it is not JSON.
  data::Value take_document();
};

}  // namespace fleet::kube::apiserver
