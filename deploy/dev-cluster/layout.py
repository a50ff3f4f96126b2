"""Where things lie and what they are called: paths, addresses, users. Facts only, no action."""

import os
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
CACHE = Path(os.environ.get("INK_CACHE") or "/var/cache/ink-harness") / "cluster"
BASE = Path(os.environ.get("INK_CLUSTER_BASE") or "/var/tmp/ink-dev-cluster")

STATE = BASE / "cluster.json"  # what was asked for; exists while anything of the cluster may exist
CONFIG = BASE / "config"  # host names, node list, secrets: bound into every node for root only
SHARED = BASE / "shared"
SCRATCH = BASE / "scratch"
OPT = BASE / "opt"  # becomes /opt/ink
RUN = BASE / "run"  # one folder per node: pid, writable layer, console

DOMAIN = "pool.test"
BRIDGE = "inkbr0"
HOST_ADDRESS = "10.77.0.254"
SUITES = ("sid", "trixie")
SERVICES = ("condor", "slurm")
MAX_NODES = 40


@dataclass(frozen=True)
class Account:
    """A user known on every node; home folders of people lie on the shared disk."""

    uid: int
    home: str


USERS = {
    "root": Account(0, "/root"),
    "ink": Account(2000, "/var/lib/ink"),
    "alice": Account(2001, "/shared/home/alice"),
    "bob": Account(2002, "/shared/home/bob"),
    "admin": Account(2003, "/shared/home/admin"),
}
PEOPLE = ("alice", "bob", "admin")


def execute_nodes(count: int) -> list[str]:
    return [f"node{number}" for number in range(1, count + 1)]


def addresses(count: int) -> dict[str, str]:
    """Every machine of a pool with `count` execute nodes, by short name."""
    pool = {"cm": "10.77.0.1", "portal": "10.77.0.2"}
    return pool | {name: f"10.77.0.{10 + number}" for number, name in enumerate(execute_nodes(count), 1)}
