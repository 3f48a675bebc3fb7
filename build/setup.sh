#!/bin/sh
# Installs what the named parts of the project need and the machine does not have. It asks nothing, and is quick when
# nothing is missing. On Debian and Ubuntu it installs through apt (with sudo when not root); elsewhere, and where that
# is not possible, it says what is needed and goes on with what is there.
#
#   build/setup.sh go        the modules of go.mod
#   build/setup.sh browser   Chromium, for the tests that use the program as a person does
#   build/setup.sh desktop   what the window is built from: a C compiler, GTK 3 and WebKitGTK 4.1
#   build/setup.sh display   Xvfb and a message bus, for tests of the window and of notifications without a desktop
#   build/setup.sh schema    xmllint, by which orders in XML are held to their schema
#   build/setup.sh newman    newman, curl and jq, which send exported requests
#   build/setup.sh sqlite    SQLite's command line, which reads what is taken out, and beside which the program is measured
#   build/setup.sh openssl   OpenSSL, which reads certificates and requests that are made here
#   build/setup.sh dist      what makes the installer for Windows, and looks at what makes the program at home on a desktop
#   build/setup.sh fresh     what makes a fresh Debian in a folder, to test packages on
#   build/setup.sh network   ip, with which a test sets up a network of its own
set -eu
cd "$(dirname "$0")/.."

has() { command -v "$1" >/dev/null 2>&1; }
say() { printf 'setup: %s\n' "$*" >&2; }

packages=''
newman_wanted=''
need() { packages="$packages $*"; }

check_go() {
	has go || { say "Go 1.26 or newer is needed: https://go.dev/dl/"; exit 1; }
	# With everything in the module cache this needs no network. On failure the build says which module is missing.
	go mod download || say "some modules could not be downloaded; going on with those that are there"
}

check_browser() {
	has chromium-headless-shell && return 0
	# The headless shell is quicker than the whole browser. Not every distribution has it.
	if has apt-get && apt-cache show chromium-headless-shell >/dev/null 2>&1; then
		need chromium-headless-shell fonts-dejavu-core
		return 0
	fi
	has chromium || has chromium-browser || has google-chrome || has google-chrome-stable || need "$(chromium_package)" fonts-dejavu-core
}

# Ubuntu has Chromium under another name. Where the lists of packages are missing, Debian is taken to have the shell.
chromium_package() {
	if grep -q '^ID=ubuntu' /etc/os-release 2>/dev/null; then echo chromium-browser
	elif grep -q '^ID=debian' /etc/os-release 2>/dev/null; then echo chromium-headless-shell
	else echo chromium; fi
}

check_desktop() {
	case $(uname -s) in Linux) ;; *) return 0 ;; esac
	has gcc || need gcc libc6-dev
	if has pkg-config; then
		pkg-config --exists gtk+-3.0 || need libgtk-3-dev
		pkg-config --exists webkit2gtk-4.1 || need libwebkit2gtk-4.1-dev
	else
		need pkg-config libgtk-3-dev libwebkit2gtk-4.1-dev
	fi
}

check_display() {
	case $(uname -s) in Linux) ;; *) return 0 ;; esac
	has Xvfb || need xvfb
	has dbus-daemon || need dbus-daemon
}

check_schema() { has xmllint || need libxml2-utils; }

check_sqlite() { has sqlite3 || need sqlite3; }

check_openssl() { has openssl || need openssl; }

check_dist() {
	has makensis || need nsis
	has appstreamcli || need appstream
	has desktop-file-validate || need desktop-file-utils
	has lintian || need lintian
}

check_fresh() {
	case $(uname -s) in Linux) ;; *) return 0 ;; esac
	has debootstrap || need debootstrap
	has dpkg-shlibdeps || need dpkg-dev
}

# A network of the test's own is set up with ip.
check_network() {
	case $(uname -s) in Linux) ;; *) return 0 ;; esac
	has ip || need iproute2
}

# newman's own version is in a file; its programs are put beside that, not into the system.
check_newman() {
	has npm || need nodejs npm
	has curl || need curl
	has jq || need jq
	newman_wanted=yes
}

install_newman() {
	[ build/newman/node_modules/.package-lock.json -nt build/newman/package-lock.json ] && return 0
	has npm || { say "npm is missing; going on without newman"; return 0; }
	say "installing newman into build/newman"
	(cd build/newman && npm ci --ignore-scripts --silent) || say "newman could not be installed; going on without"
}

apt_install() {
	# shellcheck disable=SC2086 # the list is meant to be split
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $packages >/dev/null
}

install() {
	if ! has apt-get; then
		say "please install what these Debian packages hold:$packages; going on without"
		return 0
	fi
	as_root=''
	if [ "$(id -u)" != 0 ]; then
		# Where nobody can answer, a sudo that would ask for a password fails instead of waiting.
		if ! has sudo || { [ ! -t 0 ] && ! sudo -n true 2>/dev/null; }; then
			say "please run as root: apt-get install$packages; going on without"
			return 0
		fi
		as_root=sudo
	fi
	say "installing$packages${as_root:+ (sudo may want your password)}"
	if apt_install 2>/dev/null; then return 0; fi
	# The package lists may be missing or old.
	$as_root apt-get update -qq || say "the package lists could not be refreshed"
	apt_install || say "not everything could be installed:$packages; going on without"
}

for part in "$@"; do
	case $part in
	go | browser | desktop | display | schema | newman | sqlite | openssl | network | dist | fresh) "check_$part" ;;
	*) say "unknown part: $part"; exit 2 ;;
	esac
done
[ -z "$packages" ] || install
[ -z "$newman_wanted" ] || install_newman
