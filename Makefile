# What can be done in this repository. `make` lists it.

SHELL       := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo setup test lint gen bench fuzz

# The modules of the workspace, as go.work lists them.
modules   = $(shell go list -m -f '{{.Dir}}')
packages  = $(addsuffix /...,$(modules))
each      = @for dir in $(modules); do echo "== $$dir"; (cd "$$dir" && $(1)) || exit 1; done
linter   := $(CURDIR)/.tools/golangci-lint
FUZZTIME ?= 10s
ADDR     ?= localhost:8080

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Generate the newsroom and serve it on http://localhost:8080, or on ADDR
	@echo "building the newsroom; the first time takes a minute or two, for its embedded NATS server"
	cd examples/newsroom && go run ../../cmd/courant gen ./design
	go run ./examples/newsroom/cmd/newsroom -addr $(ADDR) -agency 5s

setup: ## Install what the tests need and this machine lacks
	@scripts/setup

test: setup ## Vet and test every module, with the race detector
	go vet $(packages)
	go test -race -timeout 30m $(packages)

lint: $(linter) ## Lint every module
	$(call each,$(linter) run --config "$(CURDIR)/.golangci.yml" ./...)

gen: ## Generate again what is generated
	$(call each,go generate ./...)

bench: ## Run the benchmarks
	$(call each,go test -run '^$$' -bench . -benchmem ./...)

fuzz: ## Fuzz each decoder for FUZZTIME (10s)
	@scripts/fuzz $(FUZZTIME)

# The linter has a module of its own, so that nobody gets its dependencies with
# courant. It is built once per version.
$(linter): tools/go.mod tools/go.sum
	@echo "building golangci-lint; the first time takes minutes"
	cd tools && GOWORK=off go build -o $@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	@touch $@
