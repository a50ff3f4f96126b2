"""What the platform can do and what it forbids, as facts: skills, tools, policy rules and error codes.

They come as plain values: this package does not know the parts that they are from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from ink_core.labels import Confidentiality, Integrity, Label
from knowledge_graph.facts import ADMINS, Fact, Layer, NodeKind, Origin, Relation, node_id
from knowledge_graph.ingest.saying import attributes, edges, shortened

PUBLIC = Label(Confidentiality.PUBLIC, Integrity.TRUSTED)
SITE = Label(Confidentiality.SCRATCH, Integrity.TRUSTED)
LONGEST = 2_000


@dataclass(frozen=True)
class SkillText:
    """`tools` are those that its text relies on. `description` is what the one who wrote the skill says of it."""

    name: str
    description: str
    tools: Sequence[str]


@dataclass(frozen=True)
class ToolText:
    name: str
    title: str
    description: str
    risk: str
    scopes: Sequence[str]
    runs_on: str


@dataclass(frozen=True)
class RuleText:
    """`reason` is what everybody reads to whose call it applies; `condition`, the whole rule, is its authors' alone.

    `tools` are names of those that it is about; none where it is about all or any of them.
    """

    id: str
    effect: str
    reason: str
    tools: Sequence[str]
    condition: str


@dataclass(frozen=True)
class ErrorText:
    """`code` as errors carry it, or a scheduler's reason such as `htcondor/34`; `proposal`: what to do."""

    code: str
    text: str
    proposal: str = ""
    retryable: bool | None = None


def facts_of_skills(skills: Iterable[SkillText], at: datetime) -> Iterator[Fact]:
    origin = Origin("skills@library", Layer.SEMANTICS, at, label=PUBLIC)
    for skill in skills:
        subject = node_id(NodeKind.SKILL, skill.name)
        yield from attributes(subject, origin, {"text": shortened(skill.description, LONGEST)})
        yield from edges(subject, origin, ((Relation.USES, NodeKind.TOOL, tool) for tool in skill.tools))


def facts_of_tools(tools: Iterable[ToolText], at: datetime) -> Iterator[Fact]:
    origin = Origin("tools@ink", Layer.SEMANTICS, at, label=PUBLIC)
    for tool in tools:
        told = {
            "title": tool.title,
            "text": shortened(tool.description, LONGEST),
            "risk": tool.risk,
            "scopes": " ".join(sorted(tool.scopes)),
            "runs_on": tool.runs_on,
        }
        yield from attributes(node_id(NodeKind.TOOL, tool.name), origin, told)


def facts_of_rules(rules: Iterable[RuleText], at: datetime) -> Iterator[Fact]:
    """Of a rule everybody may know what a refusal tells them; who wrote it reads the rest."""
    told = Origin("policy@ink", Layer.SEMANTICS, at, label=SITE)
    kept = Origin("policy@ink", Layer.SEMANTICS, at, label=SITE, readers=frozenset({ADMINS}))
    for rule in rules:
        subject = node_id(NodeKind.RULE, rule.id)
        yield from attributes(subject, told, {"effect": rule.effect, "text": shortened(rule.reason, LONGEST)})
        yield from attributes(subject, kept, {"condition": shortened(rule.condition, LONGEST)})
        yield from edges(subject, kept, ((Relation.APPLIES_TO, NodeKind.TOOL, tool) for tool in rule.tools))


def facts_of_errors(errors: Iterable[ErrorText], at: datetime) -> Iterator[Fact]:
    origin = Origin("errors@ink", Layer.SEMANTICS, at, label=PUBLIC)
    for error in errors:
        told = {"text": shortened(error.text, LONGEST), "proposal": error.proposal, "retryable": error.retryable}
        yield from attributes(node_id(NodeKind.ERROR, error.code), origin, told)
