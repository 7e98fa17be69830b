# make demo: a fresh machine checks the example file; make test: everything the gate asks for.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y \
  --no-install-recommends

.PHONY: demo test lint types layers tests browser wheel mutants bench docs clean

$(VENV)/dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@

$(VENV)/run: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

demo: $(VENV)/run
	$(BIN)/deploygeo check examples/europe-2021-12-17.geojson --fail-on never

test: lint types layers tests wheel

lint: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/dev
	$(BIN)/mypy

layers: $(VENV)/dev
	$(BIN)/lint-imports

tests: $(VENV)/dev browser
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal

# What the page of a report is tested with: a real browser, and the tools that build its script.
browser: web/node_modules/.package-lock.json
	@command -v chromium >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then $(INSTALL) chromium; else \
	    echo "browser: there is no chromium; install that package, or run 'make browser' as root" \
	      "on Debian" >&2; exit 1; fi; }

web/node_modules/.package-lock.json: web/package-lock.json
	@command -v npm >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then $(INSTALL) nodejs npm; else \
	    echo "browser: there is no npm; install Node.js 18 or later" >&2; exit 1; fi; }
	cd web && npm ci --silent
	touch $@

wheel: $(VENV)/dev
	$(BIN)/python tests/wheel.py

# Every hand-made mutant of tests/mutation/mutants.toml against the laws; some 10 minutes.
mutants: $(VENV)/dev
	$(BIN)/python -m tests.mutation.run

# Beside other tools; never a gate. QUICK=1: few points, written to build/ only.
$(VENV)-bench/ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/python -m pip install --quiet --upgrade pip
	$(VENV)-bench/bin/python -m pip install --quiet --editable ".[bench]"
	touch $@

bench: $(VENV)-bench/ready
	mkdir -p build
	$(VENV)-bench/bin/python -m pytest -c tests/benchmarks/pytest.ini tests/benchmarks \
	  $(if $(QUICK),--quick) --benchmark-json=build/benchmarks.json
	PYTHONPATH=tests $(VENV)-bench/bin/python -m benchmarks.report build/benchmarks.json \
	  $(if $(QUICK),build/BENCHMARKS.md,BENCHMARKS.md README.md)

# The documentation, into build/docs/html: warnings are errors, every block of code is run, nothing
# is loaded from outside and no link is broken. The pages made from the package are written to the
# copy of the sources in build/.
$(VENV)/docs: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[docs]"
	touch $@

docs: $(VENV)/docs
	rm -rf build/docs
	mkdir -p build/docs
	cp -R docs build/docs/source
	$(BIN)/sphinx-build -W --keep-going -n -q -d build/docs/doctrees build/docs/source build/docs/html
	$(BIN)/python docs/_ext/html_check.py build/docs/html build/docs/source
	$(BIN)/python -m pytest --quiet tests/docs/test_docs_blocks.py

clean:
	rm -rf $(VENV) $(VENV)-bench dist build web/build
