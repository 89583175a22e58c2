# `make` lists the targets.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV ?= .venv
export PYTHON

.PHONY: help setup

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | awk -F'|' '{ printf "make %-8s %s\n", $$1, $$2 }'

setup: $(VENV)/.ready  ## create .venv from requirements.lock and install this checkout into it

$(VENV)/.ready: requirements.lock pyproject.toml hatch_build.py tools/setup.sh
	@tools/setup.sh $(VENV)
	@touch $@
