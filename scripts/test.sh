#!/usr/bin/env bash
# All checks, in one order, each to its end; fails when one of them failed.
#   scripts/test.sh all    everything, the real cluster and the browser included where this machine allows
#   scripts/test.sh fast   without cluster, browser and front end
# The line of pytest's totals is among the last lines printed.
set -uo pipefail
cd "$(dirname "$0")/.."
mode=${1:-all}
failed=()
real_parts="cluster or browser or integration"
folders=(tests/acceptance tests/integration tests/web)

stage() { # NAME COMMAND...
    local name=$1 began=$SECONDS
    shift
    printf '\n\033[1m== %s\033[0m\n' "$name"
    "$@" || failed+=("$name")
    printf '\033[2m   %s: %d s\033[0m\n' "$name" $((SECONDS - began))
}

lint() { .venv/bin/ruff check . && .venv/bin/ruff format --check . ; }

front_end() {
    scripts/bootstrap.sh web && (cd web && npm run --silent lint && npm run --silent check && npm run --silent test)
}

cluster() { .venv/bin/python deploy/dev-cluster/cluster.py "$@"; }

start_cluster() { # one of this checkout that is up is refreshed and left up; without the rights the tests skip and say so
    if ((EUID != 0)) || ! unshare --mount --net true 2>/dev/null; then
        echo "no development cluster: it needs root with the right to make Linux namespaces; its tests will be skipped"
        return 0
    fi
    cluster status >/dev/null 2>&1 || trap 'cluster down' EXIT
    cluster up
}

python_tests() { # with no test collected pytest ends with 5, which is no failure
    .venv/bin/python -m pytest "$@"
    local code=$?
    ((code == 5)) && return 0
    return "$code"
}

stage "lint" lint
stage "types" .venv/bin/pyright
stage "import contracts" .venv/bin/lint-imports --no-logo
if [[ $mode == all ]]; then
    stage "test tools" scripts/install-test-tools.sh
    [[ -f web/package.json ]] && stage "front end" front_end
    stage "development cluster" start_cluster
fi
stage "tests" python_tests -n 2 -m "not ($real_parts)"
if [[ $mode == all ]]; then # one after the other: there is one cluster, and the tests of a file are played in order
    stage "other tests on real parts" python_tests -m "$real_parts" "${folders[@]/#/--ignore=}"
    for folder in "${folders[@]}"; do
        stage "$folder" python_tests -m "$real_parts" "$folder"
    done
fi

if ((${#failed[@]})); then
    printf '\nfailed: %s\n' "$(IFS=,; echo "${failed[*]}")"
    exit 1
fi
printf '\nall checks passed\n'
