#!/usr/bin/env bash
# Runs a command on a fresh Debian in a folder, as root there: build/fresh.sh bookworm "apt-get update"
# The first time it makes that Debian (debootstrap, into .cache/fresh); each call gets a copy, which goes afterwards with all
# that was started in it. The checkout lies at /src there, and what FRESH_WITH names at /with. It takes the lists of packages
# of this machine, and needs root and debootstrap.
set -euo pipefail
cd "$(dirname "$0")/.."
missing() { echo "fresh: $*" >&2; exit 2; }
[ $# = 2 ] || missing "say the Debian and what to run on it, as in: build/fresh.sh bookworm 'apt-get update'"
suite=$1
[ "$(id -u)" = 0 ] || missing "it has to be run as root"
for tool in debootstrap unshare chroot; do command -v "$tool" >/dev/null || missing "$tool is missing: apt-get install debootstrap util-linux"; done
mirror=$(sed -n 's/^URIs: //p' /etc/apt/sources.list.d/*.sources 2>/dev/null | head -1)
[ -n "$mirror" ] || mirror=$(sed -n 's/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p' /etc/apt/sources.list 2>/dev/null | head -1)
[ -n "$mirror" ] || missing "this machine has no list of Debian's packages to go by"

base=$PWD/.cache/fresh/$suite
if [ ! -e "$base.done" ]; then
	mkdir -p "$base"
	debootstrap --variant=minbase --include=ca-certificates "$suite" "$base" "$mirror" >"$base.log" || { tail -n 5 "$base.log"; exit 1; }
	cp -a /etc/apt/apt.conf.d/. "$base/etc/apt/apt.conf.d/"
	touch "$base.done"
fi
root=$(mktemp -d "$PWD/.cache/fresh/run-XXXXXX")
trap 'rm -rf "$root"' EXIT
cp -a --reflink=auto "$base/." "$root"
cp /etc/resolv.conf /etc/hosts "$root/etc/"
mkdir "$root/src" "$root/with"
export FRESH_ROOT=$root FRESH_RUN=$2 FRESH_SRC=$PWD FRESH_WITH=${FRESH_WITH:-$PWD/dist}
unshare --mount --pid --fork --propagation private bash -euc '
	mount -t proc proc "$FRESH_ROOT/proc"
	for m in sys dev; do mount --rbind "/$m" "$FRESH_ROOT/$m"; done
	mount --bind -o ro "$FRESH_SRC" "$FRESH_ROOT/src"; mount --bind -o ro "$FRESH_WITH" "$FRESH_ROOT/with"
	exec chroot "$FRESH_ROOT" /usr/bin/env -i HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin bash -euc "$FRESH_RUN"'
