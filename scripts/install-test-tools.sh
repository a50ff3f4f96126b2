#!/usr/bin/env bash
# Installs what tests use and nobody else needs, when root on Debian and missing: Chromium for the browser tests, a
# PostgreSQL server for those of the database, podman for those of deployments, a Kerberos realm's programs, nginx for those of the proxy, XRootD, fio for
# those of traffic by file, Java and Maven for OpenSearch; and, whoever runs it, that server's jars, the OpenID provider of
# the sign-in's tests, the MCP conformance suite and the MCP Inspector, from npm, the public suite of attacks, an embedding
# model, the generator of the Python client and the compiler of the BPF programs, in environments of their own; and, of Debian's
# Prometheus, the one program that checks alert rules. Without them these tests skip and say so.
set -euo pipefail
cd "$(dirname "$0")/.."

export DEBIAN_FRONTEND=noninteractive
quiet=(-qq -o Dpkg::Use-Pty=0 -o APT::Keep-Downloaded-Packages=false -o Dpkg::Options::=--force-unsafe-io)

chromium_is_there() { [[ -x /usr/bin/chromium-headless-shell ]]; }
kerberos_is_there() { [[ -x /usr/sbin/krb5kdc && -x /usr/sbin/kadmin.local && -x /usr/bin/kinit && -x /usr/bin/krb5-config ]]; }
postgresql_is_there() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; }

xrootd_is_there() { [[ -x /usr/bin/xrootd ]] && compgen -G '/usr/lib/*/libXrdAccSciTokens-5.so' >/dev/null; }

fio_is_there() { [[ -x /usr/bin/fio ]]; }

podman_is_there() { command -v podman >/dev/null && command -v iptables >/dev/null; }

nginx_is_there() { [[ -x /usr/sbin/nginx ]]; }

opensearch_is_there() { command -v java >/dev/null && command -v mvn >/dev/null; }

install_packages() { timeout 600 apt-get "${quiet[@]}" install --no-install-recommends -y "$@"; }

install_postgresql() { # the programs only: the tests make clusters of their own, so that none is made or started here
    install_packages postgresql-common &&
        sed -i "s/^#\?create_main_cluster.*/create_main_cluster = false/" /etc/postgresql-common/createcluster.conf &&
        install_packages postgresql
}

install_without_services() { # the programs only: while a policy forbids it, no service is started
    local policy=/usr/sbin/policy-rc.d made=false
    [[ -e $policy ]] || { printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && made=true; }
    install_packages "$@"
    local code=$?
    if $made; then rm -f "$policy"; fi
    return "$code"
}

ensure_node_packages() { # FOLDER WHAT OPTION…: what the lock file in this folder holds, once
    local folder=$1 what=$2 want
    shift 2
    want=$(cat "$folder/package.json" "$folder/package-lock.json" | sha256sum)
    [[ $(cat "$folder/node_modules/.stamp" 2>/dev/null) == "$want" ]] && return
    echo "· installing $what" >&2
    if command -v npm >/dev/null && (cd "$folder" && timeout 600 npm ci --loglevel=error "$@" >/dev/null); then
        echo "$want" >"$folder/node_modules/.stamp"
    else
        echo "ink: $what could not be installed; its tests will be skipped." >&2
    fi
}

ensure_node_packages tests/oidc_provider "the OpenID provider of the tests"
ensure_node_packages bench/conformance "the MCP conformance suite"
ensure_node_packages tests/mcp_inspector "the MCP Inspector" --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund
trap scripts/install-test-apps.sh EXIT # last: the package lists are there then
timeout 600 .venv/bin/python -m bench.agentdojo.environment ||
    echo "ink: agentdojo could not be installed; the test on its attacks will be skipped." >&2
timeout 600 .venv/bin/python -m bench.locked_environment embeddings ||
    echo "ink: embeddings could not be installed; the test that compares with them will be skipped." >&2
timeout 600 .venv/bin/python -m bench.locked_environment client-generator ||
    echo "ink: the generator of the Python client could not be installed; the check of that client will be skipped." >&2
