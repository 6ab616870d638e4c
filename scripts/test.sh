#!/usr/bin/env bash
# Every test, or those whose name contains the argument. Last line: N passed, N failed, N skipped.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
. scripts/lib.sh
only="${1:-}"
passed=0 failed=0 skipped=0
logs=build/test-logs
mkdir -p "$logs"

wanted() { [ -z "$only" ] || [[ "$1" == *"$only"* ]]; }

skip() { skipped=$((skipped + 1)); say "skip  $1: $2"; }

# check NAME COMMAND...: runs it with output in a log. Exit code 77 means skipped; its last line says what is missing.
check() {
  local name="$1" code=0 start=$SECONDS
  shift
  wanted "$name" || return 0
  local log="$logs/${name//\//_}.log"
  "$@" >"$log" 2>&1 </dev/null || code=$?
  if [ $code = 0 ]; then
    passed=$((passed + 1)); say "ok    $name ($((SECONDS - start)) s)"
    if grep -q '^\[  SKIPPED \]' "$log"; then skip "$name (in part)" "$(grep -m1 '^\[  SKIPPED \]' "$log") see $log"; fi
  elif [ $code = 77 ]; then
    skip "$name" "$(tail -n 1 "$log")"
  else
    failed=$((failed + 1)); say "FAIL  $name (exit $code; log: $log)"; tail -n 15 "$log" | sed 's/^/      /' >&2
  fi
}

format_check() { git ls-files '*.cc' '*.h' | grep -v "$generated" | xargs clang-format-14 --dry-run -Werror; }

# A failed build is a failed check, and the rest goes on.
check_build() { check "build/$1" bash -c '. scripts/lib.sh; build "$@"' build "$@"; }

# unit KIND PATTERN: the test programs of a build whose names match.
unit() {
  local program
  for program in $(ls "build/$1/bin" 2>/dev/null | grep '\.test$' | grep -E "$2"); do
    check "unit/$1/${program%.test}" timeout 600 "build/$1/bin/$program" --gtest_brief=1
  done
}

conformance() {
  if [ ! -d ../shared/corpus ] && [ -z "${CORPUS:-}" ]; then
    skip "conformance" "no recorded cases at ../shared/corpus (CORPUS=DIR names another place)"
    return
  fi
  local family
  for family in helm kustomize patches fleet-cli tables; do
    check "conformance/$family" build/release/bin/conformance --family "$family" \
      --corpus "${CORPUS:-../shared/corpus}" --open tests/conformance/open.txt
    wanted "conformance/$family" && tail -n 1 "$logs/conformance_$family.log" >&2
  done
}

install_packages build run test lint
check format format_check
check house scripts/house.sh
check_build release
unit release .
conformance
check cluster timeout 1200 build/release/bin/cluster.tests --gtest_brief=1
check e2e timeout 1200 build/release/bin/e2e.tests --gtest_brief=1
for script in tests/e2e/*.sh; do
  name=${script##*/}
  check "e2e/${name%.sh}" timeout 600 bash "$script"
done
# Sanitizers need builds of their own: asked for by name, `./dev test unit/asan`, `unit/tsan`, `fuzz`.
if [[ "$only" == unit/asan* ]]; then
  check_build asan unit-tests
  unit asan .
fi
if [[ "$only" == unit/tsan* ]]; then
  check_build tsan unit-tests-threads
  unit tsan '^(sys|kube)\.?'
fi
if [[ "$only" == fuzz* ]]; then check fuzz scripts/fuzz.sh --replay-all "$logs"; fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
