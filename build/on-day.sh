#!/bin/sh
# Runs tests as if today were another day: build/on-day.sh 2028-02-29T23:50 ./storage -run TestStored
# The day is an ISO date, with the hour in UTC after a T; without one the hour stays. TZ and LC_ALL are taken as they are.
#
# No clock is changed: the tests are built with a time.Now that adds a number of seconds, which it reads from the
# environment when they start. So what is built serves for every day, and Go's build cache keeps it. A program that a
# test builds and starts lives on the same day, since both come to it through the environment.
set -eu
cd "$(dirname "$0")/.."
fail() { echo "on-day: $*" >&2; exit 2; }
[ $# -ge 2 ] || fail "say the day and what to test, as in: build/on-day.sh 2028-02-29T23:50 ./storage"
day=$1; shift

case $day in
????-??-??T??:??) at="$day:00" ;;
????-??-??) at="${day}T$(date -u +%H:%M:%S)" ;;
*) fail "$day is no day such as 2028-02-29 or 2028-02-29T23:50" ;;
esac
seconds() { date -u -d "$1Z" +%s 2>/dev/null || date -u -j -f %Y-%m-%dT%H:%M:%S "$1" +%s 2>/dev/null; } # GNU's date, or BSD's
then=$(seconds "$at") || fail "$day is in no calendar"

source=$(go env GOROOT)/src/time/time.go
[ -r "$source" ] || fail "Go's own source is not there: $source"
# Beside set-up's notes; one folder for each version of Go.
folder=$PWD/.cache/on-day/$(go env GOVERSION)
mkdir -p "$folder"
# Two runs at a time must not read each other's half of a file; and one that is as it was must keep its date.
put() { cat >"$folder/$1.$$"; if cmp -s "$folder/$1.$$" "$folder/$1"; then rm "$folder/$1.$$"; else mv "$folder/$1.$$" "$folder/$1"; fi; }

awk '
	/^func Now\(\) Time \{$/ { inside = 1 }
	{ print }
	inside && /:= (runtimeNow|now)\(\)$/ { print "\tsec += daysAway"; shifted++ }
	inside && /^\}$/ { inside = 0 }
	END { exit shifted != 1 }
' "$source" >"$folder/Now.$$" || { rm -f "$folder/Now.$$"; fail "time.Now of $(go env GOVERSION) is not written as this script knows it: $source"; }
put time.go <"$folder/Now.$$"
rm "$folder/Now.$$"
put away.go <<'GO'
package time

import "syscall"

// daysAway is how many seconds today is away from the machine's.
var daysAway = func() (seconds int64) {
	text, _ := syscall.Getenv("ON_DAY_SECONDS")
	sign := int64(1)
	for i := range len(text) {
		if text[i] == '-' {
			sign = -1
		} else {
			seconds = seconds*10 + int64(text[i]-'0')
		}
	}
	return sign * seconds
}()
GO
put overlay.json <<JSON
{"Replace": {"$source": "$folder/time.go", "$(dirname "$source")/on_day.go": "$folder/away.go"}}
JSON

ON_DAY_SECONDS=$((then - $(date -u +%s)))
GOFLAGS="${GOFLAGS:+$GOFLAGS }'-overlay=$folder/overlay.json'"
export ON_DAY_SECONDS GOFLAGS
CGO_ENABLED=${CGO_ENABLED:-0} exec go test -count=1 -timeout 30m "$@"
