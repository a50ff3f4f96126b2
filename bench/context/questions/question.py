"""What a question of the benchmark is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from knowledge_graph.clearance import Clearance
from knowledge_graph.context.pack import Question


class Kind(StrEnum):
    JOB_STATE = "job state"
    WHY = "why held or slow"
    WHERE = "where is data"
    WHO = "who may do what"
    INCIDENT = "incident cause"
    POLICY = "policy"


class Half(StrEnum):
    """Only misses of the tuned half are looked at while retrieval is worked on."""

    TUNED = "tuned"
    HELD_OUT = "held_out"


Need = frozenset[str]
"""Ids of facts of which any one will do, for instance the page in English and the one in Chinese."""


@dataclass(frozen=True)
class Case:
    """What is asked about, who asks, and what an answer needs: one fact of each need, and no other."""

    values: Mapping[str, str]
    asker: str
    needs: tuple[Need, ...]


@dataclass(frozen=True)
class BenchQuestion:
    """`template` is `intent/language/number`. A probe's needs are facts that its reader must not see."""

    id: str
    kind: Kind
    template: str
    half: Half
    question: Question
    clearance: Clearance
    needs: tuple[Need, ...]
    is_probe: bool = False
