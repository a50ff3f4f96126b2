# Two commands matter: `make run` and `make test`. Everything else is a part of one of them; `make help` lists all.
SHELL := /bin/bash
CLUSTER ?=
NAME ?=
ARGS ?=
PY := .venv/bin/python
.DEFAULT_GOAL := help

.PHONY: help run test test-fast bench env web lint fmt types contracts requirements api bpf fuzz lock cluster-up cluster-down
.PHONY: opensearch-up opensearch-down clean screenshots

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  \033[1mmake %-13s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## start everything and print the address with a one-time sign-in link (CLUSTER=dev: on the development cluster)
ifeq ($(CLUSTER),)
	@scripts/bootstrap.sh env run && scripts/bootstrap.sh web && exec env -u PYTHONDONTWRITEBYTECODE .venv/bin/ink serve $(ARGS)
else ifeq ($(CLUSTER),dev)
	@scripts/bootstrap.sh env run && scripts/bootstrap.sh web && exec scripts/run-on-cluster.sh $(ARGS)
else
	@echo "ink: CLUSTER=$(CLUSTER) is unknown; use CLUSTER=dev, or leave it out for the embedded scheduler." >&2; exit 2
endif

test: ## everything: lint, types, import contracts, all Python tests, front end, browser
	@scripts/bootstrap.sh env dev && exec scripts/test.sh all

test-fast: ## lint, types, import contracts and the tests that need no cluster and no browser
	@scripts/bootstrap.sh env dev && exec scripts/test.sh fast

bench: env ## one benchmark with its peers, for instance NAME=roundtrip
	@test -n "$(NAME)" || { echo "ink: say which benchmark, for instance make bench NAME=roundtrip." >&2; exit 2; }
	@exec $(PY) -m bench.$(NAME) $(ARGS)

env: ## the locked Python environment with the development tools, in .venv
	@scripts/bootstrap.sh env dev

web: ## the front end, built into manager/api/static
	@scripts/bootstrap.sh web

screenshots: env web ## the documentation's pictures of every page, made anew
	@mkdir -p docs/screenshots/pages && rm -f docs/screenshots/pages/*.png
	@INK_SCREENSHOTS=docs/screenshots/pages $(PY) -m pytest -q -n0 -k "readable" tests/web/test_every_page.py

lint: env ## ruff: rules and format
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .

fmt: env ## ruff: fix what can be fixed, and format
	@.venv/bin/ruff check --fix . ; .venv/bin/ruff format .

types: env ## pyright, strict
	@.venv/bin/pyright

contracts: env ## import-linter: who may import whom
	@.venv/bin/lint-imports --no-logo

requirements: env ## what the product promises and no test covers yet
	@$(PY) -m tests.requirements

api: env ## remake docs/reference/openapi.json from the routes, and the Python client from that
	@$(PY) -m manager.api.openapi > docs/reference/openapi.json.new && mv docs/reference/openapi.json.new docs/reference/openapi.json
	@$(PY) -m clients.generate

bpf: env ## rebuild joblens/bpf/joblens.bpf.o with the locked compiler
	@$(PY) -m bench.locked_environment bpf && .venv/bench/bpf/bin/python joblens/bpf/build.py

fuzz: env ## generated requests to every operation, against the OpenAPI document (minutes to hours)
	@exec $(PY) -m tests.fuzz

lock: env ## remake requirements/*.lock from pyproject.toml
	@scripts/lock.sh

cluster-up: env ## start the development cluster: real HTCondor, Slurm and Apptainer (root, Linux)
	@exec $(PY) deploy/dev-cluster/cluster.py up $(ARGS)

opensearch-up: env ## start an OpenSearch server on the loopback (Java, Maven)
	@exec $(PY) -m bench.opensearch up

opensearch-down: env ## stop it, and remove what it holds
	@exec $(PY) -m bench.opensearch down

cluster-down: env ## stop it
	@exec $(PY) deploy/dev-cluster/cluster.py down $(ARGS)

clean: ## remove what was built here
	rm -rf .venv .stamps manager/api/static web/node_modules tests/oidc_provider/node_modules tests/app_programs/node_modules tests/mcp_inspector/node_modules
