# "make help" lists what there is. Set-up is part of each target: what is missing is installed, or named.

TAGS := desktop,production,webkit2_41
# Where a checkout lies is no part of what is built: Go's build cache serves every checkout, and a program names no folder.
export GOFLAGS := $(strip $(shell go env GOFLAGS 2>/dev/null) -trimpath)
# Without the window the program needs Go alone.
GO := CGO_ENABLED=0 go
# What the rules are tested in, without the browser.
RULES := ./app ./storage ./frontend ./frontend/ui
# Tells of tests what matters, and in one line what was left out.
REPORT := CGO_ENABLED=0 go run ./build/report

# Tests collect garbage when there is five times as much as they use, and not twice: that takes a fifth of their time.
suite race days browser-day journeys model chaos: export GOGC := 400

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test lint bench fuzz model chaos desktop dist dist-test generate screenshots setup checks suite suite-desktop suite-and-beside days race journeys browser-day

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## start the program: in a window, or in the browser where there is no screen (ARGS="…" go to it)
	@build/run.sh $(ARGS)

test: setup checks suite-and-beside ## check everything: generated files, style, all tests, the window

# SQLite's own code is left as it is: what it works on lies in memory of its own, which the detector does not watch, and
# watching it all the same took three quarters of the time. The driver and all above it are watched.
# It is the hard day there: the last of February by UTC, ten minutes before midnight, and March already in the zone. So
# whoever runs both has everything on two days, and nothing twice on one.
race: ## all but the browser and the window under the race detector, on another day (needs a C compiler)
	@build/setup.sh go desktop schema sqlite
	TZ=Pacific/Auckland CGO_ENABLED=1 build/on-day.sh 2028-02-29T23:50 -json -race -gcflags=modernc.org/sqlite/lib=-race=false -vet=off -timeout 40m \
		$$(go list ./... | grep -v -e /e2e$$ -e /shell$$) | $(REPORT)

# The hours are UTC's: the first and the last day are ten minutes from their end in the zone, the others elsewhere.
# Go looks at no locale, installed or not: LC_ALL finds the rule that begins to. What a person's language changes comes
# with the browser's requests: see browser-day.
days: ## repeat the rules on other days, in other zones and languages
	@build/setup.sh go
	TZ=Pacific/Auckland build/on-day.sh 2026-12-31T10:50 $(RULES)
	TZ=Europe/Berlin build/on-day.sh 2027-03-28T00:30 $(RULES)
	TZ=Europe/Berlin LC_ALL=de_DE.UTF-8 build/on-day.sh 2027-10-31T00:30 $(RULES)
	TZ=America/St_Johns LC_ALL=sv_SE.UTF-8 build/on-day.sh "$$(date -u +%Y-%m-%d | awk -F- '{ print $$1+1 "-" $$2 "-" ($$2 $$3 == "0229" ? 28 : $$3) }')" $(RULES)
	TZ=Asia/Kathmandu LC_ALL=ka_GE.UTF-8 build/on-day.sh 2028-02-29T18:05 $(RULES)

journeys: ## what takes long: other days, chaos, and tests named TestJourney…; the output is kept in artifacts/journeys.log
	@build/setup.sh go browser schema newman sqlite openssl network
	@mkdir -p artifacts
	@{ $(MAKE) --no-print-directory days && $(MAKE) --no-print-directory browser-day && \
		$(MAKE) --no-print-directory chaos && \
		CONSENTRY_JOURNEYS=1 $(GO) test -json -count=1 -timeout 90m -run '^TestJourney' ./... | $(REPORT); echo "exit $$?"; } 2>&1 | tee artifacts/journeys.log; tail -n 1 artifacts/journeys.log | grep -qx 'exit 0'

# The browser tests on that day, the long ones but the tables of every approach and refusal among them, with a browser in
# that zone and country: it asks for English as it is written there (en-DE). Its own clock stays: pages ask it for no day.
browser-day:
	TZ=Pacific/Auckland LC_ALL=de_DE.UTF-8 CONSENTRY_BROWSER_REQUIRED=1 CONSENTRY_JOURNEYS=1 \
		build/on-day.sh 2028-02-29T23:50 -skip '^TestJourney[A-Za-z]*Every' ./frontend/e2e

