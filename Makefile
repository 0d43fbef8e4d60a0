# Everything starts here: `make run` and `make test` set up what they need. README.md tells the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export WARRAQ_PORT ?= 8000
BIN := .venv/bin

.PHONY: help setup dev run test check format lock servers elasticsearch postgresql bench eval faults clean

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/.run  ## an environment in .venv with the locked dependencies

.venv/.run: requirements/build.txt requirements/run.txt requirements/camel.txt pyproject.toml scripts/setup.sh
	@scripts/setup.sh run

dev: .venv/.dev

.venv/.dev: requirements/build.txt requirements/run.txt requirements/camel.txt requirements/dev.txt pyproject.toml scripts/setup.sh
	@scripts/setup.sh dev

run: setup  ## the sample outlet, collected over HTTP and served on 127.0.0.1:$(WARRAQ_PORT)
	@$(BIN)/python scripts/run.py

test: dev  ## all tests; STRICT=1 installs Chromium, Elasticsearch, PostgreSQL and skips nothing (Linux)
ifeq ($(STRICT),1)
	@scripts/servers.sh
	WARRAQ_TEST_STRICT=1 $(BIN)/pytest -n 2 --dist loadfile
else
	$(BIN)/pytest -n 2 --dist loadfile
endif

check: dev  ## format, lint, strict types, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MAKE) test

format: dev  ## format and mend what the linter can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock:  ## renew the locked requirements (needs uv)
	scripts/lock.sh --upgrade

servers: dev  ## install what the strict tests need: Chromium, Elasticsearch, PostgreSQL
	@scripts/servers.sh

elasticsearch: dev  ## a real Elasticsearch in the foreground (downloaded once), on 127.0.0.1:9200
	@$(BIN)/python -m tests.servers elasticsearch

postgresql: dev  ## a real PostgreSQL in the foreground, on a free port
	@$(BIN)/python -m tests.servers postgresql

bench: dev  ## measure both engines on invented stories: QUICK=1 for 20,000, else 200,000; writes docs/benchmarks.md
	@$(BIN)/python -m scripts.bench $(if $(QUICK),--quick)

eval: dev  ## measure the quality of search and of pairing on the evaluation data (WARRAQ_EVAL_DATA); writes docs/search-quality.md
	@$(BIN)/python -m scripts.eval

faults: dev  ## try what goes wrong in an archive: QUICK=1 at the sizes of the tests; writes docs/faults.md
	@$(BIN)/python -m tests.faults $(if $(QUICK),--quick)

clean:  ## delete the environment and caches, saying what goes (the archive only with CLEAN_VAR=1)
	@scripts/clean.sh
