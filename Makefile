# Everything that the project can do, on a Debian or Ubuntu machine that has Swift. `make` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

SWIFT ?= swift
PYTHON ?= python3

BUILD_PACKAGES := libcurl4-openssl-dev libssl-dev libexpat1-dev libjansson-dev libpq-dev
LOCAL_PACKAGES := libnss-wrapper ca-certificates openssl redis-server
TEST_PACKAGES := $(LOCAL_PACKAGES) postgresql
# To build the release: the distribution's sources of libcurl and libpq, and what builds them.
PACKAGE_PACKAGES := advancecomp patch dpkg-dev autoconf automake libtool gcc g++ make pkg-config binutils perl python3

# What `make simulate` runs: so many worlds, or the one of a seed.
SEEDS ?= 10000
SEED ?=
# What `make build` builds: release or debug.
CONFIGURATION ?= release
# What `swift build` is told besides; another one than the last time builds everything anew.
BUILD_FLAGS ?=
RELEASE := .build/$(CONFIGURATION)
DEBUG := .build/debug
SIMULATOR := .build/package/release/simulate
CHAOS_SECONDS ?= 600
VENV := .venv
VENV_STAMP := $(VENV)/.installed
LINT_VENV := .venv-lint
REQUIREMENTS := Tests/Interop/python/requirements.txt
BENCH_VENV := $(VENV)/benchmarks
BENCH_STAMP := $(BENCH_VENV)/.installed
BENCH_REQUIREMENTS := Tests/Benchmarks/requirements.txt
UNACCOMPANIED := Tests/Interop/python/requirements-no-deps.txt
SOURCES := Sources Tests Package.swift

.PHONY: help
help: ## Show this list.
	@echo "promoter: makes an ElastiCache Global Datastore follow your DNS failover"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: build ## Kill a server, let everything fail over by itself, and come back; all on this machine.
	@.ci/packages $(LOCAL_PACKAGES)
	@$(RELEASE)/local-aws demo

.PHONY: build
build: tools ## Build .build/release/promoter and .build/release/bootstrap.
	@.ci/packages $(BUILD_PACKAGES)
	PROMOTER_COMMIT=$$(.ci/commit) $(SWIFT) build -c $(CONFIGURATION) $(BUILD_FLAGS)

.PHONY: package
package: tools ## Build dist/promoter-ARCHITECTURE.zip, the release for AWS Lambda.
	@.ci/packages $(BUILD_PACKAGES) $(PACKAGE_PACKAGES)
	@SWIFT=$(SWIFT) .ci/package $(WITH)

.PHONY: test
test: built-for-tests $(VENV_STAMP) ## Run all tests: of each target, of the built program, against other people's software.
	@SWIFT=$(SWIFT) VENV=$(VENV) DEBUG=$(DEBUG) SIMULATOR=$(SIMULATOR) .ci/test

# The release beside the tests, each in a folder of its own: the optimizer uses one core for the most part.
.PHONY: built-for-tests
built-for-tests: tools
	@.ci/packages $(BUILD_PACKAGES) $(TEST_PACKAGES) $(PACKAGE_PACKAGES)
	@mkdir -p .build; $(MAKE) --no-print-directory package WITH=simulate > .build/package.log 2>&1 & package=$$!; result=0; \
	    $(SWIFT) build --build-tests $(BUILD_FLAGS) || result=$$?; \
	    wait $$package || result=1; cat .build/package.log; exit $$result

.PHONY: simulate
simulate: tools ## Let it fail over in SEEDS (10000) worlds in which all goes wrong, or in that of SEED=7.
	@.ci/packages $(BUILD_PACKAGES)
	@$(SWIFT) build -c release --product simulate $(BUILD_FLAGS)
	@.build/release/simulate $(if $(SEED),world $(SEED),worlds --seeds $(SEEDS))

.PHONY: mutants
mutants: tools ## Turn each guard of the decision off in turn, and see that the tests notice.
	@.ci/packages $(BUILD_PACKAGES) python3
	@SWIFT=$(SWIFT) $(PYTHON) .ci/mutants

