# The project's commands; `make` alone lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# Where `python3` is too old, name another: make setup PYTHON=python3.12
export PYTHON ?= python3
# Two workers suit the two cores that the project is measured on.
WORKERS ?= 2

.PHONY: help setup run test check soak bench screenshots lock sbom

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what running needs: Python, its locked packages, the built assets
	@scripts/setup.sh run

run: setup ## Start the web server and the scheduler on this machine, with a made-up year
	@exec .venv/bin/jags demo run

test: ## Install what testing needs, then run every check and every test
	@scripts/setup.sh test
	@scripts/check.sh
	@.venv/bin/pytest -n $(WORKERS)

check: ## Run the checks alone: format, lint, types, layers, templates, security, migrations
	@scripts/setup.sh test
	@scripts/check.sh

soak: ## Run every test with its full counts, which takes long
	@scripts/setup.sh test
	@JAGS_SOAK=1 .venv/bin/pytest -n $(WORKERS)

bench: ## Measure every speed claim and print the table
	@scripts/setup.sh bench
	@PYTHONPATH=.:tests .venv/bin/python -m benchmarks.run
	@PYTHONPATH=. .venv/bin/python -m benchmarks.allocation_pairs
	@PYTHONPATH=. .venv/bin/python -m benchmarks.allocation_plans
	@PYTHONPATH=.:tests .venv/bin/python -m benchmarks.shown

sbom: ## Write what the software is made of (CycloneDX) to instance/sbom.json
	@scripts/setup.sh run
	@.venv/bin/python scripts/sbom.py instance/sbom.json

screenshots: ## Draw the pictures of the documentation again
	@scripts/setup.sh test
	@PYTHONPATH=.:tests .venv/bin/python scripts/screenshots.py

lock: ## Write the lock files from pyproject.toml (UPGRADE=--upgrade takes the newest)
	@test -x .venv/bin/pip-compile || scripts/setup.sh test
	@scripts/lock.sh $(UPGRADE)
