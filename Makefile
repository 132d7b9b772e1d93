# One command each. `make report` is the shortest way to see what Watchpost does; `make test` is what continuous integration runs.

CARGO ?= cargo
# Reports that `make report` reads: two attacks, attackers' dead told apart, a denial, a tally, statements.
REPORTS ?= $(addprefix examples/,mali-two-attacks.txt somalia-hotel-siege-attackers-apart.txt cameroon-army-denies-attack.txt \
	iraq-monthly-tally.txt sahel-analyst-statements.txt)
# Where `make eval` finds published corpora (see eval/); those that are not there are skipped.
DATA ?= $(if $(WATCHPOST_SHARED),$(WATCHPOST_SHARED)/data,../shared/data)

.PHONY: help setup report test fmt lint check eval train-reader bench bless

help: ## say what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/make \1\t\2/' | expand -t 16

setup: ## fetch and build the gazetteer pack, the encoder's base and what the page is drawn with (once; needs the network)
	@scripts/setup-packs
	@scripts/setup-web

report: setup ## set up, build, and read a few example reports
	$(CARGO) build --release --locked --package watchpost
	@$(CARGO) run --quiet --release --locked --package watchpost -- code --to table $(REPORTS)

test: setup lint check ## set up and run everything that must hold

lint: ## formatting and lints
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings

check: ## all tests, the freshness of generated docs among them; those of PostgreSQL, of the programs that read exports and of the page where they can be had
	scripts/with-postgres $(CARGO) test --workspace --locked
	scripts/check-exports
	scripts/check-api
	scripts/check-desk

fmt: ## format the sources
	$(CARGO) fmt --all

eval: setup ## score against published corpora
	$(CARGO) run --release --locked --package watchpost-eval -- all --data $(DATA)

train-reader: ## train the learned reader anew (about an hour; needs the corpora)
	@scripts/train-reader $(DATA)

bench: setup ## measure speed
	$(CARGO) bench --locked --package watchpost-coder

bless: ## rewrite generated files and snapshots; look at the difference before you commit it
	WATCHPOST_BLESS=1 INSTA_UPDATE=always $(CARGO) test --workspace --locked
