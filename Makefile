# Everything a newcomer needs; each target sets up what it needs itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCAL := .local
MODE ?= embedded
DEMO_DATA ?= $(LOCAL)/demo-$(shell date +%Y%m%d-%H%M%S)
DATA ?= data
PORT ?= 8071

.PHONY: help install backing demo up secrets compose-check test check format bench bench-packages bench-qc bench-catalog docs lock clean

help:
	@echo "make demo [MODE=full]  the whole journey on a fresh system"
	@echo "make up                the system on one port, data in $(DATA)/"
	@echo "make secrets           the keys of the containers (docker-compose.yml)"
	@echo "make compose-check     check docker-compose.yml without an engine (Debian's docker-compose)"
	@echo "make test              every test, in both modes"
	@echo "make check             format, lint, types, import rules"
	@echo "make bench             measure the hot paths against their floors"
	@echo "make bench-packages    measure what packages cost: building, serving, sealing, scrubbing, reading, describing"
	@echo "make bench-qc          measure what the quality measures reach (PAGES=a folder of sound pages)"
	@echo "make bench-catalog     measure finding among a million dossiers, on both databases"
	@echo "make docs              write docs/events.md and the gateway's pages anew"

install: $(VENV)/.installed

$(VENV)/.installed: requirements-dev.lock requirements-schemas.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 trở lên là cần thiết / Python 3.11 or newer is needed" >&2; exit 2; }
	@$(PYTHON) -m venv --help >/dev/null 2>&1 && $(PYTHON) -c 'import ensurepip' 2>/dev/null || \
	  { echo "Thiếu gói Debian python3-venv / the Debian package python3-venv is missing" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-schemas.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

backing: install
	@bash deploy/local/install-backing.sh

ifeq ($(MODE),full)
demo: backing
else
demo: install
endif
	$(BIN)/saoluu demo --data $(DEMO_DATA) --mode $(MODE)

up: install
	$(BIN)/saoluu up --data $(DATA) --port $(PORT)

secrets: install
	$(BIN)/python -m cli.backing.compose deploy/compose/secrets

compose-check: secrets
	PUBLIC_URL=$${PUBLIC_URL:-https://saoluu.example} docker-compose config --quiet

test: backing
	$(BIN)/pytest

check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: backing
	$(BIN)/python -m bench

bench-packages: backing
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python -m bench.packages $(NAMES)

bench-qc: install
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[bench]'
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m bench.qc $(if $(PAGES),--pages $(PAGES))

bench-catalog: backing
	$(BIN)/python -m bench.catalog

docs: install
	$(BIN)/python -m shared.events.describe > docs/events.md
	$(BIN)/python -m cli.backing.problem_pages deploy/compose

lock:
	uv pip compile --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 pyproject.toml -o requirements.lock
	uv pip compile --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 --extra dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(LOCAL) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
