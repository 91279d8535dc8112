# Everything sets itself up first; nothing here needs an activated environment.
PYTHON ?= python3
BIN := .venv/bin
# Cores used by the tests; more than the machine has makes the browser tests stumble.
JOBS ?= 2

.PHONY: help run test check soak bench bench-matching schema messages requirements clean

help:  ## what can be made
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed 's/:.*##/ \t/' | expand -t 16

run:  ## the portal on http://127.0.0.1:8000/ (PORT, DATA_DIR, DEMO_PASSWORD)
	@exec $(PYTHON) tools/bootstrap.py run

test:  ## all tests (ARGS="-k words" for some of them)
	@$(PYTHON) tools/bootstrap.py test
	@$(BIN)/python manage.py compile_catalogues
	@exec $(BIN)/python -m pytest -n $(JOBS) $(ARGS)

check:  ## style, types, layers, templates, messages, schema, licences, known weaknesses
	@$(PYTHON) tools/bootstrap.py dev
	@exec $(BIN)/python tools/check.py

soak:  ## 5,000 mails through servers killed 25 times, again and again (ARGS="--rounds=3 --seed=7")
	@$(PYTHON) tools/bootstrap.py test
	@$(BIN)/python manage.py compile_catalogues
	@exec $(BIN)/python -m tests.mail_faults $(or $(ARGS),--rounds=10)

bench:  ## the figures of docs/performance.md
	@$(PYTHON) tools/bootstrap.py dev
	@exec $(BIN)/python -m benchmarks

bench-matching:  ## the figures of docs/matching-benchmark.md (DATA=folder, ARGS="--help")
	@$(PYTHON) tools/bootstrap.py dev
	@exec $(BIN)/python -m benchmarks.consortia "$(DATA)" $(ARGS)

schema:  ## write the description of the API where the tests compare it
	@$(PYTHON) tools/bootstrap.py dev
	@$(BIN)/python manage.py spectacular --validate --fail-on-warn --file tests/snapshots/openapi.yaml

messages:  ## collect the texts to translate into dialog/locale
	@$(PYTHON) tools/bootstrap.py dev
	@$(BIN)/python manage.py makemessages -l de --no-obsolete --add-location file \
		--ignore .venv --ignore node_modules --ignore var --ignore tests --ignore benchmarks --ignore tools
	@$(BIN)/python manage.py compile_catalogues

requirements:  ## pin the packages of the .in files anew
	@$(PYTHON) tools/bootstrap.py dev
	@for name in requirements requirements-dev requirements-node; do \
		$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
			--no-header --output-file $$name.txt $$name.in || exit 1; done

clean:  ## remove what was installed and made here; keeps the data in var
	rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
