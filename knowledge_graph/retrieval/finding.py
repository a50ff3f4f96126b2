"""From a question to the nodes that it is about: what it names, what its words find, and what is near to those."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from knowledge_graph.changes import Change, Said, Unsaid
from knowledge_graph.context.pack import Question
from knowledge_graph.facts import Attribute, Edge, Fact, NodeId, NodeKind, kind_of
from knowledge_graph.reading import ReadableModel
from knowledge_graph.retrieval.asking import Asked, asked
from knowledge_graph.retrieval.fusing import fuse
from knowledge_graph.retrieval.glossary import other_language
from knowledge_graph.retrieval.likeness import like_cases
from knowledge_graph.retrieval.linking import linked
from knowledge_graph.retrieval.names import Names
from knowledge_graph.retrieval.notable import Notable, worst
from knowledge_graph.retrieval.text_index import TextIndex
from knowledge_graph.retrieval.walk import Nearness, Walk
from knowledge_graph.view import View

MOST_HITS = 12

Ranking = tuple[str, float, Sequence[NodeId]]
"""What led to the nodes, how much it counts, and the nodes, best first."""

_NAMED = 3.0
_ASKER = 2.5
_TOLD = 1.5
_LEARNED = 2.0
_TEXT = 2.0
_BESIDE = 0.5
_TRANSLATED = 0.6
_SICK = 1.0
_OF_MANY = frozenset((NodeKind.JOB, NodeKind.NODE, NodeKind.SLOT, NodeKind.USER))
_COMPLAINING = frozenset(("reason", "state_reason", "problem", "verdict", "message"))


@dataclass(frozen=True)
class Found:
    """`named` is what the question is about by its own words, `seeds` where the walk began, with what led there.

    `near` has each node's share of the question.
    """

    asked: Asked
    named: frozenset[NodeId]
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
                    self._forget_gone(fact)
                case _:
                    pass  # only times are others

    def _forget_gone(self, fact: Fact) -> None:
        for node in (fact.subject, fact.target) if isinstance(fact, Edge) else (fact.subject,):
            if node not in self.model:
                self._names.forget(node)

    def settle(self) -> None:
        """Do now what the next question would have to wait for."""
        self._texts.settle()

    def find(self, question: Question, view: View) -> Found:
        wanted, seen = asked(question.text), self._notable.seen(view)
        named = self._named(question, wanted, view)
        in_order = [node for _, _, nodes in named for node in nodes]
        meant = frozenset(in_order)
        told = " \n".join(_complaints(named, view))
        wanted = wanted.hinted(told) if told else wanted
        rankings = (
            *named,
            (f"named in what is told of {_first(named)}", _TOLD, linked(told, self._names, view)),
            ("learned from a like case", _LEARNED, like_cases(in_order, seen, view)),
            ("found out in the same task", _LEARNED, _of_task(question.task, view)),
            *self._matching(question.text, meant, view),
            ("among the worst now", _SICK, worst(seen, MOST_HITS) if wanted.trouble and not meant else ()),
        )
        seeds = fuse((weight, nodes) for _, weight, nodes in rankings)
        why = {node: reason for reason, _, nodes in reversed(rankings) for node in nodes}
        return Found(wanted, meant, why, Walk(view, seen, wanted, meant, seeds).run())

    def _named(self, question: Question, wanted: Asked, view: View) -> tuple[Ranking, ...]:
        subjects = [node for node in question.subjects if view.knows(node)]
        asker = [question.asker] if question.asker and wanted.mine and view.knows(question.asker) else []
        return (
            *(("subject of the decision", _NAMED, [node]) for node in subjects),
            *(("named in the question", _NAMED, [node]) for node in linked(question.text, self._names, view)),
            ("who asks", _ASKER, asker),
        )

    def _matching(self, text: str, meant: Collection[NodeId], view: View) -> tuple[Ranking, ...]:
        """Texts matter less where the question is about one thing of many, whose own facts say more."""
        weight = _BESIDE if any(kind_of(node) in _OF_MANY for node in meant) else _TEXT
        for_all, for_some = self._texts.search(text, view, MOST_HITS)
        in_other, _ = self._texts.search(" ".join(other_language(text)), view, MOST_HITS)
        return (
            ("its text matches", weight, for_all),
            ("its text matches in the other language", weight * _TRANSLATED, in_other),
            ("its text matches", weight, [node for node in for_some if view.knows(node)]),
        )


def _complaints(rankings: Iterable[Ranking], view: View) -> Iterator[str]:
    """What those who keep the named nodes say of their trouble: there the cause is named, if anywhere."""
    for _, _, nodes in rankings:
        for node in nodes:
            for fact in view.facts(node):
                if isinstance(fact, Attribute) and fact.name in _COMPLAINING:
                    yield str(fact.value)


def _of_task(task: NodeId | None, view: View) -> Sequence[NodeId]:
    """What is known of itself, and what its members know of it, the newest first."""
    if task is None or not view.knows(task):
        return ()
    edges = {node: view.edges(task, node) for node in view.neighbours(task)}
    newest = sorted(edges, key=lambda node: (max(edge.origin.observed_at for edge in edges[node]), node), reverse=True)
    return [task, *newest][:MOST_HITS]


def _first(rankings: Iterable[Ranking]) -> NodeId:
    return next((node for _, _, nodes in rankings for node in nodes), "")
