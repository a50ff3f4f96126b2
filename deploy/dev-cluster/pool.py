"""The whole pool: bring it up, say how it is, take it down so that nothing is left."""

import json
import os
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import nodes
from image import root_image
from layout import (
    BASE,
    CONFIG,
    DOMAIN,
    HOST_ADDRESS,
    OPT,
    RUN,
    SCRATCH,
    SERVICES,
    SHARED,
    STATE,
    USERS,
    addresses,
    execute_nodes,
)
from python_env import ENVS, environment
from steps import ClusterError, step, wait_until
from worker_image import worker_image

ROLES = {  # node: services by what was asked for; the order matters
    "cm": {"condor": ["condor"], "slurm": ["munge", "mariadb", "slurmdbd", "slurmctld", "slurmrestd"]},
    "portal": {"condor": ["condor"], "slurm": ["munge", "slurmclient"]},
    "node": {"condor": ["condor"], "slurm": ["munge", "slurmd"]},
}
SECRETS = {"condor": 64, "munge": 64, "jwt": 32}  # bytes
PEOPLE = ("alice", "bob", "admin")
LAST_WORDS = 600  # characters of each node's console in the report of a failed start


@dataclass(frozen=True)
class Spec:
    """What is asked for."""

    nodes: int = 2
    suite: str = "sid"
    services: tuple[str, ...] = SERVICES


def recorded_spec() -> Spec | None:
    if not STATE.exists():
        return None
    record = json.loads(STATE.read_text())
    return Spec(record["nodes"], record["suite"], tuple(record["services"]))


def running(spec: Spec) -> bool:
    return all(nodes.first_process(node) for node in addresses(spec.nodes))


def up(**asked: Any) -> None:
    """Bring the pool up; one that runs already gets the newest environment and worker image."""
    present = recorded_spec()
    if present and not running(present):
        present = None
    spec = replace(present or Spec(), **asked)
    if present not in (None, spec):
        raise ClusterError(f"Another cluster is up ({describe(present)}): take it down first, then start this one")
    root = root_image(spec.suite)
    env = environment(spec.suite, root)
    worker = worker_image(spec.suite, root)
    if present:
        _publish(env, worker)
        return
    if not STATE.exists() and nodes.bridge_exists():
        raise ClusterError(
            f"A cluster of another folder than {BASE} is up: set INK_CLUSTER_BASE to its folder and take it down"
        )
    down()
    started = False
    try:
        _start(spec, root, env, worker)
        started = True
    except ClusterError as error:
        raise ClusterError(f"{error}\n{_last_words()}") from None
    finally:
        if not started:
            down()


def down() -> None:
    """Undo `up`, also one that was cut short; the cache stays."""
    nodes.stop(nodes.recorded())
    if STATE.exists():
        nodes.remove_network()
    if BASE.exists():
        shutil.rmtree(BASE)


def describe(spec: Spec) -> str:
    return f"{spec.nodes} nodes, {spec.suite}, {' and '.join(spec.services)}"


def status() -> dict[str, Any]:
    spec = recorded_spec()
    if spec is None:
        return {"up": False}
    pool = addresses(spec.nodes)
    machines = {
        node: {"address": address, "name": f"{node}.{DOMAIN}", "pid": process.pid if process else None}
        for node, address in pool.items()
        for process in [nodes.first_process(node)]
    }
    return {"up": running(spec), **asdict(spec), "host_address": HOST_ADDRESS, "base": str(BASE), "machines": machines}


def _start(spec: Spec, root: Path, env: Path, worker: Path) -> None:
    pool = addresses(spec.nodes)
    with step("network and configuration"):
        BASE.mkdir(parents=True)
        STATE.write_text(json.dumps(asdict(spec)))
        _write_config(spec, pool)
        _make_shared()
        _publish(env, worker)
        nodes.make_bridge()
    with step(f"{len(pool)} nodes: {describe(spec)}"):
        for node, address in pool.items():
            role = ROLES[node if node in ROLES else "node"]
            nodes.start(node, address, [name for service in spec.services for name in role[service]], root)
    if "condor" in spec.services:
        with step("HTCondor: access point and execute nodes in the collector"):
            wait_until(lambda: _condor_ready(spec.nodes), "HTCondor is ready", 60)
            _introduce_people()
    if "slurm" in spec.services:
        with step("Slurm: nodes idle, REST daemon answers"):
            wait_until(lambda: _slurm_ready(spec.nodes), "Slurm is ready", 90)


