#!/usr/bin/env bash
# kubectl against a hub: what people type first. KUBECTL names another one.
set -euo pipefail
kubectl=${KUBECTL:-kubectl}
command -v "$kubectl" >/dev/null || { echo "kubectl is not on this machine"; exit 77; }
data=$(mktemp -d)
build/release/bin/fleet server --data-dir "$data" --listen 127.0.0.1:16449 --store memory --log-level warn &
hub=$!
trap 'kill $hub 2>/dev/null; wait $hub 2>/dev/null || true; rm -rf "$data"' EXIT
k() { "$kubectl" --kubeconfig "$data/admin.kubeconfig" --cache-dir "$data/cache" "$@"; }
deadline=$((SECONDS + 30))
until [ -s "$data/admin.kubeconfig" ] && k get --raw /readyz >/dev/null 2>&1; do [ $SECONDS -lt $deadline ]; done

expect() { # PATTERN COMMAND...
  local pattern="$1" output
  shift
  output=$("$@" 2>&1) || { echo "failed: $*"; echo "$output"; exit 1; }
  grep -qE "$pattern" <<<"$output" || { echo "no '$pattern' in: $*"; echo "$output"; exit 1; }
}

cat >"$data/repo.yaml" <<'YAML'
apiVersion: fleet.cattle.io/v1alpha1
kind: GitRepo
metadata: {name: nowhere, namespace: fleet-default}
spec: {repo: "http://127.0.0.1:1/nowhere", branch: main, paused: true}
YAML
expect 'gitrepo.fleet.cattle.io/nowhere created' k apply -f "$data/repo.yaml"
expect 'unchanged|configured' k apply -f "$data/repo.yaml"
expect 'serverside-applied' k apply --server-side --force-conflicts -f "$data/repo.yaml"
expect 'NAME +REPO +COMMIT +BUNDLEDEPLOYMENTS-READY +STATUS' k get gitrepos -A
expect 'nowhere' k get gitrepos,bundles,bundledeployments,clusters -A
expect 'Repo: +http://127.0.0.1:1/nowhere' k describe gitrepo nowhere -n fleet-default
expect 'targets' k explain gitrepo.spec
expect 'yes' k auth can-i create gitrepos
[ "$(k auth can-i create gitrepos --as=nobody 2>/dev/null)" = no ] || { echo "nobody may create gitrepos"; exit 1; }
expect 'labeled' k label gitrepo nowhere -n fleet-default a=b
expect 'annotated' k annotate gitrepo nowhere -n fleet-default a=b
expect 'edited' env KUBE_EDITOR="sed -i s/main/other/" "$kubectl" --kubeconfig "$data/admin.kubeconfig" edit gitrepo nowhere -n fleet-default
expect 'other' k get gitrepo nowhere -n fleet-default -o jsonpath='{.spec.branch}'
expect 'patched' k patch gitrepo nowhere -n fleet-default --type merge -p '{"spec":{"branch":"main"}}'
for cascade in background foreground orphan; do
  expect "configmap/$cascade created" k create configmap $cascade -n default
  expect 'deleted' k delete configmap $cascade -n default --cascade=$cascade
done
expect 'deleted' k delete -f "$data/repo.yaml"
expect 'gitrepos' k api-resources --api-group=fleet.cattle.io
echo "all answers are as expected"
