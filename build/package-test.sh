#!/usr/bin/env bash
# Tests what "make dist" makes: build/package-test.sh [bookworm] [trixie] [windows] [again]; all of them unless said.
# bookworm, trixie: the package, on a fresh Debian (build/deb-test.sh); windows: the programs for it, under the Wine of trixie;
# again: everything once more, with an empty build cache, and whether it is the same to the byte.
# The older of the two packages is made of the last release, or else of the commit before the newest migration, with today's
# packaging: PREVIOUS=COMMIT chooses another.
set -euo pipefail
cd "$(dirname "$0")/.."
parts=${*:-bookworm trixie windows again}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wants() { case " $parts " in *" $1 "*) return 0 ;; esac; return 1; }
what=''
if wants again; then what=''; else what=deb; if wants windows; then what=deb,windows,installer; fi; fi

(cd build/dist && CGO_ENABLED=0 go test -count=1 .)
build/dist.sh "$work/new" "$what"
mkdir "$work/with"
cp "$work"/new/*.deb "$work/with/new.deb"
if wants windows; then cp "$work"/new/*windows*.zip "$work"/new/*setup.exe "$work/with/"; fi

# What others look for in a package, and what the program is linked with here.
if command -v lintian >/dev/null; then lintian --fail-on error,warning "$work/with/new.deb"; else echo "left out: lintian is missing"; fi
if grep -q '^VERSION_ID="12"' /etc/os-release; then
	mkdir -p "$work/linked/debian"
	printf 'Source: consentry\n\nPackage: consentry\nArchitecture: amd64\n' >"$work/linked/debian/control"
	dpkg-deb -x "$work/with/new.deb" "$work/linked/package"
	linked=$(cd "$work/linked" && dpkg-shlibdeps -O package/usr/bin/consentry 2>/dev/null)
	[ "$linked" = "shlibs:Depends=$(dpkg-deb -f "$work/with/new.deb" Depends)" ] || { echo "FAIL: it is linked otherwise than its package says: $linked"; exit 1; }
	echo "ok: the package depends on what the program is linked with"
else
	echo "left out: what the program is linked with is known for Debian 12 only"
fi

if wants bookworm || wants trixie; then
	previous=${PREVIOUS:-$(git describe --tags --abbrev=0 HEAD~1 2>/dev/null || git log -1 --format=%H~1 --diff-filter=A -- storage/migrations)}
	echo "package-test: the older package is of $(git log -1 --format='%h, %ci' "$previous")"
	git clone -q . "$work/previous"
	(
		cd "$work/previous"
		here=$(git rev-parse HEAD)
		git checkout -q "$previous"
		git rm -rq build && git checkout -q "$here" -- build app/shell/icon.png .gitignore wails.json NOTICE
		date=$(git log -1 --format=%cI)
		GIT_AUTHOR_DATE=$date GIT_COMMITTER_DATE=$date git -c user.name=test -c user.email=test@localhost commit -qm "packaged as today"
		build/dist.sh "$work/old" deb
	)
	cp "$work"/old/*.deb "$work/with/old.deb"
fi
for suite in bookworm trixie; do
	if wants $suite; then echo "package-test: $suite"; FRESH_WITH=$work/with build/fresh.sh $suite /src/build/deb-test.sh; fi
done
if wants windows; then echo "package-test: windows"; FRESH_WITH=$work/with build/fresh.sh trixie /src/build/windows-test.sh; fi
if wants again; then
	echo "package-test: again"
	GOCACHE=$work/cache build/dist.sh "$work/again" >"$work/again.log" 2>&1 || { cat "$work/again.log"; exit 1; }
	(cd "$work/again" && sha256sum -c --quiet ../new/SHA256SUMS && diff -r . ../new)
	echo "ok: the same bytes, built anew in another folder"
fi
