#!/usr/bin/env bash
# What people type first, with the kubectl on PATH (KUBECTL names another one) and with an old one:
# KUBECTL_OLD, or Debian 12's 1.20, which is fetched with apt and unpacked for this test alone.
# FLEET names the program. Exit code 77: no kubectl.
set -euo pipefail
fleet=${FLEET:-build/release/bin/fleet}
newest=${KUBECTL:-kubectl}
command -v "$newest" >/dev/null || { echo "kubectl is not on this machine"; exit 77; }
data=$(mktemp -d)
"$fleet" server --data-dir "$data" --listen "${LISTEN:-127.0.0.1:16449}" --store memory --log-level error &
hub=$!
watcher=
trap 'kill $hub $watcher 2>/dev/null; wait 2>/dev/null || true; rm -rf "$data"' EXIT

k() { "$kubectl" --kubeconfig "$data/admin.kubeconfig" --cache-dir "$data/cache-$name" "$@"; }

die() { echo "$name: $*" >&2; exit 1; }

# Runs a command again until it succeeds, for half a minute.
until_ok() {
  local deadline=$((SECONDS + 30))
  until "$@" >/dev/null 2>&1; do [ $SECONDS -lt $deadline ] || die "never: $*"; done
}

expect() { # PATTERN COMMAND...
  local pattern="$1" output
  shift
  output=$("$@" 2>&1) || die "failed: $*"$'\n'"$output"
  grep -qE "$pattern" <<<"$output" || die "no '$pattern' in: $*"$'\n'"$output"
}

refuse() { # PATTERN COMMAND...: it must fail and say so
  local pattern="$1" output
  shift
  ! output=$("$@" 2>&1) || die "did not fail: $*"$'\n'"$output"
  grep -qE "$pattern" <<<"$output" || die "no '$pattern' in: $*"$'\n'"$output"
}

gone() { ! k get "$@" >/dev/null 2>&1; }

apply_and_look() {
  expect 'gitrepo.fleet.cattle.io/nowhere created' k apply -f "$data/repo.yaml"
  expect 'nowhere unchanged' k apply -f "$data/repo.yaml"
  expect 'created' k apply -f "$data/bundle.yaml"
  expect 'created' k apply -f "$data/deployment.yaml"
  until_ok k get cluster -n fleet-default seen -o jsonpath='{.status.namespace}'
  local all
  all=$(k get gitrepos,bundles,bundledeployments,clusters -A) || die "get of four kinds failed"
  local header
  for header in \
    'NAMESPACE +NAME +REPO +COMMIT +BUNDLEDEPLOYMENTS-READY +STATUS *$' \
    'NAMESPACE +NAME +BUNDLEDEPLOYMENTS-READY +STATUS *$' \
    'NAMESPACE +NAME +DEPLOYED +MONITORED +STATUS *$' \
    'NAMESPACE +NAME +BUNDLES-READY +LAST-SEEN +STATUS *$'; do
    grep -qE "^$header" <<<"$all" || die "no header '$header' in"$'\n'"$all"
  done
  expect '^fleet-default +gitrepo.fleet.cattle.io/nowhere +http://127.0.0.1:1/nowhere' \
    k get gitrepos,bundles,bundledeployments,clusters -A
  expect '^fleet-default +nowhere +http://127.0.0.1:1/nowhere' k get gitrepos -A -o wide
  expect 'Repo: +http://127.0.0.1:1/nowhere' k describe gitrepo nowhere -n fleet-default
  expect 'targets' k explain gitrepo.spec
  expect 'VERSION: +(fleet.cattle.io/)?v1alpha1' k explain bundles.spec.helm
  expect '^ *take[oO]wnership' k explain bundles.spec.helm
  expect 'gitrepos' k api-resources --api-group=fleet.cattle.io
  expect '^ok$' k get --raw /readyz
}

change() {
  expect 'serverside-applied' k apply --server-side --force-conflicts -f "$data/repo.yaml"
  expect 'labeled' k label gitrepo nowhere -n fleet-default a=b
  refuse 'already has a value' k label gitrepo nowhere -n fleet-default a=c
  expect 'labeled' k label --overwrite gitrepo nowhere -n fleet-default a=c
  expect 'annotated' k annotate --overwrite gitrepo nowhere -n fleet-default a=b
  expect 'edited' env KUBE_EDITOR="sed -i s/main/other/" "$kubectl" --kubeconfig "$data/admin.kubeconfig" \
    edit gitrepo nowhere -n fleet-default
  expect '^other$' k get gitrepo nowhere -n fleet-default -o jsonpath='{.spec.branch}'
  expect 'patched' k patch gitrepo nowhere -n fleet-default --type merge -p '{"spec":{"branch":"main"}}'
  expect 'patched' k patch gitrepo nowhere -n fleet-default --type json \
    -p '[{"op":"replace","path":"/spec/branch","value":"third"}]'
  refuse 'strategic merge patch|not supported|UnsupportedMediaType' k patch gitrepo nowhere -n fleet-default --type strategic -p '{}'
  refuse 'spec.paused' k patch gitrepo nowhere -n fleet-default --type merge -p '{"spec":{"paused":"yes"}}'
  sed 's/main/fourth/' "$data/repo.yaml" >"$data/repo4.yaml"
  expect 'server dry run' k apply --dry-run=server -f "$data/repo4.yaml"
  expect '^third$' k get gitrepo nowhere -n fleet-default -o jsonpath='{.spec.branch}'
  refuse '^\+ *branch: fourth' k diff -f "$data/repo4.yaml"
  expect 'replaced' k replace -f "$data/repo4.yaml"
  expect '^fourth$' k get gitrepo nowhere -n fleet-default -o jsonpath='{.spec.branch}'
  refuse 'conflict.*before-first-apply|conflict.*kubectl' \
    k apply --server-side --field-manager=other -f "$data/repo.yaml"
  expect 'yes' k auth can-i create gitrepos
  [ "$(k auth can-i create gitrepos --as=nobody 2>/dev/null)" = no ] || die "nobody may create gitrepos"
}

