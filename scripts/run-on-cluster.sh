#!/usr/bin/env bash
# Brings the development cluster up and runs the manager on its access point `portal`, as the service user `ink`, with
# the privileged spawner beside it. Both end with this script.
set -euo pipefail
cd "$(dirname "$0")/.."

cluster=deploy/dev-cluster/cluster.py
env=/opt/ink/env/bin
state=/var/lib/ink

.venv/bin/python "$cluster" up
# --pdeathsig: what runs in the node ends when its entry on this side does.
.venv/bin/python "$cluster" exec portal -- install -d -m 755 /run/ink /var/log/ink
.venv/bin/python "$cluster" exec portal -- setpriv --pdeathsig KILL \
    "$env/python" -I -m ink_core.spawner --socket /run/ink/spawner.sock --client-user ink \
    --agent-python "$env/python" --log-directory /var/log/ink &
spawner=$!
trap 'kill "$spawner" 2>/dev/null || true' EXIT

.venv/bin/python "$cluster" exec portal -u ink -d "$state" -- setpriv --pdeathsig TERM \
    env "INK_DATA_DIR=$state/data" "$env/ink" serve --profile dev "$@"
