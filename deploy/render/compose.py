"""The services of a deployment as one compose file, for podman and docker alike.

Each service gets what it needs and no more: a read-only root, no capability but those named here, its own secrets, one
private network with fixed addresses (names are not served by every engine), bounded memory, processes and logs. What a
service waits for may come later: it ends, and is started again.
"""

from __future__ import annotations

from typing import Any

from deploy.render.model import Deployment
from deploy.render.places import (
    ACCOUNTS,
    CONDOR_AUTH,
    CONDOR_CONFIG,
    DATA,
    DATABASE,
    HOMES,
    HOSTS,
    HTTP,
    HTTPS,
    MANAGER,
    NGINX,
    NGINX_STATE,
    NUMBERS,
    PYTHON,
    SECRETS,
    SETTINGS,
    SPAWNER,
    START,
    secret,
)
from ink_core.settings.merging import Tree

INIT_CAPABILITIES = ("CHOWN", "DAC_OVERRIDE", "FOWNER")
SPAWNER_CAPABILITIES = ("CHOWN", "KILL", "SETGID", "SETUID")
POOL_CAPABILITIES = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID")


def compose(deployment: Deployment) -> Tree:
    """The tree of `compose.yaml`."""
    build = _Services(deployment)
    services = {"init": build.init(), "manager": build.manager(), "spawner": build.spawner(), "nginx": build.nginx()}
    if deployment.database == "postgresql":
        services["db"] = build.database()
    if deployment.scheduler.kind == "htcondor":
        services["condor"] = build.condor()
    volumes = ["data", "homes", "run", "database", "condor-auth", "condor-spool"]
    return {
        "name": deployment.site.name,
        "services": services,
        "networks": {"inside": {"ipam": {"config": [{"subnet": deployment.network.subnet}]}}},
        "volumes": {name: {} for name in volumes},
    }


