#include <algorithm>
#include <set>

#include "base/strings.h"
#include "kube/builtin/printers.h"
#include "kube/meta/selector.h"

namespace fleet::kube::builtin {
namespace {

using data::Value;

std::string balancer_addresses(const Value& object) {
  std::set<std::string> addresses;
  for (const Value& ingress : object.at({"status", "loadBalancer", "ingress"}).items()) {
    const Value& ip = ingress["ip"];
    std::string text = ip.is_string() && !ip.as_string().empty() ? ip.to_string()
                                                                 : ingress["hostname"].to_string();
    if (!text.empty()) addresses.insert(text);
  }
  return join(addresses, ",");
}

std::string external_ip(const Row& row) {
  const Value& spec = row.object["spec"];
  std::vector<std::string> fixed;
  for (const Value& ip : spec["externalIPs"].items()) {
    fixed.push_back(ip.to_string());
  }
  std::string type = spec["type"].to_string();
  if (type == "ExternalName") return spec["externalName"].to_string();
  if (type == "LoadBalancer") {
    std::string addresses = balancer_addresses(row.object);
    if (!addresses.empty() && !fixed.empty()) return cat(addresses, ",", join(fixed, ","));
    if (!addresses.empty()) return addresses;
    return fixed.empty() ? "<pending>" : join(fixed, ",");
  }
  return fixed.empty() ? "<none>" : join(fixed, ",");
}

std::string ports_of(const Value& ports) {
  std::vector<std::string> out;
  for (const Value& port : ports.items()) {
    std::string number = std::to_string(port["port"].as_int());
    if (int64_t node = port["nodePort"].as_int(); node > 0) number += cat(":", node);
    out.push_back(cat(number, "/", port["protocol"].as_string()));
  }
  return out.empty() ? "<none>" : join(out, ",");
}

std::string host_and_port(std::string_view host, int64_t port) {
  return host.find(':') != std::string_view::npos ? cat("[", host, "]:", port)
                                                  : cat(host, ":", port);
}

constexpr size_t kMaxShown = 3;

std::string shortened(const std::vector<std::string>& all) {
  if (all.empty()) return "<none>";
  std::vector<std::string> shown(
      all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), kMaxShown)));
  std::string out = join(shown, ",");
  if (all.size() > kMaxShown) out += cat(" + ", all.size() - kMaxShown, " more...");
  return out;
}

}  // namespace

void print_service(const Row& row) {
  row.add_name();
  row.add_text(row.at({"spec", "type"}));
  const Value& ip = row.at({"spec", "clusterIP"});
  row.add_text(ip);
  row.add(external_ip(row));
  row.add(ports_of(row.at({"spec", "ports"})));
  row.add_age();
  row.add(format_labels(row.at({"spec", "selector"})));
}

void print_ingress(const Row& row) {
  row.add_name();
  const Value& old_class = row.at({"metadata", "annotations", "kubernetes.io/ingress.class"});
  const Value& ingress_class = row.at({"spec", "ingressClassName"});
  row.add_text(ingress_class.is_null() ? old_class : ingress_class);
  std::vector<std::string> hosts;
  for (const Value& rule : row.at({"spec", "rules"}).items()) {
    std::string host = rule["host"].to_string();
    if (!host.empty()) hosts.push_back(host);
  }
  if (hosts.empty()) {
    row.add("*");
  } else if (hosts.size() > kMaxShown) {
    std::vector<std::string> first(hosts.begin(), hosts.begin() + kMaxShown);
    row.add(cat(join(first, ","), " + ", hosts.size() - kMaxShown, " more..."));
  } else {
    row.add(join(hosts, ","));
  }
  row.add(balancer_addresses(row.object));
  row.add(row.at({"spec", "tls"}).empty() ? "80" : "80, 443");
  row.add_age();
}

void print_ingress_class(const Row& row) {
  row.add_name();
  row.add(row.at({"spec", "controller"}));
  const Value& parameters = row.at({"spec", "parameters"});
  if (parameters.is_null()) {
    row.add("<none>");
  } else {
    std::string kind = parameters["kind"].to_string();
    std::string group = parameters["apiGroup"].to_string();
    row.add(cat(group.empty() ? kind : cat(kind, ".", group), "/", parameters["name"].as_string()));
  }
  row.add_age();
}

void print_network_policy(const Row& row) {
  row.add_name();
  row.add(format_label_selector(row.at({"spec", "podSelector"})));
  row.add_age();
}

void print_endpoints(const Row& row) {
  row.add_name();
  std::vector<std::string> all;
  for (const Value& subset : row.object["subsets"].items()) {
    for (const Value& port : subset["ports"].items()) {
      for (const Value& address : subset["addresses"].items()) {
        all.push_back(host_and_port(address["ip"].as_string(), port["port"].as_int()));
      }
    }
    if (!subset["ports"].empty()) continue;
    for (const Value& address : subset["addresses"].items()) {
      all.push_back(address["ip"].to_string());
    }
  }
  row.add(shortened(all));
  row.add_age();
}

void print_endpoint_slice(const Row& row) {
  row.add_name();
  row.add(row.object["addressType"]);
  std::vector<std::string> ports;
  for (const Value& port : row.object["ports"].items()) {
    ports.push_back(port["port"].is_null() ? "*" : std::to_string(port["port"].as_int()));
  }
  row.add(ports.empty() ? "<unset>" : shortened(ports));
  std::vector<std::string> addresses;
  for (const Value& endpoint : row.object["endpoints"].items()) {
    for (const Value& address : endpoint["addresses"].items()) {
      addresses.push_back(address.to_string());
    }
  }
  row.add(addresses.empty() ? "<unset>" : shortened(addresses));
  row.add_age();
}

}  // namespace fleet::kube::builtin
