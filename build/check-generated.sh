#!/bin/sh
# Fails if a file that templ generates is not what its source says. It leaves the right ones in place.
# templ writes the source's path into them, as seen from where it is started: start it here, or through "make generate".
set -eu
cd "$(dirname "$0")/.."
generated() { find . -name '*_templ.go' -not -path './.git/*' | sort | xargs cksum; }

before=$(generated)
said=$(CGO_ENABLED=0 go tool templ generate 2>&1) || { printf '%s\n' "$said"; exit 1; }
after=$(generated)
if [ "$before" != "$after" ]; then
	echo "generated files were stale; they are written anew, please commit them:"
	printf '%s\n%s\n' "$before" "$after" | sort | uniq -u | awk '{ print "  " $3 }' | sort -u
	exit 1
fi
# A file that is only here is stale for everybody else.
forgotten=$(git ls-files --others --exclude-standard -- '*_templ.go' 2>/dev/null || true)
if [ -n "$forgotten" ] && [ -n "${CI:-}" ]; then
	echo "generated files are not committed: $forgotten"
	exit 1
fi