def _write_config(spec: Spec, pool: dict[str, str]) -> None:
    CONFIG.mkdir(mode=0o700)
    lines = ["127.0.0.1 localhost", f"{HOST_ADDRESS} host.{DOMAIN} host"]
    lines += [f"{address} {node}.{DOMAIN} {node}" for node, address in pool.items()]
    (CONFIG / "hosts").write_text("\n".join(lines) + "\n")
    names = ",".join(execute_nodes(spec.nodes))
    (CONFIG / "slurm-nodes.conf").write_text(
        f"NodeName={names} CPUs=64 Boards=1 SocketsPerBoard=1 CoresPerSocket=64 ThreadsPerCore=1 RealMemory=200000\n"
        f"PartitionName=main Nodes={names} Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO\n"
    )
    secrets = CONFIG / "secrets"
    secrets.mkdir(mode=0o700)
    for name, size in SECRETS.items():
        (secrets / name).write_bytes(os.urandom(size))


def _make_shared() -> None:
    for folder in (SHARED / "home", SHARED / "ink", SCRATCH, OPT / "src", OPT / "envs"):
        folder.mkdir(parents=True)
    for user in PEOPLE:
        for folder in (SHARED / "home" / user, SCRATCH / user):
            folder.mkdir(mode=0o700)
            os.chown(folder, USERS[user].uid, USERS[user].uid)


def _publish(env: Path, worker: Path) -> None:
    """Put environment and image where the nodes look, by renaming: what runs keeps the old one."""
    link = OPT / "env.new"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("/opt/ink/envs") / env.relative_to(ENVS))
    link.replace(OPT / "env")
    image = SHARED / "ink" / "worker.sif"
    if image.exists() and os.path.samestat(image.stat(), worker.stat()):
        return
    draft = image.with_suffix(".new")
    shutil.copyfile(worker, draft)
    shutil.copystat(worker, draft)
    draft.replace(image)


def _condor_ready(count: int) -> bool:
    code, output = nodes.execute("cm", ["condor_status", "-any", "-af", "MyType"])
    kinds = output.split()
    return code == 0 and kinds.count("Slot") + kinds.count("Machine") >= count and "Scheduler" in kinds


def _introduce_people() -> None:
    """Make the schedd know its users: to one without a record it denies everything, to a super user too.

    HTCondor 23 makes a record at the first job only, so that one is submitted there, on hold, and removed.
    """
    nodes.execute("portal", ["condor_qusers", "-add", *PEOPLE])
    known = nodes.execute("portal", ["condor_qusers", "-af", "User"])[1]
    for user in PEOPLE:
        if f"{user}@{DOMAIN}" not in known.split():
            first = ["executable=/bin/true", "transfer_executable=false", "hold=true"]
            nodes.execute("portal", ["condor_submit", *first, "-queue", "1"], user)
            nodes.execute("portal", ["condor_rm", user], user)


def _slurm_ready(count: int) -> bool:
    code, output = nodes.execute("portal", ["sinfo", "-h", "-t", "idle", "-o", "%D"])
    if code or output.strip() != str(count):
        return False
    argv = ["curl", "-s", "-o", "/dev/null", "http://cm.pool.test:6820/openapi/v3"]
    return nodes.execute("portal", argv)[0] == 0


def _last_words() -> str:
    consoles = sorted(RUN.glob("*/console.log"))
    tails = [(path.parent.name, path.read_text(errors="replace")[-LAST_WORDS:].strip()) for path in consoles]
    return "\n".join(f"--- console of {node}\n{tail}" for node, tail in tails)
