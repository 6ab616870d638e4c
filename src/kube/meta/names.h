// Rules for names, label keys and label values, with the sentences of apimachinery 0.36.
//
// Each function returns what is wrong, in apimachinery's order; empty when nothing is.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fleet::kube {

using Complaints = std::vector<std::string>;

inline constexpr size_t kMaxDnsLabelBytes = 63;
inline constexpr size_t kMaxDnsSubdomainBytes = 253;
inline constexpr size_t kMaxQualifiedNameBytes = 63;
inline constexpr size_t kMaxLabelValueBytes = 63;
inline constexpr size_t kMaxAnnotationBytes = 256 * 1024;  // all keys and values of an object

Complaints check_dns1123_label(std::string_view text);
Complaints check_dns1123_subdomain(std::string_view text);
Complaints check_dns1035_label(std::string_view text);
Complaints check_qualified_name(std::string_view text);  // "example.com/Name"
Complaints check_label_key(std::string_view text);  // as labels.IsQualifiedName with its own words
Complaints check_label_value(std::string_view text);
Complaints check_port_name(std::string_view text);       // a service or container port
Complaints check_env_var_name(std::string_view text);    // C identifiers, "-" and "."
Complaints check_config_map_key(std::string_view text);  // letters, digits, "-", "_", "."
Complaints check_path_segment(std::string_view text);    // names in RBAC: no "/", "%", ".", ".."

}  // namespace fleet::kube
