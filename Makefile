# `make` alone lists what there is. `make demo` and `make test` do all the set-up themselves.
.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test experience screenshots torture fuzz build lint format bench bench-chat bench-matching ci setup setup-test
MAKEFLAGS += --no-print-directory

CONFIG ?= debug
PORT ?= 8080
BENCH_ARGS ?=
BENCH_CONFIG ?= release
FUZZ_ARGS ?=
export CONFIG PORT

help:
	@echo "Kith. New here? make demo"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: setup ## start Kith with demonstration data on http://localhost:8080 (PORT=…, CONFIG=release)
	@exec scripts/demo

demo-reset: ## delete the demonstration data and start over
	@echo "==> Deleting var/demo, the demonstration's data."
	@rm -rf var/demo
	@$(MAKE) demo

test: setup-test ## run all tests, on SQLite and PostgreSQL and in a browser
	@exec scripts/test

experience: setup-test ## hold every page of every role to the rules of how it feels, and write docs/experience.md
	@exec scripts/experience

screenshots: setup-test ## take pictures of every page of every role, into var/screenshots
	@exec scripts/experience --pictures

torture: setup-test ## do the worst to running servers, for as long as it takes
	@exec scripts/torture

fuzz: setup ## throw changed input at every parser of what comes from outside (FUZZ_ARGS=…)
	@exec scripts/fuzz $(FUZZ_ARGS)

build: setup ## build everything, tests included
	@swift build --build-tests

lint: ## check style and house rules
	@exec scripts/lint

format: ## lay out all Swift files the one way
	@swift format --in-place --recursive --parallel Sources Tests Fuzz/Sources Package.swift Fuzz/Package.swift

bench: setup-test ## measure (BENCH_ARGS=…)
	@exec scripts/bench $(BENCH_ARGS)

bench-chat: setup-test ## measure group conversations beside other chat servers (BENCH_ARGS=…)
	@CONFIG=$(BENCH_CONFIG) exec scripts/bench-chat $(BENCH_ARGS)

bench-matching: setup ## measure matching beside other solvers (BENCH_ARGS=…)
	@CONFIG=$(BENCH_CONFIG) exec scripts/bench-matching $(BENCH_ARGS)

ci: ## everything a change must pass
	@exec scripts/ci

setup: ## install what the build needs (others do this for you)
	@scripts/setup

setup-test: ## install what the tests need (others do this for you)
	@scripts/setup --tests
