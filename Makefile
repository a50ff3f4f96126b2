.PHONY: env
env:
	@scripts/bootstrap.sh env dev
