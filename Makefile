# Needs make and Python 3.11 or newer; everything else is installed into .venv.
PYTHON ?= python3
RUN := .venv/bin/python
export TLS EXAMPLE HEADED

.DEFAULT_GOAL := help
.PHONY: help run test check interop agreement walkthrough age reset bench translations python packages packages-dev packages-bench

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: packages ## start portal, identity provider and Wingtip with demo data (TLS=1: over https)
	@$(RUN) -m scripts.run

test: packages-dev ## run every check and test; installs the browser where it may
	@$(RUN) -m scripts.test

check: packages-dev ## lint, types, import contracts, migrations, translations, templates
	@$(RUN) -m scripts.check

interop: packages-dev ## sign in and step up with openid-client, Authlib and oidc-provider over https; prints versions
	@$(RUN) -m scripts.versions
	@$(RUN) -m scripts.test "interop tests"

agreement: packages-dev ## compare what-if with the rules over CASES=100000 random sign-ins
	@AGREEMENT_CASES=$(or $(CASES),100000) $(RUN) -m pytest tests/entra/agreement --ds=entra.settings -k many_more --durations=1

walkthrough: packages-dev ## drive the four verification examples in a browser (EXAMPLE=1..4, HEADED=1)
	@$(RUN) -m scripts.walkthrough

age: packages ## let DAYS=n days pass for all demo data
	@$(RUN) -m scripts.demo age "$(DAYS)"

reset: packages ## put the demo world back as it was at first
	@$(RUN) -m scripts.demo reset

bench: packages-bench ## measure pages, log, API, status report and provider (PART=api); writes benchmarks/results.json
	@$(RUN) -m benchmarks $(PART)

translations: packages ## bring the catalogs up to date with the code
	@$(RUN) -m scripts.messages update

python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed; there is no '$(PYTHON)'. Set PYTHON=/path/to/python3."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is %d.%d. Set PYTHON=/path/to/python3." % sys.version_info[:2])'

packages: python
	@$(PYTHON) -m scripts.packages

packages-dev: python
	@$(PYTHON) -m scripts.packages --dev

packages-bench: python
	@$(PYTHON) -m scripts.packages --bench
