#!/usr/bin/env bash
# bench.sh [NAME]: one line a figure: bench NAME FIGURE ours=VALUE peer=VALUE|none ratio=X
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
. scripts/lib.sh
build release
printf 'machine: %s, %s cores, %s MiB, Linux %s\n' \
  "$(grep -m1 -oP 'model name\s*:\s*\K.*' /proc/cpuinfo)" "$(nproc)" \
  "$(($(grep -oP 'MemTotal:\s*\K\d+' /proc/meminfo) / 1024))" "$(uname -r)"
found=0
for program in build/release/bin/bench.*; do
  [ -x "$program" ] || continue
  name=${program##*/bench.}
  [ -z "${1:-}" ] || [ "$1" = "$name" ] || continue
  found=1
  "$program"
done
[ $found = 1 ] || { say "no benchmark is named '${1:-}'"; exit 2; }
