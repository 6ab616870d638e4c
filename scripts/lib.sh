# Shared by ./dev and its scripts: packages, builds and one-line progress. Sourced, from the root of the checkout.

# Files that tools wrote; not formatted, not counted.
generated='printable_ranges.cc\|_table.cc\|_data.cc'

packages_build="g++ cmake ninja-build ccache mold pkg-config libssl-dev libnghttp2-dev libre2-dev \
zlib1g-dev libcrypt-dev libsqlite3-dev libgtest-dev"
packages_run="git openssh-client ca-certificates"
packages_test="git openssh-client openssh-server docker-registry"
packages_lint="clang-14 clang-format-14 clang-tidy-14 libclang-rt-14-dev"

say() { printf '%s\n' "$*" >&2; }

# install_packages SET...: installs what is missing of the named sets, and says so.
install_packages() {
  local set name missing=""
  for set in "$@"; do
    local names="packages_$set"
    for name in ${!names}; do
      dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing="$missing $name"
    done
  done
  [ -z "$missing" ] && return 0
  local root=""
  if [ "$(id -u)" != 0 ]; then root="sudo"; fi
  say "installing:$missing"
  mkdir -p build
  if ! { $root env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing; } >build/install.log 2>&1; then
    say "the installation failed; see build/install.log:"
    tail -n 5 build/install.log >&2
    exit 1
  fi
}

# build KIND [TARGET...]: configures and builds into build/KIND; quiet but for progress, the log's path on failure.
build() {
  local kind="$1" folder="build/$1"
  shift
  case "$kind" in
    release | debug | asan | tsan | fuzz) ;;
    *) say "dev: '$kind' is no kind of build; it must be release, debug, asan or tsan"; exit 2 ;;
  esac
  mkdir -p "$folder"
  local log="$folder/build.log" compiler=""
  if [ "$kind" = fuzz ]; then compiler="-DCMAKE_CXX_COMPILER=clang++-14"; fi
  say "building $kind ${*:-everything} (log: $log)"
  if [ ! -f "$folder/build.ninja" ] && ! cmake -S . -B "$folder" -G Ninja -DFLEET_KIND="$kind" $compiler >"$log" 2>&1; then
    grep -A5 'CMake Error' "$log" >&2 || tail -n 20 "$log" >&2
    exit 1
  fi
  if ! ninja -C "$folder" -k 20 "$@" >"$log" 2>&1; then
    grep -E 'error|FAILED' "$log" | head -n 20 >&2
    say "the build failed; see $log"
    exit 1
  fi
}
