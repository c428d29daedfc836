# `make run` sets up and serves; `make test` sets up and tests. Everything else is below: `make help`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
WEB    := dougong/builder/web
ISLAND := dougong/static/builder/manifest.json
export PATH := $(abspath $(BIN)):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport PYTHONDONTWRITEBYTECODE # where it is set, every process that a test starts compiles the house anew
.DEFAULT_GOAL := help

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: $(ISLAND) ## set up everything and serve the platform with its demo tenants (PORT, DOUGONG_HOME)
	@$(BIN)/python -m dougong serve

test: $(VENV)/.dev $(ISLAND) ## set up everything and run every check and test that a change must pass
	$(MAKE) --no-print-directory -j2 lint units # the first has one thread
	$(MAKE) --no-print-directory pytest browser

lint: $(VENV)/.dev $(WEB)/node_modules/.ready ## ruff, mypy and the TypeScript compiler
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	cd $(WEB) && npm run --silent types

units: $(WEB)/node_modules/.ready ## the island's unit tests
	cd $(WEB) && npm test --silent

pytest: $(VENV)/.dev $(ISLAND) ## the Python tests without a browser, on SQLite and PostgreSQL
	$(BIN)/python -m pytest tests --ignore tests/e2e -q -n 3 --dist worksteal

browser: $(VENV)/.dev $(ISLAND) ## the tests in a real browser
	$(BIN)/python tests/e2e/provide_browser.py
	$(BIN)/python -m pytest tests/e2e -q -n 2 --dist loadfile --no-loadscope-reorder # the long ones come first, as they are listed

test-long: $(VENV)/.dev $(ISLAND) ## the slow tests: more examples, more rounds
	LONG=1 $(BIN)/python -m pytest tests --ignore tests/e2e -q -n 2
	$(BIN)/python tests/e2e/provide_browser.py
	LONG=1 $(BIN)/python -m pytest tests/e2e -q -n 2 --dist loadfile --no-loadscope-reorder

bench: $(VENV)/.dev $(ISLAND) ## measure: one JSON line a figure, peers and limits in the same run
	$(BIN)/python tests/e2e/provide_browser.py
	$(BIN)/pip install -q -r requirements-bench.txt -c constraints.txt
	$(BIN)/python -m bench

shots: $(VENV)/.dev $(ISLAND) ## take the screenshots of docs/ anew
	$(BIN)/python tests/e2e/provide_browser.py
	SHOTS=docs/screenshots $(BIN)/python -m pytest tests/e2e -q

handbook: $(VENV)/.run ## write docs/handbook*.md anew, from what the modules declare
	$(BIN)/python -m dougong handbook --language en > docs/handbook.md
	$(BIN)/python -m dougong handbook --language zh-Hans > docs/handbook.zh-Hans.md

island: $(ISLAND) ## build the web builder and the pages' scripts

format: $(VENV)/.dev ## let ruff lay the Python out
	$(BIN)/ruff check --fix --select I . && $(BIN)/ruff format .

clean: ## remove what was set up and built (never the data)
	rm -rf $(VENV) $(WEB)/node_modules dougong/static/builder .mypy_cache .ruff_cache .pytest_cache

# ---- how things come to be ----
$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or later is needed, this is %d.%d" % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt requirements-build.txt constraints.txt | $(BIN)/python
	@echo "setting up Python packages and node …"
	$(BIN)/pip install -q -r requirements.txt -r requirements-build.txt -c constraints.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	$(BIN)/pip install -q -r requirements-dev.txt -c constraints.txt
	@touch $@

$(WEB)/node_modules/.ready: $(VENV)/.run $(WEB)/package.json $(WEB)/package-lock.json
	cd $(WEB) && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(ISLAND): $(WEB)/node_modules/.ready $(shell find $(WEB)/src $(WEB)/scripts $(WEB)/vite dougong/messages -type f 2>/dev/null) $(WEB)/vite.config.ts
	cd $(WEB) && npm run --silent build
	@touch $@

.PHONY: help run test lint units pytest browser test-long bench shots handbook island format clean
