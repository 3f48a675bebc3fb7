#!/bin/sh
# Runs the program from its source: in a window of its own where there is a screen and what a window is built from,
# else in the browser. Arguments go to the program.
set -eu
cd "$(dirname "$0")/.."

has_screen() {
	case $(uname -s) in
	Linux) [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] ;;
	Darwin) [ -z "${SSH_CONNECTION:-}" ] && xcode-select -p >/dev/null 2>&1 ;;
	*) return 1 ;;
	esac
}

build/setup.sh go
if has_screen; then
	build/setup.sh desktop
	if build/has-desktop.sh; then
		make --no-print-directory desktop
		exec build/bin/consentry "$@"
	fi
fi
CGO_ENABLED=0 exec go run . "$@"
