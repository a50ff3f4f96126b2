#!/usr/bin/env bash
# Brings the development cluster up and starts the manager on its portal node.
set -euo pipefail
cd "$(dirname "$0")/.."
[[ -f deploy/dev-cluster/cluster.py ]] || { echo "ink: deploy/dev-cluster is missing from this checkout." >&2; exit 1; }
.venv/bin/python deploy/dev-cluster/cluster.py up
echo "ink: the cluster is up; starting the manager on its portal node is not built yet." >&2
exit 1
