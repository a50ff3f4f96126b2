"""What a cluster consists of, in one shape for all schedulers: nodes, slots, schedds and partitions.

`ClusterHealth` is the short form for people; this one is for the global model, and large: tens of thousands of slots.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from ink_core.compute.model import Node, Value


class NodeDetails(Node):
    """`reason` is why it is out of service, as an administrator or the scheduler wrote it; `load` is the load average.

    `out_of_service`: it takes no new jobs, though it may have free CPUs.
    """

    out_of_service: bool = False
    reason: str | None = None
    load: float | None = None
    memory_free_mb: int | None = None
    gpus: int | None = None
    partitions: tuple[str, ...] = ()


class Slot(NamedTuple):
    """What a node's resources are divided into; HTCondor's only. `name` as in `slot1_2@wn001`."""

    name: str
    node: str
    state: str
    activity: str
    cpus: int
    memory_mb: int


class Schedd(Value):
    """A queue of a pool that reports to the collector, with its jobs by state."""

    name: str
    host: str | None = None
    running: int = 0
    idle: int = 0
    held: int = 0


class Partition(Value):
    """A queue of Slurm. `longest_s` is the longest wall time that it allows. Where nobody is named all may use it."""

    name: str
    state: str
    nodes: int = 0
    cpus: int = 0
    longest_s: int | None = None
    allowed_groups: tuple[str, ...] = ()
    allowed_accounts: tuple[str, ...] = ()


class Topology(Value):
    cluster: str
    observed_at: datetime
    nodes: tuple[NodeDetails, ...]
    slots: tuple[Slot, ...] = ()
    schedds: tuple[Schedd, ...] = ()
    partitions: tuple[Partition, ...] = ()
