"""Reading the global model: what is known of a question, of one thing, and of what is near to it.

What these tools tell may go to any model: facts above scratch are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from ink_core.identity.principal import Scope
from knowledge_graph.context.pack import PackedFact
from knowledge_graph.describing import Description, Neighbour
from knowledge_graph.facts import Attribute, Fact, Scalar
from mcp_tools.context import ToolContext
from mcp_tools.spec import Confidentiality, Integrity, Label, Risk, RunsOn, ToolSpec, ToolValue

LABEL = Label(Confidentiality.SCRATCH, Integrity.UNTRUSTED)
NODE = Field(min_length=3, max_length=512, pattern="^[a-z]+:.+$", description="KIND:NAME, as in node:wn042.")


class SearchKnowledge(ToolValue):
    question: str = Field(min_length=1, max_length=2_000, description="In English or Chinese.")
    tokens: int = Field(default=1_000, ge=64, le=4_000)
    explain: bool = Field(default=False, description="Also why each fact is told, and what had no room.")


class FoundFact(ToolValue):
    fact_id: str
    text: str
    source: str
    age_s: float
    why: str


class FoundKnowledge(ToolValue):
    """`cut` are the best facts that had no room."""

    facts: tuple[FoundFact, ...]
    cut: tuple[FoundFact, ...]


class DescribeEntity(ToolValue):
    node: str = NODE


class ToldFact(ToolValue):
    """An attribute, or a relation to another thing."""

    name: str
    value: Scalar
    source: str
    observed_at: datetime
    confidence: float


class EntityDescription(ToolValue):
    """`disputed`: attributes that sources disagree on; each is told with its source and time. `more` were left out."""

    node: str
    facts: tuple[ToldFact, ...]
    more: int
    disputed: tuple[str, ...]


class Neighbourhood(ToolValue):
    node: str = NODE
    limit: int = Field(default=40, ge=1, le=200)


class NearbyEntity(ToolValue):
    """`outward`: read from the thing that was asked for."""

    node: str
    relation: str
    outward: bool
    title: Scalar


class NearbyEntities(ToolValue):
    entities: tuple[NearbyEntity, ...]


async def _search(context: ToolContext, asked: SearchKnowledge) -> FoundKnowledge:
    reading = context.services.knowledge
    pack = await reading.explain(context.principal, asked.question, asked.tokens, LABEL.confidentiality)
    facts = tuple(_found(fact, why=asked.explain) for fact in pack.facts)
    cut = tuple(_found(fact, why=True) for fact in pack.cut) if asked.explain else ()
    return FoundKnowledge(facts=facts, cut=cut)


async def _describe(context: ToolContext, asked: DescribeEntity) -> EntityDescription:
    reading = context.services.knowledge
    return description_of(await reading.describe(context.principal, asked.node, LABEL.confidentiality))


async def _neighbourhood(context: ToolContext, asked: Neighbourhood) -> NearbyEntities:
    reading = context.services.knowledge
    return nearby(await reading.neighbourhood(context.principal, asked.node, asked.limit, LABEL.confidentiality))


def description_of(found: Description) -> EntityDescription:
    facts = tuple(map(_told, found.facts))
    return EntityDescription(node=found.node, facts=facts, more=found.more, disputed=tuple(found.disputed))


def nearby(found: Sequence[Neighbour]) -> NearbyEntities:
    return NearbyEntities(
        entities=tuple(
            NearbyEntity(node=each.node, relation=each.relation, outward=each.outward, title=each.title)
            for each in found
        )
    )


def _found(fact: PackedFact, *, why: bool) -> FoundFact:
    reason = fact.why if why else ""
    return FoundFact(fact_id=fact.id, text=fact.text, source=fact.source, age_s=fact.age_s, why=reason)


def _told(fact: Fact) -> ToldFact:
    name, value = (fact.name, fact.value) if isinstance(fact, Attribute) else (fact.relation.value, fact.target)
    origin = fact.origin
    return ToldFact(
        name=name, value=value, source=origin.source, observed_at=origin.observed_at, confidence=origin.confidence
    )


TOOLS: tuple[ToolSpec, ...] = (
    ToolSpec(
        name="search_knowledge",
        title="Search what is known",
        description="What is known of a question: facts of the site, documents, what people taught; with sources and"
        " ages.",
        input=SearchKnowledge,
        output=FoundKnowledge,
        risk=Risk.READ,
        scopes=frozenset({Scope.AGENT_USE, Scope.JOBS_READ}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=30,
        label=LABEL,
        personal=True,
        run=_search,
    ),
    ToolSpec(
        name="describe_entity",
        title="Describe a thing",
        description="All that is known of one thing of the site, with sources and times; where sources disagree, all.",
        input=DescribeEntity,
        output=EntityDescription,
        risk=Risk.READ,
        scopes=frozenset({Scope.AGENT_USE, Scope.JOBS_READ}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        for_models=False,
        timeout_s=30,
        label=LABEL,
        personal=True,
        run=_describe,
    ),
    ToolSpec(
        name="neighbourhood",
        title="What is near a thing",
        description="What one thing of the site is connected with, and how.",
        input=Neighbourhood,
        output=NearbyEntities,
        risk=Risk.READ,
        scopes=frozenset({Scope.AGENT_USE, Scope.JOBS_READ}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        for_models=False,
        timeout_s=30,
        label=LABEL,
        personal=True,
        run=_neighbourhood,
    ),
)
