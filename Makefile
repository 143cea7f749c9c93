# make run    the whole platform on this machine, with a demo world
# make test   everything that is checked, with servers of its own
# Both set up whatever is missing; they need only Python 3.11 (or newer) and make.

SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
RUN_READY := $(VENV)/.packages-run
DEV_READY := $(VENV)/.packages-dev
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
# tests at once; each has its own database
JOBS ?= 2
# further words for pytest or the bench: make test ARGS="tests/orders -x"
ARGS ?=
PORT ?= 8000
MINUTES ?= 2
SEED ?=

.PHONY: help run setup test check pytest bench chaos pictures lock css browser clean
.DEFAULT_GOAL := help

help: ## what there is to make
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

run: $(RUN_READY) ## start everything on this machine; Ctrl-C stops it, the data stay in var/
	@exec $(PY) manage.py up --port $(PORT) --with-parent $(ARGS)

setup: $(DEV_READY) ## install what run, test and check need, nothing else

test: check pytest ## all checks and the whole test suite, browser tests included

check: $(DEV_READY) ## style, types, the walls between the apps, migrations, settings for production
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(VENV)/bin/lint-imports
	@$(PY) -m mypy
	@$(PY) -m tests.checks

pytest: $(DEV_READY) browser ## the test suite alone
	@$(PY) -m pytest -n $(JOBS) --dist worksteal $(ARGS)

bench: $(DEV_READY) ## measure: make bench, or make bench ARGS="start"
	@$(PY) -m bench $(ARGS)

chaos: $(DEV_READY) ## kill everything under load and judge: make chaos MINUTES=10 SEED=7
	@$(PY) -m tests.chaos --minutes $(MINUTES) $(if $(SEED),--seed $(SEED)) $(ARGS)

pictures: $(DEV_READY) browser ## every page of the running platform as pictures, into var/pictures
	@$(PY) -m tests.pictures $(ARGS)

browser: ## get Chromium and PgBouncer for the tests that need them, where that is possible
	@sh .ci/chromium
	@sh .ci/pgbouncer

lock: $(RUN_READY) ## pin and hash requirements*.txt anew from requirements*.in
	@test -x var/lock/bin/uv || { python3 -m venv var/lock && var/lock/bin/python -m pip install --quiet uv; }
	@for name in requirements requirements-dev; do \
	  UV_CUSTOM_COMPILE_COMMAND="make lock" var/lock/bin/uv pip compile --quiet --universal --python-version 3.11 \
	    --generate-hashes --no-emit-index-url --no-emit-find-links $(ARGS) $$name.in -o $$name.txt || exit 1; done

css: ## build the style sheet from assets/ (needs Node.js; the result is committed)
	@cd assets && npm ci --no-audit --no-fund && npm run build

clean: ## remove packages and caches, never the data in var/
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(PY):
	@sh .ci/venv $(VENV)

# A stamp is written last, so an interrupted installation is done again.
$(RUN_READY): requirements.txt | $(PY)
	@echo "Installing packages (once) …"
	@$(PIP) -r requirements.txt && touch $@

$(DEV_READY): requirements-dev.txt $(RUN_READY)
	@echo "Installing packages for tests and checks (once) …"
	@$(PIP) -r requirements-dev.txt && touch $@
