#!/usr/bin/env bash
# fuzz.sh NAME [SECONDS]: one libFuzzer target, starting from fuzz/corpus/NAME.
# fuzz.sh --replay-all LOGS [KIND]: every target over its corpus, once, in the build KIND (asan unless told: no clang needed).
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
. scripts/lib.sh
targets=$(sed -n 's/^fleet_fuzz(\([a-z0-9_]*\) .*/\1/p' fuzz/CMakeLists.txt)
if [ "${1:-}" = --replay-all ]; then
  logs="${2:?name a folder for logs}" kind="${3:-asan}"
  build "$kind" fuzz-replays
  for name in $targets; do
    log="$logs/fuzz_$name.log"
    if ! timeout 300 "build/$kind/bin/${name}_replay" "fuzz/corpus/$name" >"$log" 2>&1; then
      say "FAIL  fuzz/$name (log: $log)"; tail -n 15 "$log" >&2; exit 1
    fi
    say "ok    fuzz/$name: $(tail -n 1 "$log")"
  done
  exit 0
fi
name="${1:?name a target: $(echo $targets)}"
build fuzz "${name}_fuzz"
mkdir -p "build/fuzz/found/$name" "fuzz/corpus/$name"
dictionary=""
if [ -f "fuzz/$name.dict" ]; then dictionary="-dict=fuzz/$name.dict"; fi
exec "build/fuzz/bin/${name}_fuzz" -max_total_time="${2:-60}" -rss_limit_mb=2048 -timeout=10 $dictionary \
  -artifact_prefix="build/fuzz/found/$name/" "build/fuzz/found/$name" "fuzz/corpus/$name"
