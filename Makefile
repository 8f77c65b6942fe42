# Bocage: two commands to know, `make demo` and `make test`. Each does all its own set-up; a prepared checkout starts at once.

SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(if $(shell $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo yes),$(p))))
VENV := .venv
BIN := $(VENV)/bin
BASE := $(VENV)/.base-installed
DEV := $(VENV)/.dev-installed
PORT ?= 8000
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test check bench fuzz ci messages vendor lock clean

help:  ## Show what there is to make
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

demo: $(BASE)  ## Serve a living market town on http://localhost:8000 and say who to log in as
	@export BOCAGE_DEMO=yes BOCAGE_SITE_URL=$${BOCAGE_SITE_URL:-http://localhost:$(PORT)}; exec $(BIN)/bocage up --port $(PORT)

test: $(DEV)  ## Run every test: on SQLite, on PostgreSQL, then in a real browser
	@bin/test

check: $(DEV)  ## Run every check that needs no test: style, types, contracts, migrations, translations
	@bin/check

bench: $(DEV)  ## Measure pages and checkout beside a reference of the same run
	@$(BIN)/python -m tests.bench $(ARGS)

fuzz: $(DEV)  ## Price a million random baskets in every way and compare to the cent (ARGS="1000 7": how many, from which)
	@$(BIN)/python -m tests.fuzz $(ARGS)

ci: $(DEV)  ## Do what CI does, here
	@.ci/run

messages: $(DEV)  ## Collect the sentences of every app for translation into French (needs gettext)
	@for app in bocage/*/ bocage/cooperative/*/; do [ -f "$$app/apps.py" ] && mkdir -p "$$app/locale" && (cd "$$app" && \
	  $(CURDIR)/$(BIN)/django-admin makemessages --locale fr --no-location --no-wrap --verbosity 0) || true; done

vendor: $(BASE)  ## Copy the pinned front-end packages into the tree (needs npm; running the project does not)
	@mkdir -p build/front && cp package.json build/front/
	@cd build/front && npm install --ignore-scripts --no-package-lock --no-audit --no-fund --silent
	@$(BIN)/python -m bocage.ui.vendor build/front/node_modules

lock: $(DEV)  ## Resolve requirements/*.in into hashed requirements/*.txt
	@for name in base dev; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-emit-index-url --no-emit-find-links --output-file requirements/$$name.txt requirements/$$name.in; done

clean:  ## Remove the virtual environment and everything that was made, demo data included
	@rm -rf $(VENV) var build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info

$(VENV)/bin/python:
	@[ -n "$(PYTHON)" ] || { echo "Bocage needs Python 3.11 or newer."; exit 1; }
	@echo "Making $(VENV) …"; $(PYTHON) -m venv $(VENV)

$(BASE): requirements/base.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Bocage needs …"
	@$(BIN)/pip install -qq --require-hashes --requirement requirements/base.txt
	@$(BIN)/pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements/dev.txt pyproject.toml | $(BASE)
	@echo "Installing what its developers need …"
	@$(BIN)/pip install -qq --require-hashes --requirement requirements/dev.txt
	@touch $@
