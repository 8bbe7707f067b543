# Everything starts here. `make` alone lists the targets.

PYTHON := .venv/bin/python
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PYTHONPATH := $(CURDIR)/layers/vouchsafe:$(CURDIR)
export SAM_CLI_TELEMETRY := 0
export AWS_DEFAULT_REGION ?= us-east-1

.DEFAULT_GOAL := help
.PHONY: help setup demo up down account check format test soak bench build validate openapi deploy clean

help: ## List the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/\1\t\2/p' Makefile | expand -t 12

setup: .venv/.ready ## Install everything into .venv (done by the others when needed)

.venv/.ready: .ci/setup requirements/dev.txt requirements/uv.txt
	@.ci/setup

demo: setup ## Run the main job once, from an empty machine to a revoked certificate
	@$(PYTHON) -m tests.lab.demo

up: setup ## Run the service here (WINDOW= FIRST_GAP= GAP_CAP= seconds, DNS=host:port HTTP_PORT= RATE_LIMITS=)
	@$(PYTHON) -m tests.lab.up --window=$(WINDOW) --first-gap=$(FIRST_GAP) --gap-cap=$(GAP_CAP) \
	  --dns=$(DNS) --http-port=$(HTTP_PORT)

down: setup ## Stop what `make up` started
	@$(PYTHON) -m tests.lab.down

account: setup ## Make a further account on the running service (NAME=)
	@$(PYTHON) -m tests.lab.account "$(NAME)"

check: setup ## Format, lint, types, import contracts and the quick tests; under two minutes
	@ruff format --check .
	@ruff check .
	@mypy
	@lint-imports --no-logo
	@pytest -q -n auto -m "not long" tests/unit tests/infrastructure

format: setup ## Put all files into the one format
	@ruff check --fix-only --quiet .
	@ruff format .

test: setup ## Every test, end to end on the emulator included; under 15 minutes
	@code=0; \
	  pytest -n auto --ignore=tests/e2e || code=1; \
	  pytest tests/e2e || code=1; \
	  exit $$code

soak: setup ## The long numbers: every cut and every schedule, minutes to hours
	@$(PYTHON) -m tests.bench --soak

bench: setup ## Measure what has a budget: cold imports, a look, an issue, a CRL
	@$(PYTHON) -m tests.bench

build: setup ## Build both templates for AWS
	@VOUCHSAFE_ARCH=$${VOUCHSAFE_ARCH:-arm64} sam build --build-dir .aws-sam/aws-primary/build
	@VOUCHSAFE_ARCH=$${VOUCHSAFE_ARCH:-arm64} sam build --template perspective.yaml \
	  --build-dir .aws-sam/aws-perspective/build

validate: setup ## Lint both templates
	@sam validate --lint --template template.yaml
	@sam validate --lint --template perspective.yaml

openapi: setup ## Write docs/openapi.json, the API's definition in template.yaml and the tables of docs/roles.md
	@$(PYTHON) -m tests.tools.render_openapi --write
	@$(PYTHON) -m tests.tools.render_roles --write

deploy: setup ## Deploy to AWS (STAGE=staging or production); see docs/deploy.md
	@$(PYTHON) -m deploy $(STAGE)

clean: ## Remove what was built and installed; a running service must be stopped first
	@rm -rf .aws-sam .local .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
