# `make` lists the targets.
SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV ?= .venv
# PYTEST_ARGS="tests/store -x" runs a part; WORKERS=0 runs without xdist.
PYTEST_ARGS ?=
WORKERS ?= 2
export PYTHON
# Tests and notebooks call `pkilab`, `python` and the linters of the environment,
# but what makes the environment must not run from it.
OUTER_PATH := $(PATH)
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

.PHONY: help lab setup tools test bench lint format lock clean

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | awk -F'|' '{ printf "make %-8s %s\n", $$1, $$2 }'

lab: setup  ## start the lab: web service, mail and JupyterLab, until Ctrl-C (ARGS="--port 6000")
	@pkilab lab $(ARGS)

setup: $(VENV)/.ready  ## create .venv from requirements.lock and install this checkout into it

$(VENV)/.ready: requirements.lock pyproject.toml hatch_build.py tools/setup.sh
	@PATH="$(OUTER_PATH)" tools/setup.sh $(VENV)
	@touch $@

tools:  ## see that the programs which the tests call are there (installs them as root on Debian)
	@tools/tools.sh

test: tools lint  ## run every check and every test; the last line says how it ended
	@echo "test: pytest over tests/ and notebooks/ ($(WORKERS) workers)"
	@pytest -q --numprocesses=$(WORKERS) --dist=loadscope $(PYTEST_ARGS)

bench: setup  ## measure against other programs and write docs/performance.md (ARGS="--only bulk-rsa", "--list")
	@PATH="$(OUTER_PATH)" tools/peers.sh "$(CURDIR)/$(VENV)/bin/python"
	@python -m benchmarks $(ARGS)

lint: setup  ## ruff, mypy and import-linter
	@echo "lint: ruff, mypy, import-linter"
	@ruff check --quiet
	@ruff format --check --quiet || { echo "lint: 'make format' formats these files." >&2; exit 1; }
	@mypy --no-error-summary
	@tools/quietly.sh lint-imports --no-cache

format: setup  ## let ruff format and mend what it can
	@ruff format --quiet
	@ruff check --quiet --fix

lock:  ## resolve requirements.lock and environment.yml anew (ARGS="--upgrade" for newer versions)
	@PATH="$(OUTER_PATH)" tools/lock.sh $(ARGS)

clean:  ## remove the environment, caches and built files
	@rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