class _Services:
    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment

    def init(self) -> Tree:
        """Makes keys, accounts and homes, and ends. It sees the whole deployment and no network."""
        tls, files = self._deployment.tls, self._deployment.secret_files
        taken = [path for path in (tls.certificate, tls.key) if path and tls.kind == "files"]
        mounts = [f"{path}:/run/site{path}:ro" for path in (*taken, *files.values())]
        service = self._service("init", ["ink", "deploy", "init", "/deployment"], user="0:0", add=INIT_CAPABILITIES)
        del service["extra_hosts"]
        volumes = [".:/deployment", f"./{secret('nginx')}:{NGINX}", f"data:{DATA}", f"homes:{HOMES}", *mounts]
        return service | {"network_mode": "none", "restart": "no", "volumes": volumes}

    def manager(self) -> Tree:
        volumes = [
            f"./ink.yaml:{SETTINGS}:ro", f"./{secret('manager')}:{SECRETS}:ro", *self._accounts(), *self._client(),
            f"data:{DATA}", f"run:{SPAWNER}",
        ]  # fmt: skip
        answers = f"import urllib.request as r; r.urlopen('http://127.0.0.1:{MANAGER}/health', timeout=3)"
        return self._service("manager", ["ink", "serve", "--config", SETTINGS], user="ink") | {
            "volumes": volumes,
            "environment": {"HOME": DATA, "INK_URL": f"http://127.0.0.1:{MANAGER}"},
            "healthcheck": _check([PYTHON, "-I", "-c", answers]),
            "stop_grace_period": "30s",
        }

    def spawner(self) -> Tree:
        """The only service that starts processes of users; those have no capability at all."""
        socket = f"{SPAWNER}/spawner.sock"
        argv = [PYTHON, "-I", "-m", "ink_core.spawner", "--socket", socket, "--client-user", "ink"]
        service = self._service("spawner", [*argv, "--agent-python", PYTHON], user="0:0", add=SPAWNER_CAPABILITIES)
        volumes = [*self._accounts(), *self._client(), f"homes:{HOMES}", f"run:{SPAWNER}"]
        return service | {"volumes": volumes}

    def nginx(self) -> Tree:
        network = self._deployment.network
        ports = [f"{network.address}:{network.https_port}:{HTTPS}"]
        if network.http_port is not None:
            ports.append(f"{network.address}:{network.http_port}:{HTTP}")
        argv = ["nginx", "-c", f"{NGINX}/nginx.conf", "-g", "daemon off;"]
        service = self._service("nginx", argv, user="www-data", tmpfs=(f"{NGINX_STATE}:mode=1777",))
        return service | {"ports": ports, "volumes": [f"./{secret('nginx')}:{NGINX}:ro"]}

    def database(self) -> Tree:
        service = self._service("db", [f"{START}/database"], user="postgres")
        volumes = [f"database:{DATABASE}", f"./{secret('db')}:{SECRETS}:ro"]
        ready = _check(["pg_isready", "--quiet", "--host", "/tmp"])  # noqa: S108 - of its container
        return service | {"volumes": volumes, "healthcheck": ready, "stop_signal": "SIGINT", "stop_grace_period": "60s",
                          "shm_size": "256m"}  # fmt: skip

    def condor(self) -> Tree:
        service = self._service("condor", [f"{START}/condor"], user="0:0", add=POOL_CAPABILITIES)
        del service["mem_limit"], service["pids_limit"]  # jobs are what it is for
        volumes = [
            f"./condor/pool.conf:{CONDOR_CONFIG}:ro", f"./{secret('condor')}:{SECRETS}:ro",
            *self._accounts(), f"homes:{HOMES}", f"condor-auth:{CONDOR_AUTH}", "condor-spool:/var/lib/condor",
        ]  # fmt: skip
        writable = ["/tmp", "/run", "/var/log/condor"]  # noqa: S108 - of its container
        return service | {"volumes": volumes, "tmpfs": writable, "stop_signal": "SIGQUIT", "stop_grace_period": "30s"}

    def _service(
        self, name: str, command: list[str], *, user: str, add: tuple[str, ...] = (), tmpfs: tuple[str, ...] = ()
    ) -> Tree:
        limits, address = self._deployment.limits, self._deployment.address
        files = {"soft": limits.open_files, "hard": limits.open_files}
        processes = {"soft": limits.processes, "hard": limits.processes}
        service: dict[str, Any] = {
            "image": self._deployment.image,
            "container_name": f"{self._deployment.site.name}-{name}",
            "hostname": name,
            "command": command,
            "user": user,
            "restart": "always",
            "read_only": True,
            "cap_drop": ["ALL"],
            "security_opt": ["no-new-privileges"],
            "tmpfs": ["/tmp", *tmpfs],  # noqa: S108 - of its container
            "ulimits": {"nofile": files, "nproc": processes},
            "mem_limit": f"{limits.memory_mb}m",
            "pids_limit": limits.processes,
            "logging": {"driver": "json-file", "options": {"max-size": f"{limits.log_mb}m"}},
            "extra_hosts": [
                f"{host}:{address(number)}" for host, number in HOSTS.items() if host.partition(".")[0] != name
            ],
        }
        if add:
            service["cap_add"] = list(add)
        if name in NUMBERS:
            service["networks"] = {"inside": {"ipv4_address": address(NUMBERS[name])}}
        return service

    def _accounts(self) -> list[str]:
        return [f"./accounts:{ACCOUNTS}:ro"]

    def _client(self) -> list[str]:
        if self._deployment.scheduler.kind != "htcondor":
            return []
        return [f"./condor/client.conf:{CONDOR_CONFIG}:ro", f"condor-auth:{CONDOR_AUTH}"]


def _check(command: list[str]) -> Tree:
    return {"test": ["CMD", *command], "interval": "10s", "timeout": "5s", "retries": 3, "start_period": "60s"}
