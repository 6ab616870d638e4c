// What the server does by itself: garbage, namespaces, accounts, CRDs, events, roles.
#include "kube/apiserver/tests/fixture.h"

namespace fleet::kube {
namespace {

constexpr const char* kMaps = "/api/v1/namespaces/default/configmaps";

class Lifecycle : public ApiTest {
 protected:
  std::string make(const std::string& name,
                   const std::string& owner_uid = "",
                   const char* more = "") {
    const std::string owners =
        owner_uid.empty()
            ? ""
            : cat(", ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: owner, uid: ",
                  owner_uid,
                  ", blockOwnerDeletion: true}]");
    const Answer made = post(kMaps, cat("{metadata: {name: ", name, owners, more, "}}"));
    EXPECT_EQ(made.status, 201) << made.text;
    return made.body.at({"metadata", "uid"}).to_string();
  }
  std::string path(const char* name) const { return cat(kMaps, "/", name); }
};

TEST_F(Lifecycle, BackgroundDeletionCollectsDependents) {
  const std::string uid = make("owner");
  make("child", uid);
  make("stranger");
  EXPECT_EQ(remove(path("owner")).status, 200);
  EXPECT_EQ(gone(path("child")).status, 404);
  EXPECT_EQ(get(path("stranger")).status, 200);
}

TEST_F(Lifecycle, ForegroundDeletionWaitsForDependents) {
  const std::string uid = make("owner");
  make("child", uid, ", finalizers: [example.com/wait]");
  const Answer waits = remove(path("owner"), "{propagationPolicy: Foreground}");
  EXPECT_EQ(waits.body.at({"metadata", "finalizers", 0}).to_string(), "foregroundDeletion");
  const Answer child = eventually(path("child"), [](const Answer& answer) {
    return !answer.body.at({"metadata", "deletionTimestamp"}).is_null();
  });
  EXPECT_EQ(child.status, 200);
  EXPECT_EQ(get(path("owner")).status, 200);
  patch(path("child"), "merge-patch+json", R"({"metadata":{"finalizers":null}})");
  EXPECT_EQ(gone(path("owner")).status, 404);
  EXPECT_EQ(get(path("child")).status, 404);
}

TEST_F(Lifecycle, OrphansLoseTheirOwner) {
  const std::string uid = make("owner");
  make("child", uid);
  remove(path("owner"), "{propagationPolicy: Orphan}");
  EXPECT_EQ(gone(path("owner")).status, 404);
  const Answer child = get(path("child"));
  EXPECT_EQ(child.status, 200);
  EXPECT_TRUE(child.body.at({"metadata", "ownerReferences"}).empty());
}

TEST_F(Lifecycle, AnOwnerIsKnownByItsUid) {
  make("owner");
  make("child", "00000000-0000-4000-8000-000000000000");  // another one of the same name
  EXPECT_EQ(gone(path("child")).status, 404);
  EXPECT_EQ(get(path("owner")).status, 200);
}

TEST_F(Lifecycle, AnOwnerOfAnUnknownKindIsNotTakenForAbsent) {
  ASSERT_EQ(
      post(kMaps,
           "{metadata: {name: child, ownerReferences: [{apiVersion: example.com/v1, kind: Widget, "
           "name: w, uid: 00000000-0000-4000-8000-000000000000}]}}")
          .status,
      201);
  make("marker", "00000000-0000-4000-8000-000000000001");
  EXPECT_EQ(gone(path("marker")).status, 404);  // the collector has passed
  EXPECT_EQ(get(path("child")).status, 200);
}

TEST_F(Lifecycle, NamespacesAreFilledAndEmptied) {
  ASSERT_EQ(post("/api/v1/namespaces", "{metadata: {name: team}}").status, 201);
  const Answer ns = get("/api/v1/namespaces/team");
  EXPECT_EQ(ns.body.at({"metadata", "labels", "kubernetes.io/metadata.name"}).to_string(), "team");
  EXPECT_EQ(ns.body.at({"status", "phase"}).to_string(), "Active");
  auto is_there = [](const Answer& answer) { return answer.status == 200; };
  EXPECT_EQ(eventually("/api/v1/namespaces/team/serviceaccounts/default", is_there).status, 200);
  EXPECT_EQ(eventually("/api/v1/namespaces/team/configmaps/kube-root-ca.crt", is_there).status,
            200);
  ASSERT_EQ(post("/api/v1/namespaces/team/secrets",
                 "{metadata: {name: s, finalizers: [example.com/wait]}}")
                .status,
            201);

  const Answer removed = remove("/api/v1/namespaces/team");
  EXPECT_EQ(removed.body.at({"status", "phase"}).to_string(), "Terminating");
  const Answer refused = post("/api/v1/namespaces/team/configmaps", "{metadata: {name: late}}");
  EXPECT_EQ(refused.status, 403);
  EXPECT_TRUE(contains(refused.message(), "because it is being terminated")) << refused.message();
  const Answer secret = eventually("/api/v1/namespaces/team/secrets/s", [](const Answer& answer) {
    return !answer.body.at({"metadata", "deletionTimestamp"}).is_null();
  });
  EXPECT_EQ(secret.status, 200);
  patch("/api/v1/namespaces/team/secrets/s",
        "merge-patch+json",
        R"({"metadata":{"finalizers":null}})");
  EXPECT_EQ(gone("/api/v1/namespaces/team").status, 404);
  EXPECT_EQ(remove("/api/v1/namespaces/default").status, 403);
}

TEST_F(Lifecycle, ADeletedCrdTakesItsObjectsAlong) {
  ASSERT_EQ(
      post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
           "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: "
           "widgets.example.com}, spec: {group: example.com, scope: Cluster, names: {plural: "
           "widgets, "
           "kind: Widget}, versions: [{name: v1, served: true, storage: true, schema: "
           "{openAPIV3Schema: {type: object}}}]}}")
          .status,
      201);
  ASSERT_EQ(post("/apis/example.com/v1/widgets",
                 "{apiVersion: example.com/v1, kind: Widget, metadata: {name: w}}")
                .status,
            201);
  remove("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com");
  EXPECT_EQ(
      gone("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com").status,
      404);
  EXPECT_EQ(gone("/apis/example.com/v1/widgets").status, 404);
}

TEST_F(Lifecycle, ClusterRolesAreAggregated) {
  const char* roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
  ASSERT_EQ(post(roles,
                 "{metadata: {name: all}, aggregationRule: {clusterRoleSelectors: [{matchLabels: "
                 "{part: 'yes'}}]}, rules: []}")
                .status,
            201);
  ASSERT_EQ(post(roles,
                 "{metadata: {name: part, labels: {part: 'yes'}}, rules: [{apiGroups: [x], "
                 "resources: [things], verbs: [get]}]}")
                .status,
            201);
  const Answer all = eventually(
      cat(roles, "/all"), [](const Answer& answer) { return answer.body["rules"].size() == 1; });
  EXPECT_EQ(all.body.at({"rules", 0, "resources", 0}).to_string(), "things");
}

}  // namespace
}  // namespace fleet::kube
