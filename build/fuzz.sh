#!/bin/sh
# Runs each fuzz test of the module for the given time, one after the other: build/fuzz.sh 20s
set -eu
cd "$(dirname "$0")/.."
time=${1:-20s}
export CGO_ENABLED=0
for package in $(go list ./...); do
	for name in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
		go test -run '^$' -fuzz "^$name\$" -fuzztime "$time" "$package"
	done
done
