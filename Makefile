# Every command of the project. `make` alone lists them.
# A variable given on the command line reaches every program: make run STAFF_PORT=8010

.DEFAULT_GOAL := help
.NOTPARALLEL:
.SUFFIXES:

PY := .venv/bin/python
# Where packages were unpacked into .tools, programs are told where to find them.
TOOLS := set -e; if [ -f .tools/env ]; then . ./.tools/env; fi;
DEVDB := exec $(PY) -m setup.devdb
export COUNTERSIGN_ENV ?= development

CHECKS := format lint types imports templates migrations docs packages
.PHONY: help ready ready-test run test test-long test-one check bench migrate migrations format docs \
	requirements clean $(CHECKS:%=check-%)

help: ## List the commands
	@echo 'Countersign. The commands:'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile

ready:
	@sh setup/bootstrap.sh
	@$(TOOLS) $(PY) -m setup.system run

ready-test: ready
	@$(TOOLS) $(PY) -m setup.system test

run: ready ## Set everything up and serve it, with sample decisions, until Ctrl-C
	@$(TOOLS) exec $(PY) -m setup.run

test: ready-test ## Set everything up and run every test, browser journeys included
	@$(TOOLS) exec $(PY) -m pytest

test-long: ready-test ## The drills in their long form: kills, tampering, races, every guard taken away
	@$(TOOLS) exec $(PY) -m pytest -m long $(ARGS)

test-one: ready-test ## Run some tests: make test-one ARGS=tests/test_decide.py
	@$(TOOLS) exec $(PY) -m pytest $(ARGS)

check: $(CHECKS:%=check-%) ## Every check below, in this order
	@echo 'Every check passed.'

check-format: ready ## Is the Python formatted?
	@$(PY) -m ruff format --check .

check-lint: ready ## Does ruff find a fault?
	@$(PY) -m ruff check .

check-types: ready ## Do the types hold (mypy, strict)?
	@$(TOOLS) DATA_DIR=.data exec $(PY) -m mypy .

check-imports: ready ## Do the rooms keep their walls (import-linter)?
	@.venv/bin/lint-imports --no-logo

check-templates: ready ## Does djlint find a fault in the templates?
	@$(PY) -m djlint templates --lint --quiet

check-migrations: ready ## Is every migration there, reversible, and safe while the service runs?
	@$(TOOLS) $(DEVDB) --test $(PY) -m setup.migrations

check-docs: ready ## Do the generated documents match the workflow table?
	@$(TOOLS) $(DEVDB) --test $(PY) manage.py draw_workflow --check

check-packages: ready ## Are all packages pinned, by hash, and no host of them named?
	@$(PY) -m setup.packages

bench: ready-test ## Run the benchmarks, or some: make bench ARGS=documents
	@$(TOOLS) $(DEVDB) --test $(PY) -m bench $(ARGS)

migrate: ready ## Apply the migrations and the roles to the development database
	@$(TOOLS) $(DEVDB) $(PY) manage.py migrate --settings config.settings.owner

migrations: ready ## Write the migrations that changed models ask for (give them a name)
	@$(TOOLS) $(DEVDB) $(PY) manage.py makemigrations --settings config.settings.owner $(ARGS)

format: ready ## Format the Python and mend what ruff can mend
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .

docs: ready ## Write the generated documents anew
	@$(TOOLS) $(DEVDB) --test $(PY) manage.py draw_workflow

requirements: ready ## Pin the packages anew (newest that fit: make requirements ARGS=--upgrade)
	@sh setup/requirements.sh $(ARGS)

clean: ## Remove all that set-up and the tools made here, the development database too
	@if [ -x $(PY) ]; then $(PY) -m setup.devdb --remove; fi
	@rm -rf .venv .tools node_modules build .data .mypy_cache .ruff_cache .pytest_cache \
		.import_linter_cache .hypothesis test-results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
