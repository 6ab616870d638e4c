// One function a kind: the cells of its row, in the order of its columns. For this room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "data/value/value.h"

namespace fleet::kube::builtin {

struct Row {
  const data::Value& object;
  TimePoint now;
  std::vector<data::Value>& cells;

  const data::Value& at(data::Path path) const { return object.at(path); }
  void add(data::Value cell) const { cells.push_back(std::move(cell)); }
  void add_name() const { add(at({"metadata", "name"})); }
  // The text, or what stands for none.
  void add_text(const data::Value& text, std::string_view none = "<none>") const;
  void add_number(const data::Value& number) const { add(number.as_int()); }
  void add_age() const { add(age(at({"metadata", "creationTimestamp"}))); }
  // "3d4h" since the time, "<unknown>" without one.
  std::string age(const data::Value& time) const;
};

// "name1,name2" and "image1,image2" of a pod's containers.
void add_containers(const Row& row, const data::Value& pod_spec);
// {a: b, c: d} → "a=b,c=d", "<none>" if empty.
std::string format_labels(const data::Value& labels);

void print_plain(const Row& row);
void print_created_at(const Row& row);

// Workloads
void print_pod(const Row& row);
void print_pod_template(const Row& row);
void print_replicaset(const Row& row);
void print_daemonset(const Row& row);
void print_deployment(const Row& row);
void print_statefulset(const Row& row);
void print_job(const Row& row);
void print_cronjob(const Row& row);
void print_hpa(const Row& row);
void print_budget(const Row& row);
void print_revision(const Row& row);

// Networks
void print_service(const Row& row);
void print_ingress(const Row& row);
void print_ingress_class(const Row& row);
void print_network_policy(const Row& row);
void print_endpoints(const Row& row);
void print_endpoint_slice(const Row& row);

// The rest
void print_admission_binding(const Row& row);
void print_admission_policy(const Row& row);
void print_api_service(const Row& row);
void print_binding(const Row& row);
void print_claim(const Row& row);
void print_config_map(const Row& row);
void print_crd(const Row& row);
void print_csr(const Row& row);
void print_event(const Row& row);
void print_lease(const Row& row);
void print_namespace(const Row& row);
void print_node(const Row& row);
void print_priority_class(const Row& row);
void print_quota(const Row& row);
void print_secret(const Row& row);
void print_service_account(const Row& row);
void print_storage_class(const Row& row);
void print_volume(const Row& row);
void print_webhooks(const Row& row);

}  // namespace fleet::kube::builtin
