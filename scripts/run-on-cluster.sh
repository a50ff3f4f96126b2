#!/usr/bin/env bash
# Brings the development cluster up and runs the manager on its access point `portal`, as the service user `ink`, with
# the privileged spawner beside it. Both end with this script. INK_SERVER__PORT and INK_DATA_DIR (a path on the access
# point) let a second one run beside the first.
set -euo pipefail
cd "$(dirname "$0")/.."

cluster=deploy/dev-cluster/cluster.py
env=/opt/ink/env/bin
state=/var/lib/ink
port=${INK_SERVER__PORT:-8420}
data=${INK_DATA_DIR:-$state/data}
socket=/run/ink/spawner-$port.sock

.venv/bin/python "$cluster" up
# --pdeathsig: what runs in the node ends when its entry on this side does.
.venv/bin/python "$cluster" exec portal -- install -d -m 755 /run/ink /var/log/ink
.venv/bin/python "$cluster" exec portal -- setpriv --pdeathsig KILL \
    "$env/python" -I -m ink_core.spawner --socket "$socket" --client-user ink \
    --agent-python "$env/python" --log-directory /var/log/ink &
spawner=$!
trap 'kill "$spawner" 2>/dev/null || true' EXIT

.venv/bin/python "$cluster" exec portal -u ink -d "$state" -- setpriv --pdeathsig TERM \
    env "INK_DATA_DIR=$data" "INK_SPAWNER__SOCKET=$socket" "INK_SERVER__PORT=$port" \
    "INK_SERVER__PUBLIC_URL=http://10.77.0.2:$port" \
    "INK_AGENTS__WORKER_URL=ws://portal.pool.test:$port/agents/connect" \
    "$env/ink" serve --profile dev "$@"
