"""What goes into a context pack and what comes out of it. Values only; `assembly.assemble` makes one of the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ink_core.labels import Label
from knowledge_graph.facts import NodeId


@dataclass(frozen=True)
class Question:
    """What the context is for: a question in words, or a decision about `subjects` (the arguments of a tool call).

    `asker` is whose `my jobs` are; None where nobody asks. `task` is what it is part of.
    """

    text: str
    subjects: Sequence[NodeId] = ()
    asker: NodeId | None = None
    task: NodeId | None = None


@dataclass(frozen=True)
class PackedFact:
    """One line of a pack. `why` says what led to it: named in the question, near to a node, a match of its text."""

    id: str
    text: str
    source: str
    age_s: float
    label: Label
    score: float
    tokens: int
    why: str


@dataclass(frozen=True)
class ContextPack:
    """`text` is what the model is sent, at most `budget` tokens; `cut` are the best facts that had no room, best first.

    The same model, question, clearance, budget and time give the same bytes.
    """

    text: str
    facts: Sequence[PackedFact]
    cut: Sequence[PackedFact]
    tokens: int
    budget: int
    label: Label
    version: int
