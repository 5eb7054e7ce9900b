# The commands of README. `make run` and `make test` install what they need.
PY := .venv/bin/python
# bytecode is kept wherever it is switched off: the tests and the portal are many processes that
# would compile the same files again
export PYTHONDONTWRITEBYTECODE =

.PHONY: run test bench check demo-report lock screenshots

run: export PORTAL_DEMO = 1
run:
	@deploy/setup.sh run
	@exec $(PY) manage.py up

demo-report: export PORTAL_DEMO = 1
demo-report:
	@deploy/setup.sh run
	@$(PY) manage.py demo_report $(if $(CNTT),--cntt "$(CNTT)") $(if $(BIEU05),--bieu05 "$(BIEU05)")

test:
	@deploy/setup.sh test
	@$(PY) -m pytest -n auto --dist loadgroup -m "not machine" $(ARGS)
	@$(PY) -m pytest -m machine $(ARGS) # times of whole processes: nothing else runs beside them

bench: # how fast large files come in; QUICK=1 in three minutes, ROUNDS=3 for medians
	@deploy/setup.sh test
	@$(PY) -m bench

screenshots: # the pictures of docs/screenshots, of a fresh demo of its own
	@deploy/setup.sh test
	@$(PY) deploy/screenshots.py

check:
	@deploy/setup.sh test
	@deploy/check.sh

lock:
	.venv/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --group dev --generate-hashes --no-header --no-annotate -q -o requirements-dev.lock
	.venv/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -c requirements-dev.lock -o requirements.lock
	npm install --package-lock-only