# `get -w` shows the object, then a change of it, then its end.
watch_changes() {
  expect created k create configmap watched -n default --from-literal=a=1
  exec 3< <(exec "$kubectl" --kubeconfig "$data/admin.kubeconfig" get configmaps -n default -w \
    --field-selector metadata.name=watched -o jsonpath='{.data.a}{"\n"}')
  watcher=$!
  local line
  read -r -t 30 line <&3 || die "get -w shows nothing"
  [ "$line" = 1 ] || die "get -w begins with '$line'"
  expect patched k patch configmap watched -n default -p '{"data":{"a":"2"}}'
  read -r -t 30 line <&3 || die "get -w does not show the change"
  [ "$line" = 2 ] || die "get -w shows '$line' after the change"
  kill $watcher
  exec 3<&-
  expect deleted k delete configmap watched -n default
}

# A parent and a child that it owns: what --cascade=MODE leaves.
cascade() { # MODE
  expect created k create configmap parent -n default
  local uid
  uid=$(k get configmap parent -n default -o jsonpath='{.metadata.uid}')
  k create -f - >/dev/null <<YAML
apiVersion: v1
kind: ConfigMap
metadata:
  name: child
  namespace: default
  ownerReferences:
  - {apiVersion: v1, kind: ConfigMap, name: parent, uid: $uid, blockOwnerDeletion: true}
YAML
  expect 'deleted' k delete configmap parent -n default --cascade="$1"
  until_ok gone configmap parent -n default
  if [ "$1" = orphan ]; then
    [ -z "$(k get configmap child -n default -o jsonpath='{.metadata.ownerReferences}')" ] ||
      die "the orphan still names its owner"
    expect deleted k delete configmap child -n default
  else
    until_ok gone configmap child -n default
  fi
}

# Nothing runs here; kubectl says so, whatever it is asked for.
ask_a_pod() {
  local words='nothing runs on simulated nodes'
  expect created k create -f "$data/pod.yaml"
  k get pod idle -n default -o json | sed 's/"phase": "[A-Za-z]*"/"phase": "Running"/' >"$data/running.json"
  k replace --raw /api/v1/namespaces/default/pods/idle/status -f "$data/running.json" >/dev/null
  refuse "$words" k logs idle -n default
  refuse "$words" k logs -f idle -n default
  refuse "$words" k exec idle -n default -- ls
  refuse "$words" k attach idle -n default
  refuse "$words" k port-forward idle -n default :80
  expect deleted k delete pod idle -n default --grace-period=0 --force
}

check() { # NAME KUBECTL
  name="$1" kubectl="$2"
  until_ok k get --raw /readyz
  apply_and_look
  change
  watch_changes
  ask_a_pod
  local mode
  for mode in background foreground orphan; do cascade $mode; done
  expect 'deleted' k delete -f "$data/deployment.yaml"
  expect 'deleted' k delete -f "$data/bundle.yaml"
  expect 'deleted' k delete -f "$data/repo.yaml"
  until_ok gone gitrepo nowhere -n fleet-default
  echo "$("$kubectl" version --client 2>/dev/null | grep -oE 'v[0-9]+\.[0-9]+\.[0-9]+' | head -1): all answers are as expected"
}

# Debian 12's kubectl, unpacked beside the test's data. Fails when apt has none.
fetch_old() {
  cd "$data"
  apt-get download kubernetes-client && dpkg -x kubernetes-client_*.deb old
} >/dev/null 2>&1

cat >"$data/repo.yaml" <<'YAML'
apiVersion: fleet.cattle.io/v1alpha1
kind: GitRepo
metadata: {name: nowhere, namespace: fleet-default}
spec: {repo: "http://127.0.0.1:1/nowhere", branch: main, paused: true}
YAML
cat >"$data/bundle.yaml" <<'YAML'
apiVersion: fleet.cattle.io/v1alpha1
kind: Bundle
metadata: {name: idle, namespace: fleet-default}
spec: {paused: true, resources: [{name: a.yaml, content: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"}]}
YAML
cat >"$data/deployment.yaml" <<'YAML'
apiVersion: v1
kind: List
items:
- {apiVersion: fleet.cattle.io/v1alpha1, kind: BundleDeployment, metadata: {name: idle, namespace: fleet-default}, spec: {paused: true}}
- {apiVersion: fleet.cattle.io/v1alpha1, kind: Cluster, metadata: {name: seen, namespace: fleet-default}, spec: {clientID: seen}}
YAML
cat >"$data/pod.yaml" <<'YAML'
apiVersion: v1
kind: Pod
metadata: {name: idle, namespace: default}
spec: {nodeName: simulated, containers: [{name: c, image: none}]}
YAML
check newest "$newest"
old=${KUBECTL_OLD:-}
if [ -z "$old" ] && (fetch_old); then old=$data/old/usr/bin/kubectl; fi
if [ -n "$old" ]; then check old "$old"; else echo "skipped: no old kubectl (KUBECTL_OLD), and apt has none"; fi
