#!/bin/sh
# Builds the program as it is given to people: without tables for debuggers, and smaller by what the compiler would write
# out in many places. Arguments go to "go build", such as -o FILE. Decisions 0057 and 0062 say what each flag is for.
set -eu
cd "$(dirname "$0")/.."
exec go build -trimpath -ldflags '-s -w -funcalign=16' \
	-gcflags 'consentry/frontend/...=-l' -gcflags 'consentry/xs2a/sandbox/...=-l' "$@" .
