# `make demo` and `make test` are all that a newcomer needs. `make help` lists the rest.

LISTEN ?= 127.0.0.1:8080
DEMO := target/demo
GRIDMAP := target/release/gridmap
CLUSTER := tests/postgres.sh run
NPM := npm --no-fund --no-audit --no-update-notifier

PAGE_SOURCES := $(shell find web/src web/public web/index.html web/api.html web/vite.config.ts web/package.json -type f)
DEMO_SOURCES := $(shell find fixtures/lintan -type f)

.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help demo demo-data clean-demo page release install test test-rust test-long test-described test-shared fuzz test-page test-walk api-types budgets pictures bench bench-growth bench-locate bench-locks bench-search bench-tiles fmt fmt-check lint doc deny ci

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

## What a user runs

demo: release demo-data ## build everything, load the demo county, serve it on LISTEN (default 127.0.0.1:8080)
	$(GRIDMAP) serve --database sqlite:$(DEMO)/lintan.db --open --listen $(LISTEN)

# The stamp is written only after the whole county is in: a load that was broken off starts anew.
demo-data: release
	@if [ -f $(DEMO)/loaded ] && [ -z "$$(find $(DEMO_SOURCES) -newer $(DEMO)/loaded)" ]; then \
	  echo "The demo county is loaded already in $(DEMO)/lintan.db and is used as it is ('make clean-demo' to load it anew)."; \
	else \
	  mkdir -p $(DEMO) && rm -f $(DEMO)/loaded $(DEMO)/lintan.db* && \
	  echo "Loading the demo county into $(DEMO)/lintan.db" && \
	  $(GRIDMAP) import manifest --database sqlite:$(DEMO)/lintan.db fixtures/lintan/import.toml && touch $(DEMO)/loaded; \
	fi

clean-demo: ## forget the demo county, with everything that was changed in it
	rm -rf $(DEMO)

page: web/dist/index.html ## build the page

web/dist/index.html: web/node_modules/.package-lock.json $(PAGE_SOURCES)
	@echo "Building the page"
	cd web && $(NPM) run build
	@touch $@

web/node_modules/.package-lock.json: web/package-lock.json
	@tools/need.sh node npm
	@echo "Fetching the libraries of the page"
	cd web && $(NPM) ci
	@touch $@

tests/e2e/node_modules/.package-lock.json: tests/e2e/package-lock.json
	@tools/need.sh node npm
	cd tests/e2e && $(NPM) ci
	@touch $@

# The page is embedded in the binary, so it is built first.
release: page ## build the binary with the page in it
	@tools/need.sh cargo
	@[ -x $(GRIDMAP) ] || echo "Compiling the server with its libraries: about ten minutes on two cores, this first time only"
	cargo build --release --locked

## What a developer runs

install: ## install what the tests need from Debian's packages
	@tools/install.sh

test: install page tests/e2e/node_modules/.package-lock.json ## every test, on SQLite and PostGIS, in the page and in the browser
	@tools/need.sh cargo
	tools/test.sh

test-rust: install page ## the Rust tests only; pass FILTER=name for some of them
	$(CLUSTER) cargo test --locked $(FILTER)

test-long: install page ## random polygons, coverages, plans and histories, all of them; 'make test' tries a fifth
	GRIDMAP_TEST_CASES=all $(CLUSTER) cargo test --locked --test it -- check:: locate::patched time::replayer

test-described: install ## the API against its OpenAPI document for longer; EXAMPLES=300 of each operation, SEED=1
	GRIDMAP_TEST_EXAMPLES=$(or $(EXAMPLES),300) GRIDMAP_TEST_SEED=$(or $(SEED),1) $(CLUSTER) \
	  cargo test --locked --test it -- api::described --nocapture

test-shared: install ## the checker on real layers, which lie beside this repository in ../shared
	cargo test --locked --test shared_data

fuzz: install page ## the readers of bytes on a hundred times as many cases as in `test`, from a seed of its own
	PROPTEST_CASES=$${PROPTEST_CASES:-25600} PROPTEST_RNG_SEED=$${PROPTEST_RNG_SEED:-$$(date +%s)} \
	  $(CLUSTER) cargo test --locked --test it -- parsers::

test-page: install web/node_modules/.package-lock.json ## the page's unit tests only
	cd web && $(NPM) test

test-walk: install page tests/e2e/node_modules/.package-lock.json ## the walk through the page only
	cargo build --locked
	cd tests/e2e && $(NPM) test

api-types: page tests/e2e/node_modules/.package-lock.json ## write the page's types of the API from the server's OpenAPI
	cargo build --locked
	node tests/e2e/api_types.mjs

budgets: install page tests/e2e/node_modules/.package-lock.json ## what the page costs, beside an empty MapLibre page in the same run
	cargo build --locked
	node tests/e2e/budgets.mjs

pictures: install page tests/e2e/node_modules/.package-lock.json ## take the README's pictures of the page anew
	cargo build --locked
	node tests/e2e/pictures.mjs docs/pictures

bench: page ## locate, items, import, redraw, waits, growth, start and memory, each beside a peer in the same run
	@tools/install.sh wrk
	$(CLUSTER) cargo bench --locked --bench county --bench locate --bench ground --bench locks --bench growth

bench-growth: page ## how the time of each operation grows from 770 to 70,000 grids
	cargo bench --locked --bench growth

bench-locate: page ## owners of points: the cell index beside its peers; SIZES=1M for the largest
	@tools/install.sh libgeos-dev
	cargo bench --locked --features bench-peers --bench locate_index -- $(SIZES)
	$(CLUSTER) target/python/bin/python3 benches/locate_peers.py
	$(CLUSTER) cargo bench --locked --bench county http_bulk

bench-locks: page ## how long a report waits while homes are imported and ground is redrawn; SIZES=full for the largest
	$(CLUSTER) cargo bench --locked --bench locks -- $(SIZES)

# The peer is built into target/, once; without its other sources of tiles.
MARTIN := target/martin/bin/martin

bench-search: page ## what is called so among 70,000 grids and 20,000 persons, beside SQL LIKE
	cargo bench --locked --bench search

bench-tiles: page ## grid tiles from memory beside martin over the same grids in PostGIS
	@tools/install.sh wrk
	@[ -x $(MARTIN) ] || cargo install martin --version 1.14.0 --locked --no-default-features --features postgres --root target/martin
	MARTIN=$(MARTIN) $(CLUSTER) cargo bench --locked --bench tiles

fmt: web/node_modules/.package-lock.json ## format Rust and the page
	cargo fmt
	cd web && $(NPM) run fmt

fmt-check:
	cargo fmt --check

lint: page lint-page ## clippy and the page's types and lint; warnings are errors
	cargo clippy --locked --all-targets -- -D warnings

# Biome also checks the format of the page.
lint-page: web/node_modules/.package-lock.json ## the page's types and lint alone
	cd web && $(NPM) run lint

doc: page ## the library's documentation; warnings are errors
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items

# Advisories need a database from a public repository, which many build machines cannot reach: `cargo deny check` by hand.
deny: ## licences, bans and sources of every dependency
	@command -v cargo-deny >/dev/null || cargo install cargo-deny --locked
	cargo deny --locked check licenses bans sources

ci: fmt-check lint doc test deny ## all of it
