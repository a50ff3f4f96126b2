"""What a synthetic site is made of: two clusters, worker nodes behind switches, file systems behind servers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from bench.context.site.people import People
from bench.context.site.size import Size
from bench.context.site.sources import MONITORING, SITE, STORAGE, Sources
from knowledge_graph.facts import Layer, NodeId, NodeKind, Relation, node_id

POOL, SLURM = "pool", "slurm"
SHARED = ("/home", "/scratch", "/cvmfs")
QUEUES = {POOL: ("short", "mid", "long"), SLURM: ("cpu", "gpu", "bigmem", "debug")}
WALL_TIME_H = {"short": 2, "mid": 24, "long": 168, "cpu": 72, "gpu": 48, "bigmem": 96, "debug": 1}
POOL_SHARE = 0.75


@dataclass(eq=False)
class FileSystem:
    name: str
    experiment: str | None
    servers: tuple[str, ...]
    capacity_tb: int
    used_percent: int
    state: str = "ok"

    @property
    def node(self) -> NodeId:
        return node_id(NodeKind.FILE_SYSTEM, self.name)


@dataclass(eq=False)
class Machine:
    """A worker node. `problem` is what monitoring says of it, if anything."""

    name: str
    cluster: str
    switch: str
    state: str = "up"
    problem: str | None = None

    @property
    def node(self) -> NodeId:
        return node_id(NodeKind.NODE, self.name)


@dataclass(eq=False)
class Queue:
    cluster: str
    name: str
    groups: tuple[str, ...]
    state: str = "up"
    reason: str | None = None

    @property
    def node(self) -> NodeId:
        return node_id(NodeKind.PARTITION, f"{self.cluster}/{self.name}")


@dataclass(eq=False)
class Topology:
    """`servers`, `switches` and `schedds` are states by name."""

    machines: list[Machine]
    queues: list[Queue]
    file_systems: list[FileSystem]
    servers: dict[str, str]
    switches: dict[str, str]
    schedds: dict[str, str] = field(default_factory=lambda: {f"schedd{number:02}": "up" for number in (1, 2, 3, 4)})


def collector(cluster: str) -> str:
    """The source that tells a cluster's nodes and queues."""
    return f"collector@{POOL}" if cluster == POOL else f"slurmctld@{SLURM}"


def schedd_node(name: str) -> NodeId:
    return node_id(NodeKind.SCHEDD, name)


def switch_node(name: str) -> NodeId:
    return node_id(NodeKind.LINK, name)


def server_node(name: str) -> NodeId:
    return node_id(NodeKind.NODE, name)


