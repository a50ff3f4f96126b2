"""What is wrong at a synthetic site now, and what it does to other things. Jobs feel it in `jobs.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from random import Random

from bench.context.site.people import People
from bench.context.site.size import Size
from bench.context.site.sources import INCIDENTS, MONITORING, Sources, attribute_id
from bench.context.site.topology import FileSystem, Topology, schedd_node, server_node, switch_node
from knowledge_graph.facts import Layer, NodeId, NodeKind, Relation, node_id


class Trouble(StrEnum):
    FILE_SERVER = "file server down"
    FULL = "file system full"
    SWITCH = "link degraded"
    BLACK_HOLE = "black hole"
    SCHEDD = "schedd away"
    DRAINED = "queue drained"
    CREDENTIAL = "credential expired"
    QUOTA = "quota full"
    MEMORY = "more memory than asked for"


@dataclass(frozen=True)
class Fault:
    """`at` is what is broken, `name` without its kind; `file_system` the one that a broken server serves."""

    trouble: Trouble
    at: NodeId
    name: str
    file_system: FileSystem | None = None


_ALERTS = {
    Trouble.FILE_SERVER: "{name} has not answered for 14 minutes; its exports time out",
    Trouble.SWITCH: "{name}: 11 % of packets lost since 06:40",
    Trouble.BLACK_HOLE: "{name}: 118 jobs ended within a minute of their start in the last hour",
    Trouble.SCHEDD: "{name} has not told the collector anything for 20 minutes",
    Trouble.FULL: "{name} has no free space",
}


def break_things(size: Size, site: Topology, everybody: People, chance: Random) -> tuple[Fault, ...]:
    """Changes the site and its people, and says what was done."""
    faults: list[Fault] = []
    own = [one for one in site.file_systems if one.experiment]
    chance.shuffle(own)
    for number in range(size.faults):
        faults.append(_server_down(own[number], site, chance))
        faults.append(_full(own[-1 - number]))
        faults.append(_degraded(chance.choice(sorted(site.switches)), site, chance))
        faults.append(_black_hole(site, chance))
    faults.append(_schedd_away(site))
    faults.append(_drained(site, chance))
    users = chance.sample(everybody.users, min(len(everybody.users) // 2, 6 * size.faults + 2))
    for user in users[::2]:
        user.credential_ends_in = timedelta(hours=-chance.randrange(1, 20))
        faults.append(Fault(Trouble.CREDENTIAL, user.node, user.name))
    for user in users[1::2]:
        user.used_gb = user.quota_gb
        faults.append(Fault(Trouble.QUOTA, user.node, user.name))
    return tuple(dict.fromkeys(faults))


def alert_node(fault: Fault) -> NodeId:
    return node_id(NodeKind.ALERT, f"{fault.trouble.name.lower()}/{fault.name}")


def alert_id(fault: Fault) -> str:
    return attribute_id(alert_node(fault), "text", MONITORING)


def say_faults(faults: tuple[Fault, ...], say: Sources) -> None:
    """Alerts of what is watched; for every other one somebody has opened an incident."""
    watched = say.origin(MONITORING, Layer.RUNTIME, age=timedelta(minutes=1), lives=timedelta(minutes=10))
    opened = say.origin(INCIDENTS, Layer.MEMORY, age=timedelta(minutes=12))
    alerted = [fault for fault in faults if fault.trouble in _ALERTS]
    for number, fault in enumerate(alerted):
        say.attributes(alert_node(fault), watched, text=_ALERTS[fault.trouble].format(name=fault.name))
        say.edge(alert_node(fault), Relation.ABOUT, fault.at, watched)
        if number % 2 == 0:
            incident = node_id(NodeKind.INCIDENT, f"2026-{number:03}")
            say.attributes(incident, opened, title=f"Something is wrong with {fault.name}", state="open")
            say.edge(incident, Relation.AFFECTS, fault.at, opened)


def _server_down(one: FileSystem, site: Topology, chance: Random) -> Fault:
    server = one.servers[-1]
    site.servers[server] = "down"
    one.state = "degraded"
    for machine in chance.sample(site.machines, max(2, len(site.machines) // 30)):
        if machine.problem is None:
            machine.problem = f"mount of {one.name} does not respond"
    return Fault(Trouble.FILE_SERVER, server_node(server), server, one)


def _full(one: FileSystem) -> Fault:
    one.used_percent = 100
    return Fault(Trouble.FULL, one.node, one.name, one)


def _degraded(name: str, site: Topology, chance: Random) -> Fault:
    site.switches[name] = "degraded"
    behind = [machine for machine in site.machines if machine.switch == name]
    for machine in behind[: len(behind) // 2 or 1]:
        machine.problem = "packets to the storage are lost"
    return Fault(Trouble.SWITCH, switch_node(name), name)


def _black_hole(site: Topology, chance: Random) -> Fault:
    machine = chance.choice([one for one in site.machines if one.problem is None])
    machine.problem = "the scratch disk is read-only"
    return Fault(Trouble.BLACK_HOLE, machine.node, machine.name)


def _schedd_away(site: Topology) -> Fault:
    name = sorted(site.schedds)[-1]
    site.schedds[name] = "away"
    return Fault(Trouble.SCHEDD, schedd_node(name), name)


def _drained(site: Topology, chance: Random) -> Fault:
    queue = next(one for one in site.queues if one.name == "bigmem")
    queue.state, queue.reason = "drained", "maintenance of the cooling until 2026-01-16 18:00"
    return Fault(Trouble.DRAINED, queue.node, queue.name)
