#!/usr/bin/env bash
# The README's first command: the sample repository is Ready on three of three clusters.
set -euo pipefail
output=$(PORT=16447 scripts/demo.sh --once 2>&1) || { echo "$output"; exit 1; }
echo "$output"
grep -q 'Ready on 3 of 3 clusters' <<<"$output"
