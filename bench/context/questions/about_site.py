"""Questions about the site: where data are, who may do what, what is broken across layers, and what the rules say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bench.context.questions import evidence
from bench.context.questions.evidence import fact
from bench.context.questions.question import Case, Need
from bench.context.site.faults import Trouble
from bench.context.site.knowledge import DOCUMENTS, data_sets, passage
from bench.context.site.memory import CORRECTED
from bench.context.site.people import User
from bench.context.site.site import Site
from bench.context.site.sources import CATALOGUE, IDENTITY, INCIDENTS, POLICY, SITE, attribute_id, edge_id
from bench.context.site.topology import FileSystem, Queue
from bench.context.site.written import RULES, SKILLS, TOOLS, TOPICS, Topic
from knowledge_graph.facts import NodeKind, Relation, node_id

Cases = Callable[[Site], Iterator[Case]]


def _anybody(site: Site, number: int) -> User:
    return site.people.users[number % len(site.people.users)]


def _admin(site: Site) -> str:
    return site.admin.name


def _file_systems(site: Site) -> Iterator[tuple[int, FileSystem, User]]:
    for number, one in enumerate(site.topology.file_systems):
        yield number, one, _anybody(site, number * 7)


def _experiment_data(site: Site) -> Iterator[Case]:
    for number, experiment in enumerate(site.people.experiments):
        own = [one for one in site.topology.file_systems if one.experiment == experiment]
        needs = tuple(evidence.holds_data_of(experiment, one) for one in own)
        yield Case({"experiment": experiment}, _anybody(site, number).name, needs)


def _servers(site: Site) -> Iterator[Case]:
    for _, one, user in _file_systems(site):
        yield Case({"file_system": one.name}, user.name, tuple(evidence.served_by(one, name) for name in one.servers))


def _room(site: Site) -> Iterator[Case]:
    for _, one, user in _file_systems(site):
        needs = (evidence.of_file_system(one, "capacity_tb"), evidence.of_file_system(one, "used_fraction"))
        yield Case({"file_system": one.name}, user.name, needs)


def _mounted(site: Site) -> Iterator[Case]:
    for number, machine in enumerate(site.topology.machines):
        one = site.topology.file_systems[number % len(site.topology.file_systems)]
        edge = edge_id(machine.node, Relation.MOUNTS, one.node, SITE)
        yield Case({"file_system": one.name, "node": machine.name}, _anybody(site, number).name, (fact(edge),))


def _samples(site: Site) -> Iterator[Case]:
    for number, one in enumerate(data_sets(site.topology, site.people)):
        values = {"experiment": one.experiment, "sample": one.sample, "version": str(one.version)}
        need = fact(attribute_id(one.passage, "text", DOCUMENTS))
        yield Case(values, _anybody(site, number).name, (need,))


def _may_submit(site: Site) -> Iterator[Case]:
    for number, user in enumerate(site.people.users):
        queue: Queue = site.topology.queues[number % len(site.topology.queues)]
        needs = (evidence.of_queue(queue, "allowed_groups"), *evidence.memberships(user))
        yield Case({"user": user.name, "queue": f"{queue.cluster}/{queue.name}"}, user.name, needs)


def _may_read(site: Site) -> Iterator[Case]:
    owned = [one for one in site.topology.file_systems if one.experiment]
    for number, user in enumerate(site.people.users):
        one = owned[number % len(owned)]
        needs = (evidence.owned(one), *evidence.memberships(user))
        yield Case({"user": user.name, "file_system": one.name}, user.name, needs)


def _managers(site: Site) -> Iterator[Case]:
    for number, group in enumerate(site.people.groups):
        need = fact(attribute_id(group.node, "manager", IDENTITY))
        yield Case({"group": group.name}, _anybody(site, number).name, (need,))


def _owners(site: Site) -> Iterator[Case]:
    for _, one, user in _file_systems(site):
        if one.experiment:
            yield Case({"file_system": one.name}, user.name, (evidence.owned(one),))


def _risks(site: Site) -> Iterator[Case]:
    for number, tool in enumerate(TOOLS):
        need = fact(attribute_id(node_id(NodeKind.TOOL, tool), "risk", CATALOGUE))
        yield Case({"tool": tool}, _anybody(site, number).name, (need,))


def _experiment_trouble(site: Site) -> Iterator[Case]:
    for fault in site.faults:
        one = fault.file_system
        if fault.trouble is Trouble.FILE_SERVER and one and one.experiment:
            needs = (evidence.holds_data_of(one.experiment, one), evidence.served_by(one, fault.name))
            yield Case({"experiment": one.experiment}, _admin(site), (*needs, evidence.broken(fault)))


def _node_network(site: Site) -> Iterator[Case]:
    faults = {fault.name: fault for fault in site.faults if fault.trouble is Trouble.SWITCH}
    for machine in site.topology.machines:
        if machine.switch in faults and machine.problem and "packets" in machine.problem:
            needs = (evidence.problem_of(machine), evidence.behind(machine), evidence.broken(faults[machine.switch]))
            yield Case({"node": machine.name}, _admin(site), needs)


def _node_black_hole(site: Site) -> Iterator[Case]:
    for fault in site.faults:
        if fault.trouble is Trouble.BLACK_HOLE:
            yield Case({"node": fault.name}, _admin(site), (evidence.broken(fault),))


def _server_affects(site: Site) -> Iterator[Case]:
    for fault in site.faults:
        if fault.trouble is Trouble.FILE_SERVER and fault.file_system:
            needs = (evidence.served_by(fault.file_system, fault.name), evidence.broken(fault))
            yield Case({"server": fault.name}, _admin(site), needs)


def _history(site: Site) -> Iterator[Case]:
    for incident in site.memory.incidents:
        needs = tuple(fact(attribute_id(incident.node, name, INCIDENTS)) for name in ("cause", "helped"))
        yield Case({"symptom": incident.symptom}, _admin(site), needs)


def _corrections(site: Site) -> Iterator[Case]:
    for correction in site.memory.corrections:
        need = fact(attribute_id(correction.node, "text", CORRECTED))
        yield Case({"file_system": correction.file_system.name}, _admin(site), (need,))


def _wall_times(site: Site) -> Iterator[Case]:
    for number, queue in enumerate(site.topology.queues):
        if queue.name != "long":
            need = evidence.of_queue(queue, "max_wall_time_h")
            yield Case({"queue": f"{queue.cluster}/{queue.name}"}, _anybody(site, number).name, (need,))


def _two_sources(site: Site) -> Iterator[Case]:
    """The cluster and the help desk disagree: both are needed."""
    queue = next(one for one in site.topology.queues if one.name == "long")
    claimed = fact(attribute_id(queue.node, "max_wall_time_h", "human:helpdesk"))
    yield Case({}, _anybody(site, 3).name, (evidence.of_queue(queue, "max_wall_time_h"), claimed))


def _always(need: Need) -> Cases:
    return lambda site: iter((Case({}, _anybody(site, 5).name, (need,)),))


def topic_cases(topic: Topic) -> Cases:
    """The page in either language answers."""
    pages = ((0, topic.en), (1, topic.zh))
    ids = [attribute_id(passage(f"rules/{topic.key}", place), "text", DOCUMENTS) for place, page in pages if page]
    return _always(frozenset(ids))


PLACES: Mapping[str, Cases] = {
    "experiment_data": _experiment_data,
    "servers": _servers,
    "room": _room,
    "mounted": _mounted,
    "sample": _samples,
}
RIGHTS: Mapping[str, Cases] = {
    "may_submit": _may_submit,
    "may_read": _may_read,
    "manager": _managers,
    "owner": _owners,
    "risk": _risks,
    **{f"rule/{rule}": _always(fact(attribute_id(node_id(NodeKind.RULE, rule), "text", POLICY))) for rule in RULES},
}
CAUSES: Mapping[str, Cases] = {
    "experiment_trouble": _experiment_trouble,
    "node_network": _node_network,
    "node_black_hole": _node_black_hole,
    "server_affects": _server_affects,
    "history": _history,
    "correction": _corrections,
}
POLICIES: Mapping[str, Cases] = {
    "wall_time": _wall_times,
    "wall_time_two_sources": _two_sources,
    **{
        f"skill/{skill}": _always(fact(attribute_id(node_id(NodeKind.SKILL, skill), "description", CATALOGUE)))
        for skill in SKILLS
    },
    **{f"topic/{topic.key}": topic_cases(topic) for topic in TOPICS},
}
