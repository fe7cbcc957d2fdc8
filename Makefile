# Two commands set up everything: `make demo` and `make test`.
# Needs Python 3.11 to 3.13 and make; uses uv where it is installed.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	2>/dev/null && { echo $$p; break; }; done)
UV := $(shell command -v uv 2>/dev/null)
VENV := .venv
RUN := $(VENV)/bin/python
PYTEST := $(RUN) -m pytest -n 2 --dist worksteal --timeout 600

.PHONY: demo test test-fast test-crash soak lint types docs screens bench run install-service clean

demo: $(VENV)/full
	$(RUN) main.py demo

run: $(VENV)/full
	$(RUN) main.py

test: $(VENV)/test lint types
	@$(RUN) -m tests.needs
	$(PYTEST)

# In memory where that can be: files are synced a thousand times.
test-fast: $(VENV)/test
	$(if $(wildcard /dev/shm/.),PYTEST_DEBUG_TEMPROOT=/dev/shm) $(PYTEST) -p no:schemathesis -m "not slow" --hypothesis-profile=fast -o tmp_path_retention_count=1

# The queues against kills, power cuts, full disks and seeded faults; some minutes.
test-crash: $(VENV)/test
	$(RUN) -m tests.crash --operations 100000

# A year of 10,000 films in which everything goes wrong that can; about a quarter of an hour.
soak: $(VENV)/test
	$(RUN) -u -m tests.soak --days 365 --films 10000 --seed 1

lint: $(VENV)/test
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .

types: $(VENV)/test
	$(RUN) -m mypy

# Pages that are written from the code.
docs: $(VENV)/full
	$(RUN) main.py config schema --markdown > docs/config.md
	$(RUN) -m movie_sync.cli.reference > docs/cli.md
	$(RUN) -m movie_sync.cli.manual > docs/movie-sync.1

# Pictures of the pages: Chromium before the demo.
screens: $(VENV)/test
	mkdir -p docs/screens
	MOVIE_SYNC_SCREENS=$(CURDIR)/docs/screens $(RUN) -m pytest -k kept_from tests/integration/test_browser.py

bench: $(VENV)/bench
	$(RUN) -m benchmarks

install-service: $(VENV)/full
	sh systemd/install.sh "$(CURDIR)"

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(RUN):
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed, with its venv module" \
		"(on Debian: apt-get install python3 python3-venv)"; exit 1; }
ifneq ($(UV),)
	$(UV) venv --quiet --python "$$(command -v $(PYTHON))" $(VENV)
else
	$(PYTHON) -m venv $(VENV)
endif

$(VENV)/full: requirements.txt | $(RUN)
ifneq ($(UV),)
	$(UV) pip install --quiet --python $(RUN) -r requirements.txt
else
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements.txt
endif
	@touch $@

$(VENV)/bench: benchmarks/requirements.txt $(VENV)/test
ifneq ($(UV),)
	$(UV) pip install --quiet --python $(RUN) -r benchmarks/requirements.txt
else
	$(RUN) -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
endif
	@touch $@

$(VENV)/test: tests/requirements.txt $(VENV)/full
ifneq ($(UV),)
	$(UV) pip install --quiet --python $(RUN) -r tests/requirements.txt
else
	$(RUN) -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
endif
	@touch $@
