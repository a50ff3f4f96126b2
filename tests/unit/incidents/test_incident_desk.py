"""Incidents of a site that is told by hand: opened, kept over a restart, told to the model, found again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from audit.memory import MemoryLedger
from ink_core.agents import InProcessAgents
from ink_core.clock import ManualClock
from ink_core.errors import Conflict
from ink_core.identity.principal import ADMIN_SCOPES, USER_SCOPES, Principal
from ink_core.labels import Confidentiality, Integrity, Label
from knowledge_graph.context.pack import ContextPack
from knowledge_graph.facts import Attribute, Edge, Fact, Layer, NodeId, Origin, Relation, Scalar
from knowledge_graph.incidents.incident import Closing, Incident, IncidentState
from knowledge_graph.incidents.machine import Looked
from knowledge_graph.incidents.signs import IncidentKind, Sign
from knowledge_graph.model import GlobalModel
from manager.incidents.desk import IncidentDesk
from manager.incidents.opening import Watch, open_watch
from manager.incidents.records import CHAIN
from manager.incidents.running_model import ModelInLoop
from manager.knowledge.knowledge import KnowledgeBusy
from mcp_tools import doubles
from mcp_tools.catalogue import default_catalogue
from mcp_tools.context import ToolContext
from mcp_tools.doubles import MemoryQueues, memory_job
from mcp_tools.incident_views import PackedFactView

ROOT = Principal(username="root", is_admin=True, scopes=ADMIN_SCOPES, credential="session:r")
ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:a")
CAROL = Principal(username="carol", is_admin=False, scopes=USER_SCOPES, credential="session:c")
POWER = Closing("its power supply failed", "the power supply was changed", ("node:wn1",))


@dataclass
class Site:
    """Facts by hand, and time by hand."""

    clock: ManualClock = field(default_factory=ManualClock)
    model: GlobalModel = field(default_factory=GlobalModel)
    queues: MemoryQueues = field(
        default_factory=lambda: MemoryQueues({"pool": [memory_job("1.0", "alice"), memory_job("2.0", "bob")]})
    )
    ledger: MemoryLedger = field(init=False)
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        self.ledger = MemoryLedger(self.clock)
        self.watch = self.opened()

    def opened(self) -> Watch:
        return open_watch(
            self.ledger, self.clock, self.queues, None, ModelInLoop(self.model), {"pool": "slurm"}, explained
        )

    def say(self, node: NodeId, *links: tuple[Relation, NodeId], **values: Scalar) -> None:
        origin = Origin("nodes@pool", Layer.RUNTIME, self.clock.now())
        facts: list[Fact] = [Attribute(node, name, value, origin) for name, value in values.items()]
        self.model.change([*facts, *(Edge(node, relation, target, origin) for relation, target in links)])

    def node(self, name: str, state: str, reason: str = "") -> None:
        said: dict[str, Scalar] = {"health": "up", "state": state, "cpus": 8, "cpus_used": 4}
        self.say(f"node:{name}", (Relation.PART_OF, "cluster:pool"), **said, **({"reason": reason} if reason else {}))

    def job(self, number: int, owner: str, on: str) -> None:
        links = ((Relation.OWNED_BY, f"user:{owner}"), (Relation.RUNS_ON, f"node:{on}"))
        self.say(f"job:pool/{number}.0", *links, state="RUNNING")

    async def looked(self, seconds: float) -> None:
        """As if somebody had looked every half minute."""
        for _ in range(round(seconds / 30)):
            self.clock.advance(30)
            await self.watch.desk.look()

    async def broken(self, name: str = "wn1") -> str:
        self.node(name, "DOWN+NOT_RESPONDING", "Not responding")
        await self.looked(180)
        return self.watch.desk.open()[-1].id


async def explained(
    question: str, principal: Principal, budget: int, most: Confidentiality = Confidentiality.EXPERIMENT
) -> ContextPack:
    """Says what it was asked."""
    return ContextPack(question, (), (), 0, budget, Label(most, Integrity.TRUSTED), 0)


@pytest.fixture
def site() -> Site:
    site = Site()
    site.say("cluster:pool", health="up")
    site.node("wn1", "ALLOCATED")
    site.node("wn2", "IDLE+DRAIN", "a disk is replaced")
    site.job(1, "alice", "wn1")
    site.job(2, "bob", "wn1")
    return site


async def test_a_node_that_goes_down_is_an_incident_with_evidence_until_it_is_back(site: Site) -> None:
    await site.looked(600)
    assert site.watch.desk.list(ROOT) == []
    incident_id = await site.broken()
    seen = site.watch.desk.view(ROOT, incident_id)
    assert (seen.title, seen.state, seen.owners) == ("Node wn1 is down", IncidentState.OPEN, ("alice", "bob"))
    known = {fact.id for fact in site.model.facts("node:wn1", site.clock.now())}
    assert seen.evidence and set(seen.evidence) <= known
    site.node("wn1", "IDLE", "back")
    await site.looked(180)
    assert site.watch.desk.view(ROOT, incident_id).state is IncidentState.RESOLVED


async def test_a_user_sees_an_incident_of_their_jobs_without_the_others(site: Site) -> None:
    incident_id = await site.broken()
    seen = site.watch.desk.view(ALICE, incident_id)
    assert (seen.owners, seen.jobs, seen.users) == (("alice",), ("pool/1.0",), 2)
    diagnosis = await site.watch.desk.diagnose(ALICE, incident_id)
    assert "wn1" in diagnosis.context and "pool/1.0" in diagnosis.context
    assert "bob" not in diagnosis.model_dump_json() and "2.0" not in diagnosis.model_dump_json()
    assert site.watch.desk.list(CAROL) == []
    with pytest.raises(Conflict, match=r"no proposal 'drain'.*look, explain"):
        site.watch.desk.proposal(ALICE, incident_id, "drain")


@pytest.mark.requirement("MODEL-INGEST-05")
async def test_incidents_survive_a_restart_and_a_closed_one_is_found_again_for_a_like_case(site: Site) -> None:
    first = await site.broken()
    await site.watch.desk.close(ROOT, first, POWER)
    site.watch = site.opened()
    await site.watch.desk.recover()
    assert site.watch.desk.view(ROOT, first).cause == POWER.cause
    site.node("wn1", "IDLE", "back")
    await site.looked(60)
    again = await site.broken("wn3")
    assert again != first
    (like,) = site.watch.desk.view(ROOT, again).like
    assert (like.incident_id, like.cause, like.helped) == (first, POWER.cause, POWER.helped)


@pytest.mark.requirement("MODEL-INGEST-05")
async def test_the_model_remembers_an_incident_with_its_cause_for_those_who_may_read_it(site: Site) -> None:
    incident_id = await site.broken()
    node = f"incident:{incident_id}"
    affected = {fact.target: fact.origin.readers for fact in edges(facts(site, node), Relation.AFFECTS)}
    assert affected == {"job:pool/1.0": {"admins", "user:alice"}, "job:pool/2.0": {"admins", "user:bob"}}
    await site.watch.desk.close(ROOT, incident_id, POWER)
    told = facts(site, node)
    assert {fact.origin.readers for fact in told} == {frozenset({"admins", "user:alice", "user:bob"})}
    assert [fact.target for fact in edges(told, Relation.CAUSED_BY)] == ["node:wn1"]
    values = {fact.name: fact.value for fact in told if isinstance(fact, Attribute)}
    assert (values["cause"], values["helped"], values["state"]) == (POWER.cause, POWER.helped, "closed")
    assert node in site.model.neighbours("node:wn1")
    assert {fact.origin.label.integrity for fact in told} == {Integrity.TRUSTED}


async def test_whose_job_an_incident_came_from_is_told_to_administrators_alone(site: Site) -> None:
    incident_id = await site.broken()
    causes = ("filesystem:scratch", "job:pool/2.0", "user:bob")
    await site.watch.desk.close(ROOT, incident_id, replace(POWER, causes=causes))
    assert site.watch.desk.view(ROOT, incident_id).causes == causes
    assert site.watch.desk.view(ALICE, incident_id).causes == causes[:1]
    told = edges(facts(site, f"incident:{incident_id}"), Relation.CAUSED_BY)
    assert [fact.target for fact in told if fact.origin.readers == {"admins"}] == [*causes[1:]]
    assert [fact.target for fact in told if "user:alice" in fact.origin.readers] == [causes[0]]


async def test_what_a_model_said_of_the_cause_is_not_trusted_as_it_may_repeat_what_users_wrote(site: Site) -> None:
    incident_id = await site.broken()
    await site.watch.desk.close(ROOT, incident_id, replace(POWER, by_hand=False))
    told = facts(site, f"incident:{incident_id}")
    doubted = {fact.id.partition("@")[0] for fact in told if fact.origin.label.integrity is Integrity.UNTRUSTED}
    node = f"incident:{incident_id}"
    assert doubted == {f"{node}.cause", f"{node}.helped", f"{node} caused_by node:wn1"}


async def test_what_follows_from_measurements_of_jobs_is_as_confidential_as_those(site: Site) -> None:
    site.say("filesystem:/data", used_fraction=0.5, inodes_used_fraction=0.99)
    await site.looked(180)
    (incident,) = site.watch.desk.open()
    told = facts(site, f"incident:{incident.id}")
    assert {fact.origin.label.confidentiality for fact in told} == {Confidentiality.USER}
    services = replace(doubles.services(InProcessAgents({}), site.queues), incidents=site.watch.desk)
    context = ToolContext(ROOT, "root", "op", 30, None, services, None)
    for name, arguments in (("site_health", {}), ("list_incidents", {})):
        spec = default_catalogue().get(name)
        assert spec.confidentiality_of is not None
        assert spec.confidentiality_of(context, spec.parse(arguments)) is Confidentiality.USER
        nobody = replace(context, principal=CAROL)
        assert spec.confidentiality_of(nobody, spec.parse(arguments)) is Confidentiality.PUBLIC


async def test_the_whole_site_is_told_in_one_call_and_its_nodes_as_a_map(site: Site) -> None:
    incident_id = await site.broken()
    health = await site.watch.site.health(ROOT)
    (pool,) = health.clusters
    assert (health.status, pool.open_incidents, pool.load) == ("degraded", 1, 0.5)
    assert pool.nodes == {"down": 1, "maintenance": 1}
    assert [(one.node, one.condition) for one in pool.troubled] == [("wn1", "down"), ("wn2", "maintenance")]
    assert pool.jobs == {"RUNNING": 2}
    first = await site.watch.site.nodes(ROOT, "pool", most=1)
    rest = await site.watch.site.nodes(ROOT, "pool", after=first.next_cursor or "", most=1)
    assert (first.total, first.next_cursor, rest.next_cursor) == (2, "wn1", None)
    tiles = {tile.node: tile for tile in (*first.nodes, *rest.nodes)}
    assert (tiles["wn1"].jobs, tiles["wn1"].incidents) == (2, (incident_id,))
    assert tiles["wn2"].reason == "a disk is replaced"
    assert (await site.watch.site.health(CAROL)).incidents == ()


async def test_what_the_model_cannot_take_now_is_told_at_the_next_look_and_nothing_is_lost(site: Site) -> None:
    told, problems = list[int](), [KnowledgeBusy("the model is behind")]

    async def tell(incidents: Sequence[Incident]) -> None:
        if problems:
            raise problems.pop()
        told.append(len(incidents))

    async def nothing_around(principal: Principal, incident: Incident) -> tuple[str, Sequence[PackedFactView]]:
        return "", ()

    sign = Sign(IncidentKind.NODE_DOWN, "node:wn1", "pool", "wn1 is down", "Node wn1 is down.")

    async def look() -> Looked:
        return Looked(site.clock.now(), [sign])

    desk = IncidentDesk(site.ledger, site.clock, look, nothing_around, tell)
    await desk.look()
    site.clock.advance(600)
    await desk.look()
    assert [one.id for one in desk.open()] == ["inc-1"]
    assert told == [1]


async def test_each_step_is_one_record_of_the_ledger(site: Site) -> None:
    incident_id = await site.broken()
    await site.watch.desk.note_action(ROOT, incident_id, "release_jobs", "c-1")
    await site.watch.desk.close(ROOT, incident_id, POWER)
    events = await site.ledger.read(CHAIN)
    assert [event.kind for event in events] == ["incident.opened", "incident.acted", "incident.closed"]
    assert events[0].time - site.clock.now() <= timedelta()


def facts(site: Site, node: NodeId) -> list[Fact]:
    return list(site.model.facts(node, site.clock.now()))


def edges(told: list[Fact], relation: Relation) -> list[Edge]:
    return [fact for fact in told if isinstance(fact, Edge) and fact.relation is relation]
