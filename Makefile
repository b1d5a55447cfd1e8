# Two commands for everybody (`make run`, `make test`), and the ones behind them.

SEEDS ?= 1000
FROM ?= 0
TARGET ?=
ONLY ?=
TRACE ?=
TIME ?=
PORT ?= 8080

# The stages of `make test`, each alone.
STAGES := deny lint doc rust types units api deployments clients browsers apps

.DEFAULT_GOAL := help
.PHONY: help setup web run demo-camera check test $(STAGES) interop release doors fmt sim board links fuzz bench instructions audit clean

help: ## Say what can be typed
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Install what is missing, build, start viva with a demo day on http://localhost:8080 (PORT=…)
	@PORT=$(PORT) scripts/run

demo-camera: ## Open Chromium with a camera that shows the demo's first candidate, while `make run` runs (PORT=…, BROWSER=…)
	@PORT=$(PORT) scripts/demo-camera

check: ## Look at what changed, in under a minute: format, lints, units of the pure crates and of the pages
	@scripts/check

test: ## Install what is missing and run everything that must be green; the stages alone:
	@scripts/test

deny: ## - bans, licences, sources and advisories of what we depend on
lint: ## - format, clippy, lints of the pages and of tests in JavaScript, dead exports, shellcheck where it is installed
doc: ## - the documentation of the crates
rust: ## - all tests in Rust
types: ## - types of the pages
units: ## - units of the pages
api: ## - the HTTP API, by random calls
deployments: ## - deployments, started as their files say
clients: ## - clients of other makers, the quick ones
browsers: ## - real browsers
apps: ## - apps built, installed, started, removed: Windows' under Wine, Linux' by dpkg (root)

$(STAGES):
	@scripts/test $@

instructions: ## - instructions counted and compared with bench/instructions.toml (UPDATE=1 replaces it)
	@scripts/setup test
	@cargo run --release --package viva-instructions -- $(if $(UPDATE),--update)

interop: ## Try all clients of other makers with the server that cargo built last (some minutes)
	@scripts/setup test
	@.cache/interop/bin/python tests/interop/run.py --all

release: ## Build what people download into release/: apps, program, checksums, signatures (APPS=1: the apps alone)
	@scripts/release $(if $(APPS),--apps)

doors: ## Run what tests the ways in and takes long: installed apps, all networks, and a whole release built twice
	@scripts/doors

setup: ## Only install what is missing
	@scripts/setup test

web: ## Only build the web pages, if their sources changed
	@scripts/setup run
	@scripts/web

fmt: ## Format the Rust sources, the web's, and the tests in JavaScript
	@scripts/setup run
	@cargo fmt --all
	@npm --prefix web run --silent format

sim: ## Run the simulation with more seeds (SEEDS=1000 FROM=0)
	@SIM_SEEDS=$(SEEDS) SIM_FROM=$(FROM) cargo test --package viva-tests --test sim -- --nocapture

board: ## Write the scoreboard of bandwidth anew (ONLY=steps: rows with that name; TRACE=folder)
	@$(if $(TRACE),mkdir -p "$(TRACE)" && TRACE="$(abspath $(TRACE))") UPDATE_DOCS=1 ONLY="$(ONLY)" cargo test --quiet --package viva-tests --test board the_table_holds_every_scenario
	@cat docs/benchmarks/bandwidth/scoreboard.txt

fuzz: ## Fuzz with nightly Rust: one until stopped (TARGET=rtp), or for a time (TARGET=all TIME=600)
	@scripts/fuzz "$(TARGET)" $(TIME)

links: ## Put real browsers behind bad lines and write what they get (root; a quarter of an hour; ONLY=Firefox: only show those)
	@scripts/setup test
	@scripts/web
	@cargo build --release --package viva-server --bin viva
	@VIVA_BIN="$(abspath $(or $(CARGO_TARGET_DIR),target))/release/viva" npm --prefix tests/browser run --silent links -- $(ONLY)

bench: ## Measure a short set of scenarios, optimised (a few minutes)
	@cargo build --release --package viva-server --package viva-bench
	@$${CARGO_TARGET_DIR:-target}/release/viva-bench run

audit: ## Like deny, but the advisories must be there
	@scripts/deny --all

clean: ## Remove what was built
	@rm -rf .cache web/dist
	@cargo clean
