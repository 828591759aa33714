# What can be done here, and how? `make help` says.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

SERVE ?= 1
DIR ?= .demo
TESTS ?= tests
WORKERS ?= auto
WORLDS ?= 1000
FAULTS ?=

BIN := .venv/bin
PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$each" && break; done)

help: ## Say what can be done here
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .setup/run ## Make a sample program, print its CFO page and serve it (SERVE=0 ends after the page; DIR=.demo)
	@$(BIN)/firstcall demo "$(DIR)" $(if $(filter 0,$(SERVE)),--no-serve,--serve)

test: .setup/dev .setup/system ## Run every test (TESTS=path narrows, WORKERS=n)
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup $(TESTS)

nightly: .setup/dev ## Ask every metric about many more random worlds, break many more lines (WORLDS=1000)
	@FIRSTCALL_WORLDS=$(WORLDS) $(BIN)/pytest -n $(WORKERS) --dist loadgroup tests/metrics/test_against_reference.py \
		tests/engines/test_parity.py tests/engines/test_types.py
	@FIRSTCALL_FUZZ=100000 $(BIN)/pytest -n0 tests/sources/test_fuzz.py tests/sources/test_fuzz_records.py

planted: .setup/dev ## Plant known faults in copies, one at a time, and say which test finds each (FAULTS=word narrows)
	@FAULTS="$(FAULTS)" WORKERS="$(WORKERS)" $(BIN)/python -m tests.planted

check: .setup/dev ## Lint, format, types, and the rules of the house
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/pytest -q tests/contracts

bench: .setup/dev ## Measure import and answers against their peers
	@for each in benchmarks/*_speed.py; do echo "== $$each"; $(BIN)/python "$$each"; done

docs: .setup/dev ## Write the generated pages of docs/ again
	@$(BIN)/python -m tests.contracts.generate_docs

setup: .setup/dev .setup/system ## Install all that tests and checks need

clean: ## Remove what make made
	rm -rf .venv .setup "$(DIR)" build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

# A stamp per step, so that a second `make` starts at once.
.setup/run: pyproject.toml constraints.txt | .setup/venv
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

.setup/dev: pyproject.toml constraints.txt | .setup/venv
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@ .setup/run

.setup/venv:
	@[ -n "$(PYTHON)" ] || { echo 'firstcall needs Python 3.11 or newer; none is on the path. Install one, or say PYTHON=/path/to/python3.' >&2; exit 1; }
	@[ -x $(BIN)/python ] || "$(PYTHON)" -m venv .venv || { echo 'The virtual environment could not be made; on Debian: apt-get install python3-venv.' >&2; exit 1; }
	@mkdir -p .setup && touch $@

.setup/system: tests/setup.sh | .setup/venv
	@bash tests/setup.sh
	@touch $@

.PHONY: help demo test nightly planted check bench docs setup clean
