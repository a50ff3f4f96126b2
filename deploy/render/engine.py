"""Services of a compose file as arguments of a container engine's `run`, which podman and docker read alike.

`stack` starts containers by these and not by a compose program: that of Debian 12 knows neither fixed addresses nor
limits, and a bare host has none. One argument a line; `./` in a mount is the folder of the deployment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from ink_core.settings.merging import Tree

_PLAIN = {
    "container_name": "--name", "hostname": "--hostname", "user": "--user", "restart": "--restart", "pid": "--pid",
    "mem_limit": "--memory", "pids_limit": "--pids-limit", "shm_size": "--shm-size", "network_mode": "--network",
    "stop_signal": "--stop-signal",
}  # fmt: skip
_REPEATED = {
    "cap_drop": "--cap-drop", "cap_add": "--cap-add", "security_opt": "--security-opt", "tmpfs": "--tmpfs",
    "extra_hosts": "--add-host", "ports": "--publish",
}  # fmt: skip


def arguments(project: str, service: Tree) -> list[str]:
    """What comes after `run`, the image and its command included."""
    return [*_options(project, service), service["image"], *service["command"]]


def _options(project: str, service: Tree) -> Iterator[str]:
    for key, option in _PLAIN.items():
        if key in service:
            yield f"{option}={service[key]}"
    for key, option in _REPEATED.items():
        yield from (f"{option}={value}" for value in service.get(key, ()))
    if service["read_only"]:
        yield "--read-only"
    for mount in service["volumes"]:
        yield f"--volume={mount if mount[0] in './' else f'{project}_{mount}'}"
    for name, value in service.get("environment", {}).items():
        yield f"--env={name}={value}"
    for name, limit in service["ulimits"].items():
        yield f"--ulimit={name}={limit['soft']}:{limit['hard']}"
    yield f"--log-driver={service['logging']['driver']}"
    yield from (f"--log-opt={name}={value}" for name, value in service["logging"]["options"].items())
    for network, place in cast(Mapping[str, Any], service.get("networks", {})).items():
        yield from (f"--network={project}_{network}", f"--ip={place['ipv4_address']}")
    if "stop_grace_period" in service:
        yield f"--stop-timeout={service['stop_grace_period'].removesuffix('s')}"
