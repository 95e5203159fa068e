# What each target does: make help. Settings: PYTHON=python3.13 VENV=.venv-3.13 ARGS="-k gifts"

PYTHON ?= python3
VENV ?= .venv
ARGS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
PYTHON_VERSION := $(shell $(PYTHON) -c 'import platform; print(platform.python_version())' 2>/dev/null)

# Stamps: another interpreter makes a new venv; a changed lock installs again.
MADE := $(VENV)/.made-with-$(PYTHON_VERSION)
RUNTIME := $(VENV)/.installed-runtime
DEV := $(VENV)/.installed-dev

PEERS := .venv-peers/.installed

.PHONY: help demo test lint types torture benchmark programs lock clean

help:
	@echo 'make demo       install what natverk needs, and show it at work'
	@echo 'make test       the tests; on a PostgreSQL server: make test ARGS="--store postgres"'
	@echo 'make lint       ruff: rules and format'
	@echo 'make types      mypy --strict'
	@echo 'make torture    the long tests: kills, full disks, floods'
	@echo 'make benchmark  how fast it is, beside others; takes long, and writes benchmarks/RESULTS.md'
	@echo 'make lock       write requirements*.txt anew; newer versions: make lock UPGRADE=--upgrade'
	@echo 'make clean      remove all that the other targets made'

demo: $(RUNTIME)
	@$(BIN)/natverk demo

test: $(DEV)
	@$(BIN)/python -m pytest $(ARGS)

lint: $(DEV)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(DEV)
	@$(BIN)/mypy

torture: $(DEV)
	@$(BIN)/python -m pytest -m torture $(ARGS)

# A run of all benchmarks writes its figures down.
benchmark: $(DEV) $(PEERS) programs
	@NATVERK_RESULTS=$(if $(ARGS),,benchmarks/RESULTS.md) $(BIN)/python -m pytest benchmarks/ $(or $(ARGS),-m "")

$(PEERS): $(MADE) benchmarks/peers.txt
	@$(PYTHON) -m venv --clear .venv-peers
	@.venv-peers/bin/python -m pip --quiet --disable-pip-version-check --no-input \
		install --requirement benchmarks/peers.txt
	@touch $@

programs:
	@command -v ledger >/dev/null && command -v hledger >/dev/null || \
		apt-get install --yes ledger hledger >/dev/null || { \
		echo 'The benchmarks race against ledger and hledger; install them (on Debian: as root, apt-get install ledger hledger).' >&2; exit 1; }

$(MADE):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo 'natverk needs Python 3.11 or newer, and $(PYTHON) is $(or $(PYTHON_VERSION),not there). Name another: PYTHON=python3.13 make ...' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
		echo '$(PYTHON) cannot make virtual environments; on Debian and Ubuntu, install python3-venv.' >&2; exit 1; }
	@test ! -e '$(VENV)' || test -e '$(VENV)/pyvenv.cfg' || { \
		echo '$(VENV) is there and is no virtual environment; left alone.' >&2; exit 1; }
	@$(PYTHON) -m venv --clear '$(VENV)'
	@touch $@

$(RUNTIME): $(MADE) requirements.txt pyproject.toml
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q ledger projections cli
	@touch $@

$(DEV): $(MADE) requirements-dev.txt pyproject.toml
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q ledger projections cli
	@touch $@

# Versions already locked stay unless UPGRADE=--upgrade. One version of each package for every
# Python and system (--universal, --fork-strategy fewest), with the hashes of all its files.
UPGRADE ?=
COMPILE = .venv-lock/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 \
	--fork-strategy fewest --generate-hashes --no-header pyproject.toml $(UPGRADE)

lock:
	@$(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/python -m pip --quiet --disable-pip-version-check install 'uv>=0.9'
	@$(COMPILE) --group build --output-file requirements.txt >/dev/null
	@$(COMPILE) --group dev --constraints requirements.txt --output-file requirements-dev.txt >/dev/null
	@for lock in requirements.txt requirements-dev.txt; do \
		{ echo '# Written by `make lock` from pyproject.toml; not to be edited by hand.'; cat $$lock; } \
			>.venv-lock/new && cp .venv-lock/new $$lock; done

clean:
	@rm -rf .venv .venv-* build dist natverk.egg-info .benchmarks .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
