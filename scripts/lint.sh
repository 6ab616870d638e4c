#!/usr/bin/env bash
# clang-tidy over named files, or over those that the last commit or the work tree changed.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
. scripts/lib.sh
build fuzz fleet-pch fleet-pch-test  # clang's own flags and precompiled headers
files="$*"
[ -n "$files" ] || files=$( (git diff --name-only HEAD~1 -- '*.cc'; git ls-files -o --exclude-standard '*.cc') | sort -u)
for file in $files; do
  [ -f "$file" ] || continue
  say "tidy $file"
  clang-tidy-14 --quiet -p build/fuzz "$file" 2>&1 | grep -v 'warnings generated'
done
