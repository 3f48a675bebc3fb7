#!/bin/sh
# Succeeds if this machine has what the window is built from.
case $(uname -s) in
Linux) command -v gcc >/dev/null 2>&1 && pkg-config --exists gtk+-3.0 webkit2gtk-4.1 2>/dev/null ;;
Darwin) xcode-select -p >/dev/null 2>&1 ;;
*) true ;; # Windows needs no compiler for it
esac
