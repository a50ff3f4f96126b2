"""The model from what was saved of it: changes in their order, of which renewals cost nothing until the end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from knowledge_graph.changes import Change, Renewed, Said, Unsaid
from knowledge_graph.facts import Fact, NodeId, NodeKind, Origin
from knowledge_graph.kept import KeptFacts
from knowledge_graph.sharing import shared
from knowledge_graph.slices import slices


@dataclass(eq=False)
class _Course:
    """The facts that carry the origin `first` by now have the origin `now`."""

    first: Origin
    now: Origin


class Replay:
    """Renewals are what a log has most of, and each is of all facts of a source: so facts get their times once."""

    def __init__(self, kept: KeptFacts) -> None:
        self._kept = kept
        self._by_origin: dict[Origin, list[_Course]] = {}
        self._by_first: dict[int, _Course] = {}

    def take(self, changes: Iterable[Change]) -> None:
        for change in changes:
            match change:
                case Said(fact):
                    self._kept.put(shared(fact, self._course(fact.origin).first))
                case Unsaid(fact):
                    if (held := self._kept.graph.held(fact)) is not None:
                        self._kept.drop(held)
                case Renewed(before, after):
                    self._renew(before, after)

    def finish(self) -> None:
        nodes: list[NodeId] = [node for kind in NodeKind for node in self._kept.graph.nodes(kind)]
        for part in slices(nodes):
            for fact in tuple(self._kept.facts(part)):
                self._give_times(fact)

    def _course(self, origin: Origin) -> _Course:
        courses = self._by_origin.setdefault(origin, [])
        if not courses:
            # An origin of its own, so that these facts are not taken for those that had an equal one before.
            first = replace(origin)
            courses.append(_Course(first, first))
            self._by_first[id(first)] = courses[0]
        return courses[0]

    def _renew(self, before: Origin, after: Origin) -> None:
        moved = self._by_origin.pop(before, [])
        for course in moved:
            course.now = after
        self._by_origin.setdefault(after, []).extend(moved)

    def _give_times(self, fact: Fact) -> None:
        course = self._by_first.get(id(fact.origin))
        if course is not None and course.now is not course.first:
            self._kept.put(shared(fact, course.now))
