#!/bin/sh
# Makes what is given to people, out of the last commit, into dist: build/dist.sh [FOLDER] [WHAT,…]
# It works in a fresh checkout in a folder of its own, so that nothing that lies about here comes into it, and so that the
# same commit gives the same bytes wherever it is checked out. See build/dist for what there is to make.
set -eu
cd "$(dirname "$0")/.."
out=${1:-dist}
mkdir -p "$out"
out=$(cd "$out" && pwd)
if [ -n "$(git status --porcelain)" ]; then
	echo "dist: what is in no commit is left out:" >&2
	git status --short >&2
fi
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
git clone -q . "$fresh/consentry"
cd "$fresh/consentry/build/dist"
export GOFLAGS=-trimpath CGO_ENABLED=0
go vet .
go run . -o "$out" -only "${2:-}"