def topology(size: Size, everybody: People, chance: Random) -> Topology:
    switches = {f"sw-{chr(97 + number // 10)}{number % 10:02}": "ok" for number in range(size.switches)}
    in_pool = int(size.nodes * POOL_SHARE)
    machines = [
        Machine(
            f"wn{number:04}" if number < in_pool else f"cn{number - in_pool:04}",
            POOL if number < in_pool else SLURM,
            list(switches)[number * size.switches // size.nodes],
        )
        for number in range(size.nodes)
    ]
    groups = [group.name for group in everybody.groups]
    queues = [
        Queue(cluster, name, tuple(sorted(chance.sample(groups, max(2, len(groups) // 3)))))
        for cluster, names in QUEUES.items()
        for name in names
    ]
    file_systems = _file_systems(everybody, chance)
    servers = {server: "up" for one in file_systems for server in one.servers}
    return Topology(machines, queues, file_systems, servers, switches)


def _file_systems(everybody: People, chance: Random) -> list[FileSystem]:
    named = [(name, None) for name in SHARED] + [
        (f"/{prefix}{experiment}", experiment) for experiment in everybody.experiments for prefix in ("", "eos/")
    ]
    return [
        FileSystem(
            name,
            experiment,
            tuple(f"{name.strip('/').replace('/', '-')}-oss{number:02}" for number in range(1, chance.choice((2, 3)))),
            chance.randrange(100, 4000, 50),
            chance.randrange(30, 90),
        )
        for name, experiment in named
    ]


def say_topology(site: Topology, say: Sources, slots: int) -> None:
    _say_storage(site, say)
    _say_network(site, say)
    _say_queues(site, say)
    _say_machines(site, say, slots // len(site.machines))


def _say_storage(site: Topology, say: Sources) -> None:
    built = say.origin(SITE, Layer.TOPOLOGY, age=timedelta(days=20))
    seen = say.origin(STORAGE, Layer.RUNTIME, age=timedelta(minutes=2), lives=timedelta(minutes=30))
    watched = say.origin(MONITORING, Layer.RUNTIME, age=timedelta(minutes=1), lives=timedelta(minutes=10))
    for one in site.file_systems:
        say.attributes(
            one.node, seen, capacity_tb=one.capacity_tb, used_fraction=one.used_percent / 100, state=one.state
        )
        for server in one.servers:
            say.edge(one.node, Relation.RUNS_ON, server_node(server), built)
        if one.experiment:
            experiment = node_id(NodeKind.EXPERIMENT, one.experiment)
            say.edge(experiment, Relation.MAPS_TO, one.node, built)
            say.edge(one.node, Relation.OWNED_BY, node_id(NodeKind.GROUP, one.experiment), built)
    for server, state in site.servers.items():
        say.attributes(server_node(server), watched, state=state)
        say.attributes(server_node(server), built, role="file server", rack=f"s{len(server) % 7}")


def _say_network(site: Topology, say: Sources) -> None:
    watched = say.origin(MONITORING, Layer.RUNTIME, age=timedelta(minutes=1), lives=timedelta(minutes=10))
    built = say.origin(SITE, Layer.TOPOLOGY, age=timedelta(days=20))
    for name, state in site.switches.items():
        say.attributes(switch_node(name), watched, state=state)
        say.attributes(switch_node(name), built, bandwidth_gbit_s=100)


def _say_queues(site: Topology, say: Sources) -> None:
    for queue in site.queues:
        told = say.origin(collector(queue.cluster), Layer.TOPOLOGY)
        say.attributes(
            queue.node,
            told,
            state=queue.state,
            state_reason=queue.reason,
            max_wall_time_h=WALL_TIME_H[queue.name],
            allowed_groups=", ".join(queue.groups),
        )
        say.edge(queue.node, Relation.PART_OF, node_id(NodeKind.CLUSTER, queue.cluster), told)
        for group in queue.groups:
            say.edge(node_id(NodeKind.GROUP, group), Relation.MAPS_TO, queue.node, told)
    told = say.origin(collector(POOL), Layer.RUNTIME, lives=timedelta(minutes=10))
    for name, state in site.schedds.items():
        say.attributes(schedd_node(name), told, state=state)
        say.edge(schedd_node(name), Relation.PART_OF, node_id(NodeKind.CLUSTER, POOL), told)


def _say_machines(site: Topology, say: Sources, slots_each: int) -> None:
    built = say.origin(SITE, Layer.TOPOLOGY, age=timedelta(days=20))
    watched = say.origin(MONITORING, Layer.RUNTIME, age=timedelta(minutes=1), lives=timedelta(minutes=10))
    told = {
        cluster: say.origin(collector(cluster), Layer.RUNTIME, lives=timedelta(minutes=10)) for cluster in (POOL, SLURM)
    }
    groups = sorted({group for queue in site.queues for group in queue.groups})
    for number, machine in enumerate(site.machines):
        seen = told[machine.cluster]
        say.attributes(machine.node, seen, state=machine.state, cpus=64, memory_mb=256_000)
        say.attributes(machine.node, watched, load=(number * 37) % 64, reason=machine.problem)
        say.edge(machine.node, Relation.PART_OF, node_id(NodeKind.CLUSTER, machine.cluster), seen)
        say.edge(machine.node, Relation.CONNECTED_TO, switch_node(machine.switch), built)
        for one in site.file_systems:
            say.edge(machine.node, Relation.MOUNTS, one.node, built)
        for queue in site.queues:
            if queue.cluster == machine.cluster:
                say.edge(machine.node, Relation.MEMBER_OF, queue.node, seen)
        for slot in range(1, slots_each + 1):
            node = node_id(NodeKind.SLOT, f"slot{slot}@{machine.name}")
            say.attributes(node, seen, state="Claimed" if (number + slot) % 9 else "Unclaimed")
            say.edge(node, Relation.PART_OF, machine.node, seen)
            for offset in range(3):
                group = groups[(number + slot * 5 + offset) % len(groups)]
                say.edge(node, Relation.MAPS_TO, node_id(NodeKind.GROUP, group), seen)
