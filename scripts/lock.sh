#!/usr/bin/env bash
# Remakes requirements/*.lock from pyproject.toml. Every lock is complete in itself and names no registry.
# Each later lock is constrained by the one before, so that all sets agree on every version they share.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=.venv/bin/uv

lock() { # NAME then arguments of `uv pip compile`
    local name=$1
    shift
    "$uv" pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
        --no-annotate --python-version 3.11 -o "requirements/$name.lock" "$@"
    echo "requirements/$name.lock: $(grep -c '==' "requirements/$name.lock") packages"
}

lock base pyproject.toml
lock htcondor pyproject.toml --extra htcondor -c requirements/base.lock
lock deployment pyproject.toml --extra htcondor --extra oidc --extra postgres -c requirements/base.lock
lock kerberos pyproject.toml --extra kerberos -c requirements/base.lock
lock worker --group worker -c requirements/base.lock
lock build --group build
lock agentdojo --group agentdojo
lock client-generator --group client-generator
lock bpf --group bpf
lock tracestore --group tracestore
lock embeddings --group embeddings
lock psutil --group psutil
lock apps --group apps
lock dev pyproject.toml --extra htcondor --extra oidc --extra postgres --extra previews --group dev --group build \
    -c requirements/base.lock -c requirements/build.lock
