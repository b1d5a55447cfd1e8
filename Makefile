# Two commands for everybody (`make run`, `make test`), and the ones behind them.

SEEDS ?= 1000
FROM ?= 0
TARGET ?=
TIME ?=
PORT ?= 8080

.DEFAULT_GOAL := help
.PHONY: help setup web run test interop lint fmt sim fuzz bench instructions audit clean

help: ## Say what can be typed
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Install what is missing, build, start viva with a demo interview on http://localhost:8080 (PORT=…)
	@PORT=$(PORT) scripts/run

test: ## Install what is missing and run everything that must be green
	@scripts/test

interop: ## Try all clients of other makers with the server that cargo built last (some minutes)
	@scripts/setup test
	@.cache/interop/bin/python tests/interop/run.py --all

setup: ## Only install what is missing
	@scripts/setup test

web: ## Only build the web pages, if their sources changed
	@scripts/setup run
	@scripts/web

lint: ## Format check, clippy, shellcheck where it is installed
	@scripts/lint

fmt: ## Format the Rust sources
	@cargo fmt --all

sim: ## Run the simulation with more seeds (SEEDS=1000 FROM=0)
	@SIM_SEEDS=$(SEEDS) SIM_FROM=$(FROM) cargo test --package viva-tests --test sim -- --nocapture

fuzz: ## Fuzz with nightly Rust: one until stopped (TARGET=rtp), or for a time (TARGET=all TIME=600)
	@scripts/fuzz "$(TARGET)" $(TIME)

bench: ## Measure a short set of scenarios, optimised (a few minutes)
	@cargo build --release --package viva-server --package viva-bench
	@$${CARGO_TARGET_DIR:-target}/release/viva-bench run

instructions: ## Count instructions and compare with bench/instructions.toml (UPDATE=1 replaces it)
	@cargo run --release --package viva-bench -- instructions $(if $(UPDATE),--update)

audit: ## Check licences and advisories of what we depend on
	@cargo deny --all-features check

clean: ## Remove what was built
	@rm -rf .cache web/dist
	@cargo clean
