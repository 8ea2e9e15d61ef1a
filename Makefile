# `make` alone prints what can be done here.
.DEFAULT_GOAL := help
.PHONY: help run test check format lock db sandbox bench prove mutate coverage clean
BIN := .venv/bin
# One more than processors: fault cells wait for leases and sweeps.
WORKERS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))
COMPILE := uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | \
		while IFS='|' read -r target text; do printf '%-16s %s\n' "$$target" "$$text"; done

run: ## Start everything at http://127.0.0.1:8000 (PORT=, SANDBOX_PORT= and SANDBOX_SIZE= change it)
	@scripts/bootstrap && exec $(BIN)/tacit up

test: ## Set up and run every test; T=tests/unit/test_x.py runs one file
	@scripts/bootstrap dev
	@scripts/chromium >/dev/null
	@scripts/postgres >/dev/null
	@$(BIN)/pytest --numprocesses=$(WORKERS) --dist=loadscope $(T)

check: ## Lint, format, types, import contracts, templates
	@scripts/bootstrap dev
	@failed=0; for step in "ruff check ." "ruff format --check ." "mypy" "lint-imports" \
		"djlint templates --lint --check --quiet"; do \
		echo "== $$step"; $(BIN)/$$step || failed=1; \
	done; exit $$failed

format: ## Let the formatters rewrite the code
	@scripts/bootstrap dev
	$(BIN)/ruff check --fix --exit-zero --quiet .
	$(BIN)/ruff format .
	$(BIN)/djlint templates --reformat --quiet

lock: ## Resolve the newest packages into both lock files (needs uv)
	@uv --version >/dev/null 2>&1 || { echo "make lock needs uv: pipx install uv"; exit 1; }
	$(COMPILE) --upgrade -o requirements.lock
	$(COMPILE) --group dev -c requirements.lock -o requirements-dev.lock

db: ## Bring the database to the newest schema
	@scripts/bootstrap && $(BIN)/tacit migrate

sandbox: ## Start the sandbox PagerDuty alone, at http://localhost:8001
	@scripts/bootstrap && exec $(BIN)/tacit sandbox

bench: ## Print every figure, one JSON object a line; ONLY=collection or ONLY=collection.growth
	@scripts/bootstrap dev
	@$(BIN)/python -m benchmarks $(ONLY)

prove: ## Prove that nothing forbidden is kept; prints one JSON; SIZE=small takes a smaller account
	@scripts/bootstrap dev
	@scripts/postgres >/dev/null
	@SIZE=$(or $(SIZE),reference) $(BIN)/python -m proof

mutate: ## Change statistics, suppression, egress, purge bit by bit; list what no test notices
	@scripts/mutate

coverage: ## Branches that tests execute in five areas; ONLY=keys runs one area
	@scripts/coverage $(ONLY)

clean: ## Remove .venv and every cache (not instance/, where data and keys lie)
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache \
		.hypothesis test-results
	find app benchmarks collectors sandbox proof tests migrations -name __pycache__ -type d -prune -exec rm -rf {} +
