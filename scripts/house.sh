#!/usr/bin/env bash
# Holds the house rules that neither the compiler nor the configure step sees.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
. scripts/lib.sh
bad=0
fault() { say "$1"; bad=1; }

# Floors and purity stop the configure step; headers compile alone.
build debug header-check || exit 1

# Rule 3: a pure module has no clock, files, threads, environment or random numbers.
pure=$(grep -oP '^fleet_module\(\K\S+(?=\s+PURE)' src/CMakeLists.txt)
for room in $pure; do
  found=$(grep -nP '#include <(thread|fstream|filesystem|iostream|random|unistd\.h|sys/.*)>|std::(getenv|rand|this_thread)|(?<![A-Za-z0-9_>])::(getenv|time|open|read|clock_gettime)\(|_clock::now' \
    src/"$room"/*.cc src/"$room"/*.h 2>/dev/null)
  [ -z "$found" ] || fault "$room is pure, but:
$found"
done

# Rule 4: each third-party library is named by its keeper alone, and in no header.
keeper() { # NAME INCLUDE-PATTERN FOLDERS
  found=$(grep -rnE "#include <($2)" src programs --include='*.cc' | grep -vE "^src/($3)/")
  [ -z "$found" ] || fault "$1 is kept by $3:
$found"
  found=$(grep -rnE "#include <($2)" src programs --include='*.h' | grep -vE "^src/($3)/[a-z_]*_internal\.h")
  [ -z "$found" ] || fault "$1 is named in a header:
$found"
}
keeper OpenSSL 'openssl/' 'codec|wire/crypto|wire/tls|wire/http'
keeper nghttp2 'nghttp2/' 'wire/http'
keeper zlib 'zlib\.h' 'codec'
keeper RE2 're2/' 'text'
keeper libcrypt 'crypt\.h' 'wire/crypto'
keeper SQLite 'sqlite3\.h' 'kube/store'
keeper CLI11 'CLI/' 'cli'

# Sizes, and a README that fits a screen in every room.
while read -r lines file; do
  [ "$lines" -le 600 ] || fault "$file has $lines lines; split it by subject (600 at most)"
done < <(git ls-files '*.cc' '*.h' '*.sh' '*.ts' '*.tsx' | grep -v "$generated" | xargs wc -l | grep -v ' total$')
for room in $(grep -oP '^fleet_module\(\K\S+' src/CMakeLists.txt); do
  if [ ! -f "src/$room/README.md" ]; then
    fault "src/$room has no README.md"
  elif [ "$(wc -l <"src/$room/README.md")" -gt 60 ]; then
    fault "src/$room/README.md is longer than a screen: is the room two rooms?"
  fi
done

# docs/flow.md names files; each must exist.
for file in $(grep -oP '`\K(src|ui|charts)/[A-Za-z0-9_/.-]+\.[a-z]+(?=`)' docs/flow.md 2>/dev/null); do
  [ -e "$file" ] || fault "docs/flow.md names $file, which does not exist"
done

[ $bad = 0 ] && say "the house is as drawn"
exit $bad