lint: ## gofmt, go vet, staticcheck, whether the catalogues are whole, and the program's size
	@build/setup.sh go
	@unformatted=$$(gofmt -l .); [ -z "$$unformatted" ] || { echo "gofmt would change: $$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	$(GO) run ./build/words -check
	@build/size.sh

bench: ## measure: start, storage, rendering, and very many transactions beside SQLite's command line (ROWS=100000)
	@build/setup.sh go sqlite
	$(GO) test -run '^$$' -bench . -benchmem ./...
	$(GO) run ./build/bench -rows $(or $(ROWS),100000)

fuzz: ## search for inputs that break parsers and seals (FUZZTIME=20s each)
	@build/setup.sh go
	@build/fuzz.sh $(or $(FUZZTIME),20s)

model: ## let person, banks, clock and crashes act in random order (SEQUENCES=10000)
	@build/setup.sh go
	$(GO) test ./app -run TestModel -count=1 -timeout 4h -model.sequences=$(or $(SEQUENCES),10000)

chaos: ## act and pay at random in two windows of the program, kill it, break its line, and compare with the banks (CHAOS=1000)
	@build/setup.sh go
	$(GO) test . -run '^TestChaos(Payments)?$$' -count=1 -timeout 4h -v -chaos.sequences=$(or $(CHAOS),1000) -chaos.payments=$$((2 * $(or $(CHAOS),1000)))

desktop: ## build the program with its window: build/bin/consentry
	@build/setup.sh go desktop
	build/program.sh -tags $(TAGS) -o build/bin/

dist: ## make packages, archives and an installer out of the last commit, into dist
	@build/setup.sh go desktop dist
	@build/dist.sh dist

dist-test: ## install, run, upgrade and remove them on a fresh Debian, start those for Windows under Wine, and make all of it twice (needs root)
	@build/setup.sh go desktop dist fresh
	@mkdir -p artifacts
	@{ build/package-test.sh; echo "exit $$?"; } 2>&1 | tee artifacts/dist-test.log; tail -n 1 artifacts/dist-test.log | grep -qx 'exit 0'

generate: ## write the Go code of the templ files
	@build/setup.sh go
	$(GO) tool templ generate

screenshots: ## take the pictures in docs/screenshots again (ONLY="testing activity" those whose names begin so)
	@build/setup.sh go browser
	LC_ALL=en_GB.UTF-8 CONSENTRY_BROWSER_REQUIRED=1 CONSENTRY_SCREENSHOTS='$(CURDIR)/docs/screenshots' CONSENTRY_SCREENSHOTS_ONLY='$(ONLY)' $(GO) test ./frontend/e2e -run Screenshots -count=1

# The parts of "make test", in its order.

setup:
	@build/setup.sh go browser desktop display schema sqlite

checks:
	@build/check-generated.sh
	@$(MAKE) --no-print-directory lint

# -count=1: some tests build and start the program, of which the test cache knows nothing. -vet=off: "checks" vets all.
# -p 3: those of the store and of the practice banks wait for the disk and for each other. Those that take longest begin
# first, lest one of them end alone.
suite:
	CONSENTRY_BROWSER_REQUIRED=1 CONSENTRY_BUS_REQUIRED=1 $(GO) test -json -vet=off -count=1 -p 3 -timeout 10m ./frontend/e2e ./app ./... | $(REPORT)

# The window is tried beside the rest, which waits for banks, for the disk and for the browser.
suite-and-beside:
	@mkdir -p artifacts
	@$(MAKE) --no-print-directory suite-desktop >artifacts/beside.log 2>&1 & beside=$$!; \
		$(MAKE) --no-print-directory suite; rest=$$?; \
		wait $$beside; beside=$$?; cat artifacts/beside.log; [ $$rest$$beside = 00 ]

suite-desktop:
	@mkdir -p artifacts
	@if build/has-desktop.sh; then set -x; \
		go test -count=1 -timeout 10m -tags $(TAGS) -artifacts -outputdir '$(CURDIR)/artifacts' ./app/shell; \
	elif [ -n "$${CI:-}" ]; then echo "the window cannot be tested: what it is built from is missing"; exit 1; \
	else echo "the window was not tested: what it is built from is missing"; fi
