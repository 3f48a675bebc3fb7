#!/usr/bin/env bash
# What becomes of a person's data when the Debian package is installed, upgraded, taken back and removed. It runs on a
# Debian of its own (build/package-test.sh starts it), with the packages old.deb and new.deb in /with.
set -euo pipefail
at=$(mktemp -d); chmod 755 "$at"
. /src/build/person.sh
apt-get update -qq
install() { apt-get install -qq -y --no-install-recommends --allow-downgrades "$@" >"$at/apt" 2>&1 || { cat "$at/apt"; fail "apt-get install $*"; }; }

install /with/old.deb # alone: whatever it needs, it brings
well "installed with what it depends on: $(dpkg-query -W -f '${Version}' consentry)"
install curl dbus procps xauth xvfb
useradd --create-home astrid
data=/home/astrid/.config/consentry
as() { runuser -u astrid -- env HOME=/home/astrid "$@"; }
program() { as consentry "$@"; }
stops() { pkill -TERM -x -u astrid consentry; }
program version

for file in applications/consentry.desktop icons/hicolor/scalable/apps/consentry.svg metainfo/org.consentry.consentry.metainfo.xml man/man1/consentry.1.gz doc/consentry/copyright; do
	[ -s "/usr/share/$file" ] || fail "/usr/share/$file is not there"
done
if program >"$at/out" 2>"$at/err"; then fail "it says nothing of a missing display"; fi
grep -q "there is no display" "$at/err" || fail "it says nothing of a missing display"
well "without a display it says so"

starts
sends /stage/scenes/payments '' 2>/dev/null || sends /stage/scenes/three-banks '' # the first is younger
holdings >"$at/before"
grep -q '^/accounts/' "$at/before" && grep -q '^/consents/' "$at/before" && grep -q '^/transactions/' "$at/before" || fail "no bank was linked: $(cat "$at/before")"
well "banks were linked: $(grep -c '^/accounts/' "$at/before") accounts, $(grep -c '^/consents/' "$at/before") consents, $(grep -c '^/payments/' "$at/before" || true) payments"

# The window shows a page of the data: what it asks for is in its log.
window() {
	as dbus-run-session -- xvfb-run -a consentry -v >"$at/out" 2>"$at/err" </dev/null &
	shown=$!
	eventually "the window's first page" grep -qE 'method=GET path=/ status=200 .*AppleWebKit' "$at/err"
	stops
	eventually "the window to close" sh -c '! pgrep -x -u astrid consentry'
	wait "$shown" || true # of Xvfb
}

install /with/new.deb # while it runs
page / >/dev/null || fail "the running program does not answer after the upgrade"
ends
well "upgraded while it ran: $(dpkg-query -W -f '${Version}' consentry)"
[ "$(program version)" != "" ] && program version

starts
holdings >"$at/after"
diff "$at/before" "$at/after" || fail "the upgrade changed what there is"
ends
well "all of it is there after the upgrade"
program update >"$at/update" || fail "update: $(cat "$at/update")"
[ "$(wc -l <"$at/update")" = "$(grep -c '^/consents/' "$at/before")" ] || fail "not all consents are read: $(cat "$at/update")"
well "the banks are read on: $(head -n 1 "$at/update")"
window
well "the window shows it"

# What is held now, but for the list's first page of transactions: new ones have come.
same() { diff <(grep -v '^/transactions/' "$at/before") <(grep -v '^/transactions/' "$at/after"); }

# An older program does not touch what a newer one has written.
known=$(sha256sum "$data/consentry.db" "$data/master.key" 2>/dev/null || true)
install /with/old.deb
if program update >"$at/out" 2>"$at/err"; then
	well "the older program knows these tables, too"
elif grep -q "there is no command" "$at/err"; then
	echo "left out: the older program has no command to ask it by"
else
	grep -q "belongs to Consentry" "$at/out" "$at/err" || fail "the older program does not say what is wrong: $(cat "$at/out" "$at/err")"
	[ "$known" = "$(sha256sum "$data/consentry.db" "$data/master.key" 2>/dev/null || true)" ] || fail "the older program changed the data"
	well "the older program refuses the newer data, and leaves them as they are"
fi
install /with/new.deb
starts; holdings >"$at/after"; ends
same || fail "going back and forth changed what there is"

apt-get remove -qq -y consentry >/dev/null 2>&1
[ ! -e /usr/bin/consentry ] || fail "the program is there after it was removed"
dpkg --purge consentry >/dev/null 2>&1
left=$(find / -xdev \( -path /home -o -path /proc -o -path /sys -o -path /with -o -path /src -o -path /tmp \) -prune -o -iname '*consentry*' -print)
[ -z "$left" ] || fail "these are left: $left"
[ -s "$data/consentry.db" ] || fail "the data went with the package"
well "removed and purged: nothing is left but the data"
install /with/new.deb
starts; holdings >"$at/after"; ends
same || fail "the data are not what they were"
well "installed once more, it finds the data"
