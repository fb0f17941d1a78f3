# thamdinh. `make` alone says what can be made. Needs python3 (3.11 or newer), python3-venv and make; nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
export PIP_ROOT_USER_ACTION := ignore

.DEFAULT_GOAL := help
.PHONY: help install run others test check lint types bench screenshots soak docs lock clean
.NOTPARALLEL:

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(VENV)/.packages $(VENV)/.project build/.assets ## the environment in .venv/, the project in it, fonts and translations

run: install ## the demo: all services, all 143 units, one click per role (PORT=8123 make run)
	@exec $(BIN)/thamdinh demo $(if $(PORT),--port $(PORT))

others: install ## in the demo: all other cases of 2026 go on until they are final; Ba Đình (UNIT=00004) is left to you
	@exec $(BIN)/thamdinh demo --play-on $(or $(UNIT),00004)

test: install ## every test, on SQLite and PostgreSQL and in a real browser (ARGS="-k words" for some)
	$(BIN)/python -m pytest $(ARGS)

check: lint types test ## what CI runs: lint, import contracts, types, all tests (they also prove that docs/ is not stale)

lint: install ## ruff and the import contracts between the rooms
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache

types: install ## mypy, strict
	$(BIN)/mypy

docs: install ## write the pages of docs/ that are made from the code
	$(BIN)/python -m commands.docs

bench: install ## a season through the workflow beside the same rows by the bare driver
	$(BIN)/python -m benchmarks

screenshots: install ## every page of every role, 1280 and 390 px wide, in screenshots/
	$(BIN)/python -m commands.screenshots

soak: install ## the long proofs that are too slow for every day
	$(BIN)/python -m pytest -m soak -o faulthandler_timeout=7200 $(ARGS)

lock: install ## write requirements.lock anew from pyproject.toml (needs uv)
	uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --universal \
	  --python-version 3.11 --extra dev --no-header pyproject.toml -o requirements.lock

clean: ## forget everything that `make install` made; data in var/ stays
	rm -rf $(VENV) build web/static/vendor

$(VENV)/.packages: requirements.lock
	@$(PYTHON) -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Needs Python 3.11 or newer with venv: apt-get install python3 python3-venv"; exit 1; }
	@echo "Installing the packages of requirements.lock into $(VENV)/ (about a minute the first time)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.project: $(VENV)/.packages pyproject.toml
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

build/.assets: $(VENV)/.project assets.lock commands/assets.py $(wildcard web/translations/*/LC_MESSAGES/*.po)
	@$(BIN)/python -m commands.assets
	@touch $@
