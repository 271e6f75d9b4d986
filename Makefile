# make run    set up, build the graph of the examples, validate it and serve it (PORT=8000)
# make test   set up and run all tests
# make lint   set up and check style and types
#
# Everything is installed into .venv, and only when pyproject.toml or this file has changed.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test lint clean

PORT ?= 8000
GRAPH := build/examples
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

help:
	@sed -n 's/^# \{0,1\}//p; /^$$/q' Makefile

run: $(STAMP)
	@$(BIN)/communique build examples --out $(GRAPH)
	@$(BIN)/communique validate $(GRAPH)
	@$(BIN)/communique serve $(GRAPH) --port $(PORT)

test: $(STAMP)
	@$(BIN)/python -m pytest -n auto

lint: $(STAMP)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy --strict

clean:
	rm -rf $(VENV) build

$(STAMP): pyproject.toml Makefile scripts/make_venv.sh
	@bash scripts/make_venv.sh $(VENV)
	@touch $(STAMP)