timeout 600 .venv/bin/python -m bench.locked_environment bpf ||
    echo "ink: the compiler of the BPF programs could not be installed; the check of their object will be skipped." >&2

ensure_gssapi() { # compiled here, once: the wheel is cached
    .venv/bin/python -c 'import gssapi' 2>/dev/null && return
    echo "· building the Kerberos library of the tests" >&2
    timeout 600 .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements/kerberos.lock \
        || echo "ink: gssapi could not be built; the Kerberos tests will be skipped." >&2
}

ensure_opensearch() { # its jars, once
    timeout 600 .venv/bin/python -m bench.opensearch fetch ||
        echo "ink: OpenSearch could not be fetched; the tests on it will be skipped." >&2
}

ensure_promtool() { # one program of a large package, unpacked and not installed
    [[ -x .venv/bench/promtool ]] || command -v promtool >/dev/null && return
    local folder
    folder=$(mktemp -d)
    if (cd "$folder" && timeout 300 apt-get "${quiet[@]}" download prometheus 2>/dev/null) && mkdir -p .venv/bench &&
        dpkg-deb --fsys-tarfile "$folder"/prometheus_*.deb | tar -xO ./usr/bin/promtool >"$folder/promtool"; then
        chmod 755 "$folder/promtool" && mv "$folder/promtool" .venv/bench/promtool
    else
        echo "ink: promtool could not be fetched; the check of the alert rules will be skipped." >&2
    fi
    rm -rf "$folder"
}

missing=()
chromium_is_there || missing+=(chromium)
postgresql_is_there || missing+=(postgresql)
kerberos_is_there || missing+=(kerberos)
nginx_is_there || missing+=(nginx)
fio_is_there || missing+=(fio)
xrootd_is_there || missing+=(xrootd)
podman_is_there || missing+=(podman)
opensearch_is_there || missing+=(opensearch)
if ((${#missing[@]} == 0)); then
    ensure_gssapi
    ensure_opensearch
    ensure_promtool
    exit 0
fi

if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
    echo "ink: missing for some tests, which will be skipped: ${missing[*]} (as root on Debian: apt-get install)." >&2
    exit 0
fi
echo "· installing for the tests: ${missing[*]}" >&2
timeout 120 apt-get "${quiet[@]}" update >/dev/null || echo "ink: the package lists could not be refreshed." >&2
if ! chromium_is_there && ! install_packages chromium-headless-shell fonts-noto-cjk >/dev/null; then
    echo "ink: chromium-headless-shell could not be installed; without chromium the browser tests will be skipped." >&2
fi
if ! postgresql_is_there && ! install_postgresql >/dev/null; then
    echo "ink: postgresql could not be installed; the tests on it will be skipped." >&2
fi
if ! nginx_is_there && ! install_without_services nginx >/dev/null; then
    echo "ink: nginx could not be installed; the tests of the proxy will be skipped." >&2
fi
if ! podman_is_there && ! install_without_services podman runc containernetworking-plugins iptables >/dev/null; then
    echo "ink: podman could not be installed; the tests of deployments will be skipped." >&2
fi
if ! fio_is_there && ! install_packages fio >/dev/null; then
    echo "ink: fio could not be installed; the tests of I/O that it makes will be skipped." >&2
fi
if ! kerberos_is_there && ! install_packages krb5-kdc krb5-admin-server krb5-user libkrb5-dev >/dev/null; then
    echo "ink: the programs of Kerberos could not be installed; its tests will be skipped." >&2
fi
xrootd=(xrootd-server xrootd-server-plugins xrootd-scitokens-plugins)
if ! xrootd_is_there && ! install_without_services "${xrootd[@]}" >/dev/null; then
    echo "ink: xrootd could not be installed; its tests will be skipped." >&2
fi
if ! opensearch_is_there && ! install_packages default-jre-headless maven >/dev/null; then
    echo "ink: Java and Maven could not be installed; the tests on OpenSearch will be skipped." >&2
fi
ensure_promtool
if kerberos_is_there; then ensure_gssapi; fi
if opensearch_is_there; then ensure_opensearch; fi
