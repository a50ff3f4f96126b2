"""Where things lie in the containers and in a rendered deployment, and which address each container has. Facts only."""

from __future__ import annotations

from pathlib import Path

# in the containers
DATA = "/var/lib/ink"
HOMES = "/home"
SETTINGS = "/etc/ink/ink.yaml"
SECRETS = "/run/secrets/ink"
ACCOUNTS = "/var/lib/extrausers"
SPAWNER = "/run/ink"
CONDOR_AUTH = "/run/condor-auth"
CONDOR_CONFIG = "/etc/condor/config.d/90-ink"
NGINX = "/etc/ink-nginx"
NGINX_STATE = "/run/nginx"
DATABASE = "/var/lib/ink-postgresql"
PYTHON = "/opt/ink/env/bin/python"
START = "/opt/ink/start"

HTTPS, HTTP, MANAGER, COLLECTOR = 8443, 8080, 8420, 9618  # ports
NUMBERS = {"nginx": 3, "manager": 4, "db": 5, "spawner": 6, "condor": 7}
"""The last part of each container's address: names are not served by every engine."""
DOMAIN = "ink.internal"
HOSTS = NUMBERS | {f"condor.{DOMAIN}": NUMBERS["condor"]}
"""Names that containers know: the node of the pool has HTCondor's as well, by which the manager leads to its apps."""

# in the rendered deployment
MERGED = Path("deployment.yaml")
COMPOSE = Path("compose.yaml")
CONTAINERS = Path("containers")
STACK = Path("stack")
SECRET_FOLDERS = ("manager", "nginx", "db", "condor", "xrootd")


def secret(folder: str) -> Path:
    return Path("secrets") / folder