.PHONY: chaos
chaos: build package ## Run the packaged function under random faults, CHAOS_SECONDS (600) long, and judge it; SEED=1 for one of before.
	@.ci/packages $(LOCAL_PACKAGES)
	@$(RELEASE)/chaos --bootstrap dist/$$(uname -m | sed s/aarch64/arm64/)/bootstrap --seconds $(CHAOS_SECONDS) $(if $(SEED),--seed $(SEED))

.PHONY: fuzz
fuzz: tools ## Feed all that reads outside data what libFuzzer makes up, FUZZ_SECONDS (60) each; TARGETS="resp" for some.
	@.ci/packages $(BUILD_PACKAGES)
	@SWIFT=$(SWIFT) .ci/fuzz $(TARGETS)

.PHONY: bench
bench: package $(if $(findstring chain,$(BENCH_PARTS)),build) $(BENCH_STAMP) ## Measure the packaged function beside a minimal C loop and boto3; prints a Markdown table.
	@.ci/packages gcc $(BUILD_PACKAGES) $(LOCAL_PACKAGES) iproute2
	@$(BENCH_VENV)/bin/python Tests/Benchmarks/bench.py

.PHONY: lint
lint: build ## Check style, warnings, dependencies, and that nothing can trap on outside input.
	$(SWIFT) format lint --strict --recursive $(SOURCES)
	.ci/lint $(RELEASE)/bootstrap
	@$(MAKE) --no-print-directory lint-terraform

# Terraform: see .ci/terraform, which also finds the provider where there is no registry.
.PHONY: deploy
deploy: ## Show what terraform/examples/existing makes in AWS, ask, and make it.
	@.ci/terraform deploy

.PHONY: destroy
destroy: ## Show what make deploy made, ask, and remove it.
	@.ci/terraform destroy

.PHONY: docs
docs: ## Write the tables of inputs and outputs into the READMEs of terraform/.
	@$(PYTHON) .ci/terraform-docs

.PHONY: test-terraform
test-terraform:
	@.ci/terraform test

.PHONY: lint-terraform
lint-terraform: $(LINT_VENV)/.installed
	@.ci/terraform fmt
	@.ci/terraform validate
	@.ci/terraform checkov $(CURDIR)/$(LINT_VENV)/bin/checkov
	@$(LINT_VENV)/bin/checkov --directory .github --framework github_actions --skip-download --quiet --compact
	@$(PYTHON) .ci/terraform-docs --check
	@.ci/version-is > /dev/null
	@$(LINT_VENV)/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

# Apart from $(VENV): checkov wants another boto3.
$(LINT_VENV)/.installed: .ci/requirements-lint.txt
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || .ci/packages python3 python3-venv
	@echo "Installing the Python packages of $< into $(LINT_VENV)"
	@$(PYTHON) -m venv $(LINT_VENV)
	@$(LINT_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

.PHONY: format
format: ## Format all Swift sources in place.
	$(SWIFT) format --in-place --recursive $(SOURCES)

.PHONY: clean
clean: ## Remove all that was built or installed into this folder.
	rm -rf .build dist $(VENV) $(LINT_VENV)

.PHONY: tools
tools:
	@command -v $(SWIFT) > /dev/null || { \
	    echo "Swift 6.2 or later is needed, and there is no '$(SWIFT)' on the PATH: see https://www.swift.org/install" >&2; exit 1; }

# Software that nobody here wrote, to check ours against: boto3, moto, pytest, and AWS's emulator of Lambda.
$(VENV_STAMP): $(REQUIREMENTS) $(UNACCOMPANIED)
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || .ci/packages python3 python3-venv
	@echo "Installing the Python packages of $(REQUIREMENTS) into $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r $(REQUIREMENTS)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r $(UNACCOMPANIED)
	@touch $@

# Apart from that of the tests: a start of Python is measured with what a function would have beside it, and no more.
$(BENCH_STAMP): $(BENCH_REQUIREMENTS)
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || .ci/packages python3 python3-venv
	@echo "Installing the Python packages of $(BENCH_REQUIREMENTS) into $(BENCH_VENV)"
	@$(PYTHON) -m venv $(BENCH_VENV)
	@$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r $(BENCH_REQUIREMENTS)
	@touch $@
