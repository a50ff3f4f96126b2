"""The context assembler: one function from a question or decision and its reader to the pack that answers it.

Everything is read through a `View` of what the reader may see, so a pack is a function of that, the question, the
budget and the time, byte for byte.
"""

from __future__ import annotations

from datetime import datetime
from functools import reduce

from ink_core.labels import LOWEST, Label
from knowledge_graph.clearance import Clearance
from knowledge_graph.context.pack import ContextPack, Question
from knowledge_graph.context.packing import Packing
from knowledge_graph.context.scoring import scored
from knowledge_graph.context.token_estimate import tokens
from knowledge_graph.retrieval.finding import Retrieval
from knowledge_graph.view import View


def assemble(retrieval: Retrieval, question: Question, clearance: Clearance, budget: int, now: datetime) -> ContextPack:
    """The pack for `question`, of at most `budget` tokens, as its reader may see the model at `now`."""
    view = View(retrieval.model, clearance, now)
    found = retrieval.find(question, view)
    packing = Packing(budget, found, view)
    packing.fill(scored(found, view))
    text = packing.text()
    return ContextPack(
        text=text,
        facts=tuple(packing.packed),
        cut=tuple(packing.cut),
        tokens=tokens(text) if text else 0,
        budget=budget,
        label=reduce(Label.join, (fact.label for fact in packing.packed), LOWEST),
        version=view.version,
    )
