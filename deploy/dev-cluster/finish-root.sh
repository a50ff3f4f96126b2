#!/bin/bash
# Last steps on a fresh root file system, run inside it: the pool's users, an initialised database, nothing superfluous.
set -euo pipefail
useradd -u 2000 -U -d /var/lib/ink -m -K HOME_MODE=0700 -s /usr/sbin/nologin ink
for user in alice:2001 bob:2002 admin:2003; do
    useradd -u "${user#*:}" -U -M -d "/shared/home/${user%:*}" -s /bin/bash "${user%:*}"
done
mkdir -p /shared /scratch /opt/ink /etc/ink-cluster /.host
chmod 700 /etc/ink-cluster

rm -rf /var/lib/mysql /var/lib/mariadb
install -d -o mysql -g mysql -m 700 /var/lib/ink-mariadb
mariadb-install-db --no-defaults --user=mysql --datadir=/var/lib/ink-mariadb --skip-test-db \
    --auth-root-authentication-method=normal --innodb-log-file-size=8M >/dev/null
mariadbd --no-defaults --user=mysql --datadir=/var/lib/ink-mariadb --bootstrap --innodb-log-file-size=8M <<'SQL'
FLUSH PRIVILEGES;
CREATE DATABASE slurm_acct_db;
CREATE USER slurm@'127.0.0.1' IDENTIFIED BY 'slurm';
GRANT ALL ON slurm_acct_db.* TO slurm@'127.0.0.1';
SQL
rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/log/*.log
