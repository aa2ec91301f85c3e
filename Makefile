PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

TELL_MOCK := "Installing the mock into $(VENV): about half a minute the first time."
TELL_CHECK := "Installing the check into $(VENV): about half a minute the first time."
TELL_DEV := "Installing the development tools into $(VENV): about a minute the first time."
TELL_CORPUS := "Installing what writes the files of the corpus into $(VENV)/corpus."
TELL_GENERATORS := "Installing generators of clients into $(VENV)/generators: about a minute the first time."

.DEFAULT_GOAL := help
.PHONY: FORCE help install mock test check contract bench soak docs diff generators mutants readings quirks corpus screenshots clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

install: $(VENV)/.dev ## Install the development environment into .venv

mock: $(VENV)/.mock ## Start the mock (ARGS="--port 0 --frozen")
	@exec $(BIN)/hypers-mock $(ARGS)

# They start processes, which need not compile our modules each time; a start is measured as users have it.
test mutants quirks readings corpus bench soak: export PYTHONDONTWRITEBYTECODE =

test: $(VENV)/.dev $(VENV)/.node $(if $(findstring whole,$(ARGS)),$(VENV)/.example $(VENV)/.collections) ## Run the tests (under 5 minutes)
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not whole" $(ARGS)

check: $(VENV)/.dev $(VENV)/.node ## Lint with ruff, mypy, redocly and spectral
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@.ci/lint-contract $(VENV)

contract: $(VENV)/.check ## Check a server against the contract (ARGS="--target URL"; default: the mock)
	@$(BIN)/hypers-check $(ARGS)

bench: $(VENV)/.dev $(VENV)/.bench ## Compare the mock with Prism, Scalar and Starlette (7 minutes, needs wrk)
	@$(BIN)/python -m benchmarks $(ARGS)

soak: $(VENV)/.dev ## Send random requests from 32 clients to 100 sessions for 10 minutes (ARGS="--minutes 1")
	@$(BIN)/python -m benchmarks.soak $(ARGS)

docs: $(VENV)/.mock ## Write the documentation as HTML pages to dist/docs (ARGS="FOLDER")
	@$(BIN)/python -m openapi.documentation $(ARGS)

diff: $(VENV)/.mock ## Compare the contract with the last release (BASE=v0.1.0: with that git ref)
	@$(BIN)/python -m openapi.changes $(if $(BASE),--base "$(BASE)") $(ARGS)

generators: java $(VENV)/.dev $(VENV)/.generators ## Generate clients with public tools and run them (needs Java)
	@.ci/generators/run $(VENV)
	@$(BIN)/python -m tests.generators $(ARGS)

.PHONY: java
java: # Said before anything is installed
	@java -version >/dev/null 2>&1 || \
		{ echo "java does not run: install Java 11 or newer (Debian: apt install default-jre-headless)" >&2; exit 1; }

mutants: $(VENV)/.dev ## Add faults to the mock and count those that the check finds
	@$(BIN)/python -m tests.mutants $(ARGS)

readings: $(VENV)/.dev ## Run the check on mocks with combinations of readings
	@$(BIN)/python -m tests.readings $(ARGS)

quirks: $(VENV)/.dev ## Run the check on servers with real-world quirks and test its verdicts
	@$(BIN)/python -m tests.quirks $(ARGS)

corpus: $(VENV)/.dev ## Read 400 member files and 2,000 damaged ones, and compare what comes of them
	@$(BIN)/python -m tests.corpus $(ARGS)

.PHONY: corpus-files
corpus-files: $(VENV)/.corpus # Needs LibreOffice and its module uno; the files are committed
	@NODE_PATH=$(CURDIR)/$(VENV)/corpus-node/node_modules \
		$(VENV)/corpus/bin/python -m tests.corpus.make --node $(BIN)/node $(ARGS)

screenshots: $(VENV)/.dev ## Update the screenshots of the READMEs (needs Chromium)
	@$(BIN)/python -m tests.screenshots

clean: ## Remove all generated files
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis .schemathesis
	find . -name __pycache__ -prune -exec rm -rf {} +

# Looked at each time, and made anew when it is not fit; FORCE does that.
$(VENV)/pyvenv.cfg: FORCE
	@.ci/install environment $(VENV) $(PYTHON) $(if $(filter file,$(origin PYTHON)),no,yes) $(TELL_MOCK)

FORCE:

$(VENV)/.mock: pyproject.toml constraints.txt $(VENV)/pyvenv.cfg
	@.ci/install packages $(VENV) . $(TELL_MOCK)
	@touch $@

$(VENV)/.check: $(VENV)/.mock
	@.ci/install packages $(VENV) '.[check]' $(TELL_CHECK)
	@touch $@

$(VENV)/.dev: $(VENV)/.mock # which has the check as well
	@.ci/install packages $(VENV) '.[dev]' $(TELL_DEV)
	@touch $(VENV)/.check $@

$(VENV)/.bench: benchmarks/package.json benchmarks/package-lock.json .ci/install-node-tools | $(VENV)/.dev
	@.ci/install-node-tools $(VENV) benchmarks bench-node
	@touch $@

$(VENV)/.generators: .ci/generators/package.json .ci/generators/package-lock.json .ci/generators/requirements.txt | $(VENV)/.dev
	@.ci/install-node-tools $(VENV) .ci/generators generators-node
	@.ci/install environment $(VENV)/generators $(BIN)/python no $(TELL_GENERATORS)
	@.ci/install tools $(VENV)/generators .ci/generators/requirements.txt $(TELL_GENERATORS)
	@touch $@

$(VENV)/.corpus: tests/corpus/make/package.json tests/corpus/make/package-lock.json tests/corpus/make/requirements.txt | $(VENV)/.dev
	@.ci/install-node-tools $(VENV) tests/corpus/make corpus-node
	@.ci/install environment $(VENV)/corpus $(BIN)/python no $(TELL_CORPUS)
	@.ci/install tools $(VENV)/corpus tests/corpus/make/requirements.txt $(TELL_CORPUS)
	@touch $@

$(VENV)/.example: examples/frontend/package.json examples/frontend/package-lock.json .ci/install-node-tools | $(VENV)/.dev
	@.ci/install-node-tools $(VENV) examples/frontend example-node
	@touch $@

$(VENV)/.collections: .ci/collections/package.json .ci/collections/package-lock.json .ci/install-node-tools | $(VENV)/.dev
	@.ci/install-node-tools $(VENV) .ci/collections collections-node
	@touch $@

$(VENV)/.node: .ci/package.json .ci/package-lock.json .ci/install-node-tools | $(VENV)/.dev
	@.ci/install-node-tools $(VENV)
	@touch $@
