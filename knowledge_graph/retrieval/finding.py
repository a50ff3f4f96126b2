"""From a question to the nodes that it is about: what it names, what its words find, and what is near to those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from knowledge_graph.changes import Change, Said, Unsaid
from knowledge_graph.context.pack import Question
from knowledge_graph.facts import NodeId
from knowledge_graph.reading import ReadableModel
from knowledge_graph.retrieval.asking import Asked, asked
from knowledge_graph.retrieval.fusing import fuse
from knowledge_graph.retrieval.linking import linked
from knowledge_graph.retrieval.names import Names
from knowledge_graph.retrieval.notable import Notable
from knowledge_graph.retrieval.text_index import TextIndex
from knowledge_graph.retrieval.walk import Nearness, Walk
from knowledge_graph.view import View

MOST_HITS = 12

_NAMED = 4.0
_ASKER = 2.0
_TEXT = 1.0
_SICK = 0.5


@dataclass(frozen=True)
class Found:
    """`seeds` are where the walk began, with what led there; `near` has each node's share of the question."""

    asked: Asked
    seeds: dict[NodeId, str]
    near: Nearness


class Retrieval:
    """Follows a model: indexes what it says now and from now on. Not for several threads at once, as the model."""

    def __init__(self, model: ReadableModel, now: datetime) -> None:
        self.model = model
        self._names = Names()
        self._notable = Notable()
        self._texts = TextIndex()
        self.hear([Said(fact) for fact in model.all_facts(now)])
        self._texts.settle()
        model.listening(self.hear)

    def hear(self, changes: Sequence[Change]) -> None:
        for change in changes:
            match change:
                case Said(fact):
                    self._names.said(fact)
                    self._notable.said(fact)
                    self._texts.said(fact)
                case Unsaid(fact):
                    self._notable.unsaid(fact)
                    self._texts.unsaid(fact)
                case _:
                    pass  # only times are others

    def settle(self) -> None:
        """Do now what the next question would have to wait for."""
        self._texts.settle()

    def find(self, question: Question, view: View) -> Found:
        wanted = asked(question.text)
        rankings = self._rankings(question, wanted, view)
        seeds = fuse((weight, nodes) for _, weight, nodes in rankings)
        why: dict[NodeId, str] = {}
        for reason, _, nodes in rankings:
            for node in nodes:
                why.setdefault(node, reason)
        return Found(wanted, why, Walk(view, self._notable, wanted, seeds).run())

    def _rankings(self, question: Question, wanted: Asked, view: View) -> Sequence[tuple[str, float, Sequence[NodeId]]]:
        subjects = [node for node in question.subjects if view.knows(node)]
        named = linked(question.text, self._names, view)
        asker = [question.asker] if question.asker and wanted.mine and view.knows(question.asker) else []
        open_texts, kept_texts = self._texts.search(question.text, view, MOST_HITS)
        sick = self._notable.worst(view, MOST_HITS) if wanted.health else []
        return (
            ("subject of the decision", _NAMED, subjects),
            ("named in the question", _NAMED, named),
            ("who asks", _ASKER, asker),
            ("its text matches", _TEXT, open_texts),
            ("its text matches", _TEXT, [node for node in kept_texts if view.knows(node)]),
            ("among the worst now", _SICK, sick),
        )
