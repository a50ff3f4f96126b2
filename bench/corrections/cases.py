"""Decisions of a computing centre, drawn by a seed: jobs that are held for a reason, and what is to be done with each.

What is usually right is wrong for some groups and file systems, which nobody can know who was not told. A *like*
decision is about another job of the same group or file system, asked in other words, some of them Chinese.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from knowledge_graph.facts import Attribute, Edge, Fact, Layer, NodeId, NodeKind, Origin, Relation, node_id

CLUSTER = "pool"
GROUPS = ("atlas", "cms", "juno", "lhaaso", "bes3", "hxmt", "cepc", "dyb")
FILE_SYSTEMS = ("lustre01", "lustre02", "eos", "cvmfs", "scratch", "afs")
SPECIAL = 2
LIKE = 3


@dataclass(frozen=True)
class Family:
    """One sort of trouble: the reason that the scheduler tells, what is usually done, and what some need instead."""

    reason: str
    depends_on: NodeKind
    usual: str
    other: str
    why: str


FAMILIES = (
    Family(
        "memory use over the limit", NodeKind.GROUP, "raise_memory", "split_the_job", "its quota of memory is spent"
    ),
    Family("wall time over the limit", NodeKind.GROUP, "raise_wall_time", "use_checkpoints", "its queue ends at night"),
    Family("input file not found", NodeKind.FILE_SYSTEM, "ask_the_user", "stage_from_tape", "old files are on tape"),
    Family("output disk is full", NodeKind.FILE_SYSTEM, "clean_up", "ask_storage", "other people's files fill it"),
    Family("transfer of files failed", NodeKind.FILE_SYSTEM, "release", "renew_the_token", "its tokens end early"),
    Family("too many starts of the job", NodeKind.GROUP, "release", "exclude_the_node", "it needs another kernel"),
)
QUESTIONS = (
    "why is job {job} held, and what should be done?",
    "please take care of {job}",
    "作业{job}挂起了，应该怎么处理？",
    "{job} does not run any more. what now?",
)


@dataclass(frozen=True)
class Case:
    """`special` is the group or the file system; `right` what has to be decided."""

    job: str
    question: str
    family: Family
    special: NodeId
    right: str

    @property
    def goes_wrong(self) -> bool:
        """Where nobody was told."""
        return self.right != self.family.usual


@dataclass(frozen=True)
class Cases:
    """`first` are corrected; `like` come later, and so do the `unlike`, for which the usual decision is right."""

    facts: Sequence[Fact]
    first: Sequence[Case]
    like: Sequence[Case]
    unlike: Sequence[Case]


def cases(seed: int, now: datetime) -> Cases:
    random = Random(seed)
    numbers = iter(random.sample(range(1_000, 99_999), 1_000))
    facts, first, like, unlike = list[Fact](), list[Case](), list[Case](), list[Case]()
    for family in FAMILIES:
        places = [node_id(family.depends_on, name) for name in _names(family)]
        random.shuffle(places)
        for place, node in enumerate(places[: 2 * SPECIAL]):
            special = place < SPECIAL
            drawn = [_case(random, numbers, family, node, ask, special=special) for ask in QUESTIONS[: 1 + LIKE]]
            facts += [fact for one in drawn for fact in _facts(one, random, now)]
            if special:
                first.append(drawn[0])
                like += drawn[1:]
            else:
                unlike += drawn[1:]
    return Cases(facts, first, like, unlike)


def _names(family: Family) -> Sequence[str]:
    return GROUPS if family.depends_on is NodeKind.GROUP else FILE_SYSTEMS


def _case(
    random: Random, numbers: Iterator[int], family: Family, node: NodeId, question: str, *, special: bool
) -> Case:
    job = f"{next(numbers)}.0"
    right = family.other if special else family.usual
    return Case(job, question.format(job=job), family, node, right)


def _facts(case: Case, random: Random, now: datetime) -> Iterator[Fact]:
    origin = Origin(f"schedd@{CLUSTER}", Layer.RUNTIME, now)
    job = node_id(NodeKind.JOB, f"{CLUSTER}/{case.job}")
    yield Attribute(job, "state", "HOLDING", origin)
    yield Attribute(job, "reason", case.family.reason, origin)
    yield Edge(job, Relation.SUBMITTED_TO, node_id(NodeKind.CLUSTER, CLUSTER), origin)
    at_group = case.family.depends_on is NodeKind.GROUP
    group = case.special if at_group else node_id(NodeKind.GROUP, random.choice(GROUPS))
    system = node_id(NodeKind.FILE_SYSTEM, random.choice(FILE_SYSTEMS)) if at_group else case.special
    yield Edge(job, Relation.CHARGED_TO, group, origin)
    yield Edge(job, Relation.WRITES, system, origin)
