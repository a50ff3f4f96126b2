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
on_the_host="cluster or containers"
unset PYTHONDONTWRITEBYTECODE # some machines set it: every process of a test would compile the checkout anew
last_failed=.pytest_cache/v/cache/lastfailed
most_second_tries=3
flaky=()
folders='^tests/(acceptance|integration|web)/'
with_nodes_of_their_own=(tests/integration/{test_older_generation,test_deployment,cluster/test_start_and_stop}.py)
pytest=(.venv/bin/python -m pytest -p no:schemathesis) # a command here (tests/fuzz); as a plugin it takes a second of every start

stage() { # NAME COMMAND...; where its processors were idle, another one could run beside it
    local name=$1 began=$SECONDS idle_before
    idle_before=$(idle_s)
    shift
    printf '\n\033[1m== %s\033[0m\n' "$name"
    "$@" || failed+=("$name")
    printf '\033[2m   %s: %d s, all processors together idle for %d s\033[0m\n' "$name" $((SECONDS - began)) $(($(idle_s) - idle_before))
}

idle_s() { awk '/^cpu / {idle = $5} END {printf "%d", idle / 100}' /proc/stat 2>/dev/null || echo 0; } # Linux counts in 10 ms

begin() { # NAME COMMAND...: goes on beside the next stages; `finish NAME` waits for it and tells what it said
    local name=$1
    shift
    "$@" >"$outputs/$name" 2>&1 &
    begun[$name]=$!
}

finish() {
    wait "${begun[$1]}"
    local code=$?
    unset "begun[$1]"
    cat "$outputs/$1"
    return "$code"
}

clean_up() {
    ((${#begun[@]} == 0)) || kill "${begun[@]}" 2>/dev/null
    wait
    if $cluster_is_ours; then cluster down; fi
    rm -rf "$outputs"
}

lint() { .venv/bin/ruff check . && .venv/bin/ruff format --check . ; }

front_end() {
    scripts/bootstrap.sh web && (cd web && npm run --silent lint && npm run --silent check && npm run --silent test)
}

cluster() { .venv/bin/python deploy/dev-cluster/cluster.py "$@"; }

may_make_cluster() { ((EUID == 0)) && unshare --mount --net true 2>/dev/null; }

# Both replace the shell that `begin` made, so that what ends it ends them.
start_cluster() { # one of this checkout that is up is refreshed and left up; without the rights the tests skip and say so
    if may_make_cluster; then
        exec .venv/bin/python deploy/dev-cluster/cluster.py up
    else
        echo "no development cluster: it needs root with the right to make Linux namespaces; its tests will be skipped"
    fi
}

older_image() { exec nice -n 5 .venv/bin/python -m tests.service_image; } # and the image of services, which is made on it

beside() { exec "${pytest[@]}" -o cache_dir="$outputs/cache of $1" --durations 12 -m "$selected" "${@:2}"; }

python_tests() {
    rm -f "$last_failed"
    "${pytest[@]}" "$@"
    judged $?
}

tests_beside() { # NAME of what `begin` has begun by `beside`
    local last_failed="$outputs/cache of $1/v/cache/lastfailed"
    finish "$1"
    judged $?
}

other_files() { # of a mark in a conftest.py, its whole folder
    grep -rlE 'mark\.(cluster|browser|integration)' --include 'test_*.py' --include conftest.py tests | grep -vE "$folders" | sed 's,/conftest\.py$,,'
}

judged() { # CODE of pytest: with no test collected it ends with 5, which is no failure
    local code=$1
    ((code == 5)) && return 0
    ((code == 1)) && [[ -s $last_failed ]] || return "$code"
    second_try
}

second_try() { # whole files, alone, once (docs/adr/0021): what passes now is reported as flaky, what fails again has failed
    local files
    mapfile -t files < <(failed_files)
    ((${#files[@]} <= most_second_tries)) || return 1
    printf '\n\033[1m== second try, alone: %s\033[0m\n' "${files[*]}"
    "${pytest[@]}" -m "$selected" "${files[@]}" || return 1
    flaky+=("${files[@]}")
}

failed_files() {
    .venv/bin/python -c 'import json, sys; print(*sorted({test.partition("::")[0] for test in json.load(open(sys.argv[1]))}), sep="\n")' "$last_failed"
}

outputs=$(mktemp -d)
declare -A begun=()
cluster_is_ours=false
trap clean_up EXIT

if [[ $mode == all ]]; then begin "test tools" scripts/install-test-tools.sh; fi
begin "types" .venv/bin/pyright # uses one core, which the front end leaves
stage "lint" lint
stage "import contracts" .venv/bin/lint-imports --no-logo
if [[ $mode == all ]]; then
    stage "front end" front_end
    stage "test tools" finish "test tools"
    if may_make_cluster && ! cluster status >/dev/null 2>&1; then cluster_is_ours=true; fi
    begin "development cluster" start_cluster # after the tools: both may install packages of the host
fi
stage "types" finish "types"
selected="not ($real_parts)"
stage "tests" python_tests -n 2 -m "$selected"
if [[ $mode == all ]]; then
    stage "development cluster" finish "development cluster"
    if may_make_cluster; then begin "older generation" older_image; fi # the test that needs it makes it else
    # Three ways beside each other, since much of each is waiting. There is one cluster, so its tests come one after the
    # other. Last on the last way are those whose nodes or containers are their own: their image is made meanwhile.
    selected=$on_the_host
    begin "tests on the cluster" beside "tests on the cluster" "${with_nodes_of_their_own[@]/#/--ignore=}" tests/acceptance tests/integration
    selected="($real_parts) and not ($on_the_host)"
    begin "acceptance tests" beside "acceptance tests" tests/acceptance
    mapfile -t files < <(other_files)
    stage "other tests on real parts" python_tests -m "$selected" "${files[@]}"
    stage "tests/integration" python_tests --durations 12 -m "$selected" tests/integration
    selected=$on_the_host
    stage "tests with nodes of their own" python_tests --durations 12 -m "$selected" "${with_nodes_of_their_own[@]}"
    selected="($real_parts) and not ($on_the_host)"
    stage "acceptance tests" tests_beside "acceptance tests"
    selected=$on_the_host
    stage "tests on the cluster" tests_beside "tests on the cluster"
    selected=$real_parts
    stage "tests/web" python_tests -n 2 --dist loadfile -m "$selected" tests/web # every worker has a server of its own
fi

if ((${#flaky[@]})); then
    printf '\nflaky, passed at the second try only: %s\n' "$(IFS=,; echo "${flaky[*]}")"
fi
if ((${#failed[@]})); then
    printf '\nfailed: %s\n' "$(IFS=,; echo "${failed[*]}")"
    exit 1
fi
printf '\nall checks passed\n'
