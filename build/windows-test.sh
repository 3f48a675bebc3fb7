#!/usr/bin/env bash
# Starts the programs for Windows where there is Wine 9 or newer: older ones lack a library that Go needs. It runs on a Debian
# of its own (build/package-test.sh starts it), with the archive and the installer in /with. Wine is not Windows: what runs
# here may fail there, and there is no WebView2 here, so the window is not shown.
set -euo pipefail
at=$(mktemp -d); chmod 755 "$at"
. /src/build/person.sh
apt-get update -qq
apt-get install -qq -y --no-install-recommends wine wine64 curl unzip procps xauth xvfb >"$at/apt" 2>&1 || { cat "$at/apt"; fail "no Wine"; }
useradd --create-home astrid
export WINEDEBUG=-all
as() { runuser -u astrid -- env HOME=/home/astrid WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" "$@"; }
wine=$(as wine --version)
case $wine in wine-[1-8].*) echo "left out: $wine is older than 9"; exit 0 ;; esac
as xvfb-run -a wineboot --init >/dev/null 2>&1
drive=/home/astrid/.wine/drive_c
unzip -q /with/*-windows-amd64.zip -d "$at/zip"
folder=$(echo "$at"/zip/*)
program() { as wine "$folder/consentry.exe" "$@"; }
stops() { as wine taskkill /f /im consentry.exe >/dev/null 2>&1 || pkill -9 -u astrid consentry.exe; }
program version >"$at/version" 2>"$at/err" || fail "consentry.exe version"
cat "$at/version"
well "consentry.exe starts under $wine"

starts
sends /stage/scenes/three-banks ''
holdings >"$at/before"
grep -q '^/accounts/' "$at/before" || fail "no bank was linked"
well "three banks were linked: $(grep -c '^/accounts/' "$at/before") accounts"
stops
wait "$pid" || true # killed
[ -s "$drive/users/astrid/AppData/Roaming/consentry/consentry.db" ] || fail "its data are not where they are to be"
starts
holdings >"$at/after"
diff "$at/before" "$at/after" || fail "the data are not what they were"
well "killed and started again, it finds them"
stops
wait "$pid" || true # killed

programs=$drive/users/astrid/AppData/Local/Programs/Consentry
as xvfb-run -a wine /with/*-setup.exe /S || fail "the installer"
eventually "the installed program" test -s "$programs/uninstall.exe"
cmp "$folder/consentry.exe" "$programs/consentry.exe" && cmp "$folder/consentry-window.exe" "$programs/consentry-window.exe" || fail "the installer holds other programs"
as wine "$programs/consentry.exe" version | grep -q '^consentry ' || fail "the installed program does not start"
as xvfb-run -a wine "$programs/uninstall.exe" /S || fail "the uninstaller"
eventually "the program to be gone" test ! -e "$programs/consentry.exe"
[ -s "$drive/users/astrid/AppData/Roaming/consentry/consentry.db" ] || fail "the data went with the program"
well "installed and removed again; the data stay"
