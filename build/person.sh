# For scripts that use the program from the shell, as a person's browser does. They say how it is started and asked to end:
# program() { … }, stops() { … }

set -E
trap 'echo "FAIL: line $LINENO: $BASH_COMMAND" >&2' ERR
fail() { echo "FAIL: $*" >&2; [ ! -e "$at/err" ] || tail -n 20 "$at/err" >&2; exit 1; }
well() { echo "ok: $*"; }

# A command becomes true, or the test fails.
eventually() {
	what=$1; shift
	for _ in $(seq 600); do if "$@" >/dev/null 2>&1; then return 0; fi; sleep 0.1; done
	fail "waited a minute for $what"
}

# Starts the program and goes in by the address it prints.
starts() {
	rm -f "$at/jar" "$at/out"
	program serve "$@" >"$at/out" 2>"$at/err" </dev/null &
	pid=$!
	eventually "an address" grep -q '/start?token=' "$at/out"
	address=$(head -n 1 "$at/out" | tr -d '\r')
	home=$(curl -sS -f -L -c "$at/jar" -b "$at/jar" -o "$at/page" -w '%{url_effective}' "$address")
	home=${home%/}
}

ends() {
	stops
	wait "$pid" || fail "it ended with $?"
}

# Sees a page, and whether it is there.
page() { curl -sS -f -L -b "$at/jar" "$home$1"; }

# Sends a form, as from the program's own pages.
sends() { curl -sS -f -L -b "$at/jar" -H "Origin: ${home%%/s/*}" -d "$2" -o "$at/page" "$home$1"; }

# What there is, by the addresses that the lists lead to.
holdings() {
	for list in accounts consents payments transactions; do
		page "/$list" | { grep -oE "/$list/[0-9a-f-]+" || true; } | sort -u
	done
}
