"""The whole pool: bring it up, say how it is, take it down so that nothing is left."""

import json
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import nodes
import provision
from image import root_image
from layout import BASE, CHECKOUT, DOMAIN, HOST_ADDRESS, RUN, SERVICES, STATE, addresses
from python_env import compile_checkout, environment
from services import condor_ready, introduce_people, services_of, slurm_ready
from steps import ClusterError, step, wait_until
from worker_image import worker_image

LAST_WORDS = 600  # characters of each node's console in the report of a failed start


@dataclass(frozen=True)
class Spec:
    """What is asked for. The checkout is bound into the nodes, so a cluster serves one checkout only.

    A bare cluster has no Apptainer and no worker image: for what needs schedulers and nothing else.
    """

    nodes: int = 2
    suite: str = "sid"
    services: tuple[str, ...] = SERVICES
    bare: bool = False
    checkout: str = str(CHECKOUT)


def recorded_spec() -> Spec | None:
    if not STATE.exists():
        return None
    record = json.loads(STATE.read_text())
    return Spec(
        record["nodes"], record["suite"], tuple(record["services"]), record.get("bare", False), record["checkout"]
    )


def running(spec: Spec) -> bool:
    return all(nodes.first_process(node) for node in addresses(spec.nodes))


def up(**asked: Any) -> None:
    """Bring the pool up; one that runs already gets the newest environment and worker image."""
    present = recorded_spec()
    if present and not running(present):
        present = None
    spec = replace(present or Spec(), **asked, checkout=str(CHECKOUT))
    if present not in (None, spec):
        raise ClusterError(f"Another cluster is up ({describe(present)}): take it down first, then start this one")
    root = root_image(spec.suite, spec.bare)
    env = environment(spec.suite, root)
    worker = None if spec.bare else worker_image(spec.suite, root)
    compile_checkout(env, root)
    if present:
        provision.publish(env, worker)
        return
    if not STATE.exists() and nodes.bridge_exists():
        raise ClusterError(
            f"A cluster of another folder than {BASE} is up: set INK_CLUSTER_BASE to its folder and take it down"
        )
    down()
    _start_or_undo(spec, root, env, worker)


def down() -> None:
    """Undo `up`, also one that was cut short; the cache stays."""
    nodes.stop(nodes.recorded())
    if STATE.exists():
        nodes.remove_network()
    if BASE.exists():
        shutil.rmtree(BASE)


def describe(spec: Spec) -> str:
    bare = ", bare" if spec.bare else ""
    return f"{spec.nodes} nodes, {spec.suite}{bare}, {' and '.join(spec.services)}, of {spec.checkout}"


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
    up_here = running(spec) and spec.checkout == str(CHECKOUT)
    return {"up": up_here, **asdict(spec), "host_address": HOST_ADDRESS, "base": str(BASE), "machines": machines}


def _start_or_undo(spec: Spec, root: Path, env: Path, worker: Path | None) -> None:
    started = False
    try:
        _start(spec, root, env, worker)
        started = True
    except ClusterError as error:
        raise ClusterError(f"{error}\n{_last_words()}") from None
    finally:
        if not started:
            down()


def _start(spec: Spec, root: Path, env: Path, worker: Path | None) -> None:
    pool = addresses(spec.nodes)
    with step("network and configuration"):
        BASE.mkdir(parents=True)
        STATE.write_text(json.dumps(asdict(spec)))
        provision.write_config(pool, spec.nodes)
        provision.make_shared()
        provision.publish(env, worker)
        nodes.make_bridge()
    with step(f"{len(pool)} nodes: {describe(spec)}"):
        for node, address in pool.items():
            nodes.start(node, address, services_of(node, spec.services), root)
    if "condor" in spec.services:
        with step("HTCondor: access point and execute nodes in the collector"):
            wait_until(lambda: condor_ready(spec.nodes), "HTCondor is ready", 180)
            introduce_people()
    if "slurm" in spec.services:
        with step("Slurm: nodes idle, REST daemon answers"):
            wait_until(lambda: slurm_ready(spec.nodes), "Slurm is ready", 90)


def _last_words() -> str:
    consoles = sorted(RUN.glob("*/console.log"))
    tails = [(path.parent.name, path.read_text(errors="replace")[-LAST_WORDS:].strip()) for path in consoles]
    return "\n".join(f"--- console of {node}\n{tail}" for node, tail in tails)
