#include "kube/client/kubeconfig.h"

#include <gtest/gtest.h>

#include "data/yaml/yaml.h"
#include "sys/files.h"

namespace fleet::kube {
namespace {

constexpr const char* kConfig = R"(
apiVersion: v1
kind: Config
current-context: dev
clusters:
- name: dev
  cluster: {server: "https://dev:6443", certificate-authority-data: Y2E=, tls-server-name: name}
- name: file
  cluster: {server: "https://file", certificate-authority: ca.pem, insecure-skip-tls-verify: true}
contexts:
- name: dev
  context: {cluster: dev, user: me, namespace: ns}
- name: file
  context: {cluster: file, user: file}
- name: exec
  context: {cluster: dev, user: exec}
- name: lost
  context: {cluster: none}
users:
- name: me
  user: {client-certificate-data: Y2VydA==, client-key-data: a2V5, token: t, as: other, as-groups: [g]}
- name: file
  user: {tokenFile: token, username: u, password: p}
- name: exec
  user: {exec: {command: aws}}
)";

template <typename T>
std::string why(const Result<T>& result) {
  return result.ok() ? "ok" : result.error().message();
}

TEST(Kubeconfig, CurrentContextIsTaken) {
  const Access access = parse_kubeconfig(kConfig).value();
  EXPECT_EQ(access.server, "https://dev:6443");
  EXPECT_EQ(access.ca, "ca");
  EXPECT_EQ(access.tls_server_name, "name");
  EXPECT_EQ(access.client_certificate, "cert");
  EXPECT_EQ(access.client_key.reveal(), "key");
  EXPECT_EQ(access.token.reveal(), "t");
  EXPECT_EQ(access.ns, "ns");
  EXPECT_EQ(access.as_user, "other");
  EXPECT_EQ(access.as_groups, std::vector<std::string>{"g"});
}

TEST(Kubeconfig, FilesAreRelativeToItsFolder) {
  const sys::TempFolder temp = sys::TempFolder::make().value();
  ASSERT_TRUE(sys::write_file(temp.file("config"), kConfig).ok());
  EXPECT_FALSE(load_kubeconfig({.path = temp.file("config"), .context = "file"}).ok());
  ASSERT_TRUE(sys::write_file(temp.file("ca.pem"), "CA").ok());
  const Access access = load_kubeconfig({.path = temp.file("config"), .context = "file"}).value();
  EXPECT_EQ(access.ca, "CA");
  EXPECT_EQ(access.token_file, temp.file("token"));
  EXPECT_TRUE(access.insecure_skip_verify);
  EXPECT_EQ(access.username + access.password.reveal(), "up");
}

TEST(Kubeconfig, ErrorsSayWhatIsMissing) {
  EXPECT_EQ(why(parse_kubeconfig(kConfig, "x")), "context \"x\" does not exist");
  EXPECT_EQ(why(parse_kubeconfig(kConfig, "lost")), "cluster \"none\" does not exist");
  EXPECT_EQ(parse_kubeconfig(kConfig, "exec").error().code(), Code::Unsupported);
  EXPECT_EQ(parse_kubeconfig("{}").error().code(), Code::NotFound);
  EXPECT_EQ(parse_kubeconfig("[").error().code(), Code::Invalid);
  EXPECT_EQ(load_kubeconfig({.path = "/nowhere"}).error().code(), Code::NotFound);
}

TEST(Kubeconfig, WhatIsMadeCanBeRead) {
  Access access;
  access.server = "https://h:1";
  access.ca = "CA";
  access.client_certificate = "C";
  access.client_key = Secret<>("K");
  access.ns = "n";
  const Access again = parse_kubeconfig(yaml::print(make_kubeconfig(access, "me"))).value();
  EXPECT_EQ(again.server, access.server);
  EXPECT_EQ(again.ca, access.ca);
  EXPECT_EQ(again.client_certificate, access.client_certificate);
  EXPECT_EQ(again.client_key, access.client_key);
  EXPECT_EQ(again.ns, access.ns);
}

}  // namespace
}  // namespace fleet::kube
