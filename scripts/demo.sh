#!/usr/bin/env bash
# A hub with three simulated clusters and a git repository: waits until a commit is Ready everywhere, then stays.
# --once: the same, then stops; exit code 0, or 1 with the reason.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
. scripts/lib.sh
once=""
case "${1:-}" in
  "") ;;
  --once) once=yes ;;
  *) say "dev demo: '$1' is not understood; the only flag is --once"; exit 2 ;;
esac
fleet="$PWD/build/release/bin/fleet"
data="$PWD/build/demo"
clusters=3 bundles=3 patience=120
rm -rf "$data" && mkdir -p "$data/repositories"

children=()
cleanup() {
  for child in "${children[@]}"; do kill "$child" 2>/dev/null || true; done
  wait 2>/dev/null || true
}
trap cleanup EXIT
trap 'exit 130' INT TERM

fail() {
  say "$1"
  say "the last lines of $data/hub.log:"
  tail -n 15 "$data/hub.log" >&2 || true
  exit 1
}

# until_true WHAT COMMAND...: tries again until it succeeds or patience is at an end.
until_true() {
  local what="$1" deadline=$((SECONDS + patience))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || fail "$what: not within $patience s"
    kill -0 "${children[0]}" 2>/dev/null || fail "the hub ended"
    read -rt 0.2 <> <(:) || true
  done
}

git_here() { git -c user.name=Demo -c user.email=demo@example.org -c safe.directory='*' "$@"; }

# The repository, and the git host in front of it.
git_here init -q --bare -b main "$data/repositories/sample"
cp -r examples "$data/sample"
git_here -C "$data/sample" init -q -b main
git_here -C "$data/sample" add .
git_here -C "$data/sample" commit -q -m "the sample repository"
git_here -C "$data/sample" push -q "$data/repositories/sample" main

"$fleet" server --data-dir "$data/hub" --listen "127.0.0.1:${PORT:-6443}" --playground $clusters >"$data/hub.log" 2>&1 &
children+=($!)
"$fleet" playground-git "$data/repositories" >"$data/git.url" 2>"$data/git.log" &
children+=($!)

export KUBECONFIG="$data/hub/admin.kubeconfig"
hub_answers() { [ -s "$KUBECONFIG" ] && "$fleet" get clusters -A >/dev/null 2>&1; }
git_answers() { [ -s "$data/git.url" ]; }
all_registered() { [ "$("$fleet" get clusters -n fleet-default -o name 2>/dev/null | wc -l)" = $clusters ]; }
until_true "the hub answers" hub_answers
say "hub ready        https://127.0.0.1:${PORT:-6443}"
until_true "the git host answers" git_answers
url="$(head -n 1 "$data/git.url")sample"
git_here -C "$data/sample" remote add origin "$url"
until_true "the clusters register" all_registered
say "clusters         playground-1 (env=dev)  playground-2 (env=test)  playground-3 (env=prod)"
"$fleet" repo add "$url" --name sample --branch main --path base --path web --path shop --polling-interval 5s >/dev/null
say "repository       $url, branch main"

is_ready() {
  "$fleet" get gitrepos sample -n fleet-default -o json 2>/dev/null |
    grep -q "\"readyBundleDeployments\": *\"$((clusters * bundles))/$((clusters * bundles))\""
}
until_true "the commit is Ready everywhere" is_ready
say "sample           Ready on $clusters of $clusters clusters"
[ -z "$once" ] || exit 0

cat <<TXT

Try next, in another terminal:
  export KUBECONFIG=$KUBECONFIG
  $fleet status
  $fleet get deployments -A -w
  kubectl get gitrepos,bundles,bundledeployments,clusters -A      (if you have kubectl)
  cd $data/sample && \$EDITOR web/fleet.yaml && git commit -am change && git push origin main

Nothing runs on the simulated clusters; everything else is real. Ctrl-C stops all of it.
TXT
wait "${children[0]}"
