#!/bin/bash
# First process inside a node: starts its services in the order given, then only buries the dead.
# Ends when the cluster is taken down, by SIGKILL, and the kernel ends everything else in the node with it.
set -uo pipefail
cd /
umask 022
etc=/opt/ink/src/deploy/dev-cluster/etc
config=/etc/ink-cluster

as() { # USER COMMAND...
    setpriv --reuid "$1" --regid "$(id -g "$1")" --init-groups -- "${@:2}"
}

port_open() { # PORT [PROCESS]: for 20 s at most, and while the process lives
    local tries=200
    until (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; do
        ((tries-- > 0)) && kill -0 "${2:-$$}" 2>/dev/null || { echo "port $1 did not open" >&2; return 1; }
        sleep 0.1
    done
}

start_condor() {
    local role=$etc/condor/${HOSTNAME}.conf generation
    generation=$etc/condor/$(. /etc/os-release && echo "$VERSION_CODENAME").conf
    [[ -f $role ]] || role=$etc/condor/node.conf
    install -d /run/lock
    install -d -o condor -g condor /run/condor /run/lock/condor /var/log/condor /var/spool/condor /var/lib/condor/execute
    install -d -o condor -g condor /var/spool/condor/second
    cp "$etc/condor/common.conf" /etc/condor/config.d/10-common
    [[ ! -f $generation ]] || cp "$generation" /etc/condor/config.d/15-generation
    cp "$role" /etc/condor/config.d/20-role
    install -d -m 700 /etc/condor/passwords.d
    install -m 600 "$config/secrets/condor" /etc/condor/passwords.d/POOL
    condor_master -f &
}

start_munge() {
    install -d -o munge -g munge /run/munge
    install -d -o munge -g munge -m 700 /var/log/munge /var/lib/munge /etc/munge
    install -o munge -g munge -m 400 "$config/secrets/munge" /etc/munge/munge.key
    as munge munged --foreground &
}

slurm_files() {
    install -d -o slurm -g slurm /run/slurm /var/log/slurm /var/spool/slurmctld
    install -m 644 "$etc/slurm/slurm.conf" "$etc/slurm/cgroup.conf" /etc/slurm/
    install -m 644 "$config/slurm-nodes.conf" /etc/slurm/nodes.conf
}

slurm_secret() {
    install -o slurm -g slurm -m 600 "$config/secrets/jwt" /etc/slurm/jwt_hs256.key
}

start_mariadb() {
    install -d -o mysql -g mysql /run/mariadb
    mariadbd --no-defaults --user=mysql --datadir=/var/lib/ink-mariadb --socket=/run/mariadb/socket \
        --pid-file=/run/mariadb/pid --bind-address=127.0.0.1 --skip-log-bin --skip-name-resolve \
        --innodb-buffer-pool-size=64M --innodb-log-file-size=8M --innodb-flush-log-at-trx-commit=0 &
    port_open 3306
}

start_slurmdbd() {
    slurm_files
    slurm_secret
    install -o slurm -g slurm -m 600 "$etc/slurm/slurmdbd.conf" /etc/slurm/slurmdbd.conf
    as slurm slurmdbd -D &
    port_open 6819
    slurm_accounts
}

slurm_accounts() { # the poller's identity, ink, reads without an association and cannot submit
    sacctmgr -i add cluster ink
    sacctmgr -i add account physics cluster=ink description=physics organization=pool
    sacctmgr -i add user alice,bob,admin account=physics
    sacctmgr -i modify user admin set adminlevel=admin
}

start_slurmctld() {
    slurm_files
    slurm_secret
    # It ends when its helper process does not answer at once, as on a busy machine.
    for _ in 1 2 3; do
        as slurm slurmctld -D &
        ! port_open 6817 $! || return 0
    done
    return 1
}

start_slurmrestd() {
    SLURM_JWT=daemon SLURMRESTD_SECURITY=disable_unshare_files,disable_unshare_sysv \
        as nobody slurmrestd -a rest_auth/jwt 0.0.0.0:6820 &
}

start_slurmd() {
    slurm_files
    install -d /var/spool/slurmd
    slurmd -D &
}

start_slurmclient() {
    slurm_files
}

for service in "$@"; do
    "start_$service" || echo "$service did not start" >&2
done
echo "services started: $*"
while :; do wait -n 2>/dev/null || sleep 1; done
