// What a request's method and path ask for.
//
//   GET /apis/apps/v1/namespaces/x/deployments/y/status
//     -> verb get, group apps, version v1, ns x, resource deployments, name y, subresource status
//
// As kube-apiserver's RequestInfoFactory.
#pragma once

#include <string>
#include <string_view>

#include "wire/http/message.h"

namespace fleet::kube::apiserver {

struct RequestInfo {
  bool is_resource = false;
  std::string verb;  // a resource's: get list watch create update patch delete deletecollection;
                     // else the method in lower case
  std::string path;
  std::string group;
  std::string version;
  std::string ns;
  std::string resource;
  std::string subresource;  // may have parts: "proxy/x"
  std::string name;

  std::string api_version() const { return group.empty() ? version : group + "/" + version; }
  // "deployments.apps"
  std::string group_resource() const { return group.empty() ? resource : resource + "." + group; }
};

RequestInfo request_info(std::string_view method, std::string_view path, const http::Query& query);

// As apimachinery reads a boolean of a query: "", "0" and "false" are false, all else is true;
// absent is false.
bool query_flag(const http::Query& query, std::string_view name);

}  // namespace fleet::kube::apiserver
