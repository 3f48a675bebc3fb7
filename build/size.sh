#!/bin/sh
# Fails where the program without its window, as it is given to people, is larger than it is to be. What is in it, and
# how to find that out, is in docs/measured.md.
set -eu
cd "$(dirname "$0")/.."
most=33500000

built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT
# For one system, whatever this is: the figure is to be the same for everybody.
CGO_ENABLED=0 GOOS=linux GOARCH=amd64 build/program.sh -o "$built/consentry"
size=$(wc -c <"$built/consentry")
if [ "$size" -gt "$most" ]; then
	echo "the program has $((size)) bytes and is to have $most at most: see docs/measured.md"
	exit 1
fi
