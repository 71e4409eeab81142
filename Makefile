# Everything runs in .venv, made with the first Python 3.11 or newer that is found; `make PYTHON=/path/to/python3.12 …`
# names another. Stamp files in .venv make a second run cost nothing.

VENV := .venv
BIN := $(VENV)/bin
PYTHONS := $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11)
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

# Installs one lock file, then the project itself without looking at its dependencies again.
define install
	@echo "Installing $(1) into $(VENV) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --requirement $(1)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
endef

# The tests start us some hundred times: each of them would compile every file again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test chaos bench check lock

help: ## List these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-14s%s\n", $$1, $$2 }'

setup: $(VENV)/.dev ## Prepare everything that the tests and checks need
	@echo "Ready: $(BIN)/cadence --help, make test, make check"

demo: $(VENV)/.run ## Run Cadence against a local stand-in for Slack, in your browser (ARGS="…" is passed on)
	@exec $(BIN)/cadence demo $(ARGS)

test: $(VENV)/.dev ## Run the tests on SQLite and PostgreSQL (ARGS="tests/rituals -k huddle" narrows them)
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

chaos: $(VENV)/.dev ## Kill, freeze, starve and restore it for half an hour; ends with what was lost and doubled
	@tally=$$(mktemp); CADENCE_CHAOS_TALLY=$$tally $(BIN)/python -m pytest tests/chaos -m "chaos or not chaos" $(ARGS); \
	failed=$$?; $(BIN)/python -m tests.chaos.tally $$tally || failed=1; rm -f $$tally; exit $$failed

bench: $(VENV)/.dev ## Measure against the bare alternatives (ARGS="ack fanout" runs some; BENCH_JSON=file writes JSON)
	@$(BIN)/python -m tests.benchmarks $(ARGS)

check: $(VENV)/.dev ## Lint, format, types, import contracts, spelling, migrations against the tables
	@echo "== ruff check"; $(BIN)/ruff check .
	@echo "== ruff format --check"; $(BIN)/ruff format --check .
	@echo "== mypy"; $(BIN)/mypy
	@echo "== lint-imports"; $(BIN)/lint-imports --no-logo
	@echo "== codespell"; $(BIN)/codespell && echo "No misspelling found."
	@echo "== migrations.drift"; $(BIN)/python -m migrations.drift

lock: $(BIN)/uv ## Write requirements/*.txt from pyproject.toml (ARGS=--upgrade moves every pin)
	$(LOCK) --group build --output-file requirements/run.txt $(ARGS) pyproject.toml
	$(LOCK) --group dev --constraint requirements/run.txt --output-file requirements/dev.txt $(ARGS) pyproject.toml

$(BIN)/uv: | $(VENV)/.made
	@$(BIN)/python -m pip install -qq --disable-pip-version-check uv

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/.made
	$(call install,requirements/run.txt)

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(VENV)/.made
	$(call install,requirements/dev.txt)

$(VENV)/.made:
	@for python in $(PYTHONS); do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		found=$$python; \
		"$$python" -c 'import ensurepip, venv' 2>/dev/null || continue; \
		echo "Making $(VENV) with $$("$$python" --version) ..."; \
		"$$python" -m venv --clear $(VENV) && touch $@; exit; \
	done; \
	if [ -n "$$found" ]; then \
		echo "$$("$$found" --version) was found but cannot make a virtual environment." >&2; \
		echo "On Debian and Ubuntu: apt-get install python3-venv" >&2; \
	else \
		echo "Cadence needs Python 3.11 or newer; none of these is one: $(PYTHONS)." >&2; \
		echo "Install it, or say where it is: make PYTHON=/path/to/python3.12 setup" >&2; \
	fi; exit 1
