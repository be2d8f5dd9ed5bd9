# Everything goes through here; `make help` lists it. Paths are relative, so a checkout path with a space is fine.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:

UV_VERSION := 0.13.8
PYTHON ?= python3
FOUND_UV := $(shell command -v uv 2>/dev/null)
UV := $(if $(FOUND_UV),uv,.uv/bin/uv)
RUN := .venv/bin/python -m
WORKERS ?= 2
export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1
export PYTHONUTF8 := 1
# Test workers and fits share the cores; BLAS threads of their own would only wait for each other.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1

.PHONY: help run demo serve test test-all check fmt scoreboard docs lock clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile

.uv/bin/uv:
	@echo "Fetching uv $(UV_VERSION) into .uv/ (once)"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action ignore --target .uv "uv==$(UV_VERSION)"

.venv/.ready: requirements.lock pyproject.toml $(if $(FOUND_UV),,.uv/bin/uv)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	@echo "Making the environment .venv from requirements.lock"
	@$(UV) venv --quiet --allow-existing --python "$(PYTHON)" .venv
	@$(UV) pip sync --quiet --require-hashes --python .venv/bin/python requirements.lock
	@$(UV) pip install --quiet --no-deps --no-build-isolation --python .venv/bin/python --editable .
	@touch .venv/.ready

run: .venv/.ready ## Collect, train, forecast and report: on the mirror or the public files, else on a simulated league
	@$(RUN) ai_pro_sports quickstart

demo: .venv/.ready ## The same on a simulated league, whose truth is known
	@$(RUN) ai_pro_sports demo

serve: .venv/.ready ## Serve the API on HOST:PORT
	@$(RUN) ai_pro_sports serve

test: .venv/.ready ## Run the tests, but for the slow ones
	@$(RUN) pytest -q -n $(WORKERS) --dist loadfile -m "not slow"

test-all: .venv/.ready ## Run every test with coverage, and say what was skipped and why
	@$(RUN) pytest -q -n $(WORKERS) --dist loadfile -rs --cov --cov-report=term

check: .venv/.ready ## Lint, format, types, import contract, house rules, generated reference
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) mypy
	@.venv/bin/python tools/import_contract.py
	@.venv/bin/python tools/house_rules.py
	@.venv/bin/python tools/reference.py --check

fmt: .venv/.ready ## Format and mend what can be mended
	@$(RUN) ruff check --fix-only --quiet .
	@$(RUN) ruff format .

scoreboard: .venv/.ready ## Score the models on real history beside the closing line; writes docs/scoreboard.md
	@.venv/bin/python benchmarks/scoreboard.py

docs: .venv/.ready ## Write the generated reference pages
	@.venv/bin/python tools/reference.py

lock: .venv/.ready ## Compile requirements.lock anew from pyproject.toml
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --group dev \
		pyproject.toml --output-file requirements.lock

clean: ## Remove the environment and caches (never var/, which holds your data)
	@rm -rf .venv .uv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .benchmarks .coverage* build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
