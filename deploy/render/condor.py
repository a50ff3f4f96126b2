"""Configuration of HTCondor in a deployment: one for the pool, one for the users' agents that submit to it.

People prove who they are by the file system (FS) in a folder that both containers mount; reading is free inside the
deployment's network. Limits: one node, no control groups, so that HTCondor itself holds no job to its memory.
"""

from __future__ import annotations

from deploy.render.model import Deployment
from deploy.render.places import COLLECTOR, CONDOR_AUTH, DOMAIN
from deploy.render.settings import SCHEDD

_SHARED = f"""CONDOR_HOST = condor
COLLECTOR_HOST = condor:{COLLECTOR}
UID_DOMAIN = {DOMAIN}
TRUST_DOMAIN = {DOMAIN}
FILESYSTEM_DOMAIN = {DOMAIN}
DEFAULT_DOMAIN_NAME = {DOMAIN}
SEC_DEFAULT_AUTHENTICATION_METHODS = FS, IDTOKENS
FS_LOCAL_DIR = {CONDOR_AUTH}
SCHEDD_HOST = {SCHEDD}
"""

_POOL = f"""SPOOL = /var/lib/condor/spool
EXECUTE = /var/lib/condor/execute
SEC_PASSWORD_DIRECTORY = /run/condor/passwords
DAEMON_LIST = MASTER, COLLECTOR, NEGOTIATOR, SCHEDD, STARTD
SCHEDD_NAME = {SCHEDD}
USE_SHARED_PORT = true
SHARED_PORT_PORT = {COLLECTOR}
ALLOW_READ = *
ALLOW_WRITE = *@{DOMAIN}
ALLOW_DAEMON = condor@password
ALLOW_ADMINISTRATOR = condor@password, condor@{DOMAIN}, root@{DOMAIN}
# Daemons of older generations do not name their address in FS authentication, which newer clients ask for.
SEC_FS_ENFORCE_CHANNEL_BINDING = false
NEGOTIATOR_INTERVAL = 20
NEGOTIATOR_MIN_INTERVAL = 2
NEGOTIATOR_CYCLE_DELAY = 2
SCHEDD_INTERVAL = 10
RunBenchmarks = false
# A container has no control groups of its own that HTCondor could use.
BASE_CGROUP =
"""

_CLIENT = """SEC_FS_ENFORCE_CHANNEL_BINDING = false
SEC_CLIENT_AUTHENTICATION = OPTIONAL
SEC_CLIENT_ENCRYPTION = OPTIONAL
SEC_CLIENT_INTEGRITY = OPTIONAL
"""


def pool_config(deployment: Deployment) -> str:
    scheduler = deployment.scheduler
    superusers = ", ".join(("root", "condor", *deployment.accounts.administrators))
    sizes = {"NUM_CPUS": scheduler.cpus, "MEMORY": scheduler.memory_mb}
    given = "".join(f"{name} = {size}\n" for name, size in sizes.items() if size is not None)
    return f"{_SHARED}{_POOL}QUEUE_SUPER_USERS = {superusers}\n{given}"


def client_config() -> str:
    return _SHARED + _CLIENT
