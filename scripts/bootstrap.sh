#!/usr/bin/env bash
# Makes what the checkout needs, and nothing twice: the Python environment (.venv) and the built front end.
#   scripts/bootstrap.sh env run|dev   the locked environment, without or with the development tools
#   scripts/bootstrap.sh web           the front end
# Each part is guarded by a stamp that holds the hash of its inputs, so a second call costs milliseconds.
# A part that fails removes what it began and says in one sentence what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
part=${1:-}
case "$part" in
env | web) ;;
*) echo "usage: scripts/bootstrap.sh env run|dev, or scripts/bootstrap.sh web" >&2; exit 2 ;;
esac
source scripts/bootstrap/base.sh
source "scripts/bootstrap/$part.sh"
shift
with_lock "$part" "ensure_$part" "$@"
