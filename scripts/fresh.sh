#!/usr/bin/env bash
# Proves the two commands on a machine that has nothing: a new Debian 12 root, a clone, `./dev demo --once`, `./dev test`.
# usage: scripts/fresh.sh FOLDER [CORPUS]     (as root; FOLDER is made; CORPUS is laid beside the clone as shared/corpus)
set -euo pipefail
root="${1:?name a folder for the new root}"
corpus="${2:-}"
here="$(cd "$(dirname "$0")/.." && pwd)"
if [ ! -d "$root/bin" ]; then
  debootstrap --variant=minbase --include=git,ca-certificates bookworm "$root"
  cp /etc/resolv.conf "$root/etc/" && cp -r /etc/apt/. "$root/etc/apt/"
fi
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
mountpoint -q "$root/dev" || mount --rbind /dev "$root/dev"
trap 'umount -l "$root/proc" "$root/dev"' EXIT
rm -rf "$root/src" && mkdir -p "$root/src"
git clone -q "$here" "$root/src/fleet"
if [ -n "$corpus" ]; then mkdir -p "$root/src/shared" && cp -r "$corpus" "$root/src/shared/corpus"; fi
chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
  bash -c 'cd /src/fleet && ./dev demo --once && ./dev test'
