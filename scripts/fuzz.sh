#!/usr/bin/env bash
# fuzz.sh NAME [SECONDS]: one libFuzzer target, starting from fuzz/corpus/NAME.
# fuzz.sh --replay-all LOGS: every target over its corpus, once.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
. scripts/lib.sh
if [ "${1:-}" = --replay-all ]; then
  build fuzz fuzz-targets
  for target in build/fuzz/bin/*_fuzz; do
    name=$(basename "$target" _fuzz)
    [ -d "fuzz/corpus/$name" ] || continue
    if ! "$target" -runs=0 "fuzz/corpus/$name" >"$2/fuzz_$name.log" 2>&1; then say "FAIL  fuzz/$name (log: $2/fuzz_$name.log)"; exit 1; fi
    say "ok    fuzz/$name"
  done
  exit 0
fi
name="${1:?name a target: $(ls fuzz/*_fuzz.cc 2>/dev/null | xargs -n1 basename | sed 's/_fuzz.cc//' | tr '\n' ' ')}"
build fuzz "${name}_fuzz"
mkdir -p "build/fuzz/found/$name" "fuzz/corpus/$name"
exec "build/fuzz/bin/${name}_fuzz" -max_total_time="${2:-60}" -rss_limit_mb=2048 -timeout=10 \
  -artifact_prefix="build/fuzz/found/$name/" "build/fuzz/found/$name" "fuzz/corpus/$name"
