#!/bin/sh
# Builds the program as it is given to people: without tables for debuggers, and smaller by what the compiler would write
# out in many places. Arguments go to "go build", such as -o FILE. Decisions 0057 and 0062 say what each flag is for.
set -eu
cd "$(dirname "$0")/.."
link='-s -w -funcalign=16'
# Windows opens a console beside whatever does not say that it has a window.
case "${GOOS:-$(go env GOOS)} $*" in windows*desktop*) link="$link -H windowsgui" ;; esac
exec go build -trimpath -ldflags "$link" \
	-gcflags 'consentry/frontend/...=-l' -gcflags 'consentry/xs2a/sandbox/...=-l' "$@" .
