#include "load.h"

#include <atomic>
#include <chrono>

#include "base/strings.h"
#include "data/yaml/yaml.h"
#include "sys/guarded.h"
#include "sys/thread.h"

namespace fleet::bench {

kube::Object load_definition() {
  constexpr const char* kText = R"(
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: loads.bench.example.com}
spec:
  group: bench.example.com
  scope: Namespaced
  names: {plural: loads, kind: Load}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              deploymentID: {type: string}
              options:
                type: object
                properties:
                  namespace: {type: string}
                  helm: {type: object, x-kubernetes-preserve-unknown-fields: true}
              labels: {type: object, additionalProperties: {type: string}}
          status: {type: object, x-kubernetes-preserve-unknown-fields: true}
)";
  return kube::Object(yaml::parse(kText).value());
}

kube::Object load_object(size_t number, size_t bytes) {
  kube::Object object = kube::Object::make(kLoads.gvk(), {"default", cat("load-", number)});
  object.set_label("fleet.cattle.io/bundle-name", cat("bundle-", number % 100));
  object.set_label("fleet.cattle.io/cluster", cat("cluster-", number));
  object.set({"spec", "deploymentID"}, std::string(64, 'a'));
  object.set({"spec", "options", "namespace"}, "default");
  constexpr size_t kValueBytes = 60;
  for (size_t filled = 900; filled + kValueBytes < bytes; filled += kValueBytes + 20) {
    object.set({"spec", "options", "helm", "values", cat("key", filled)},
               std::string(kValueBytes, 'v'));
  }
  return object;
}

Result<double> run_parallel(size_t count,
                            size_t in_flight,
                            const std::function<Result<>(size_t i, size_t worker)>& call) {
  std::atomic<size_t> next = 0;
  Guarded<Result<>> outcome;
  const auto start = std::chrono::steady_clock::now();
  {
    std::vector<Thread> threads;
    for (size_t t = 0; t < in_flight; ++t) {
      threads.emplace_back("load", [&, t](std::stop_token) {
        for (size_t i = next++; i < count; i = next++) {
          Result<> done = call(i, t);
          if (done.ok()) continue;
          outcome.with([&](Result<>& first) { first = std::move(done); });
          next = count;
        }
      });
    }
    for (Thread& thread : threads)
      thread.join();
  }
  TRY(outcome.with([](Result<>& first) { return std::move(first); }));
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace fleet::bench
