"""The model from what was saved of it: changes in their order, of which renewals cost nothing until the end."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from knowledge_graph.changes import Change, Renewed, Said, Unsaid
from knowledge_graph.facts import Fact, Origin
from knowledge_graph.kept import KeptFacts
from knowledge_graph.sharing import shared

MANY_FACTS = 100_000


def recover(kept: KeptFacts, saved: Iterable[Sequence[Change]]) -> None:
    """Whatever of `saved` could be read is there also when reading it raises."""
    replay = _Replay(kept)
    with _without_collections(kept):
        try:
            for changes in saved:
                replay.take(changes)
        finally:
            replay.finish()


@dataclass(eq=False)
class _Course:
    """The facts that carry the origin `first` by now have the origin `now`."""

    first: Origin
    now: Origin


class _Replay:
    """Renewals are what a log has most of, and each is of all facts of a source: so facts get their times once."""

    def __init__(self, kept: KeptFacts) -> None:
        self._kept = kept
        self._by_origin: dict[Origin, list[_Course]] = {}
        self._by_first: dict[int, _Course] = {}

    def take(self, changes: Sequence[Change]) -> None:
        # By identity: an origin is long to hash, and many facts of an entry share it.
        firsts: dict[int, Origin] = {}
        for change in changes:
            if isinstance(change, Said):
                origin = change.fact.origin
                first = firsts.get(id(origin)) or firsts.setdefault(id(origin), self._first(origin))
                self._kept.put(shared(change.fact, first))
            elif isinstance(change, Unsaid):
                self._drop(change.fact)
            else:
                self._renew(change)
                firsts.clear()

    def finish(self) -> None:
        for source in {course.now.source for course in self._by_first.values() if course.now is not course.first}:
            for fact in tuple(self._kept.said_by(source, tuple(self._kept.sources.subjects(source)))):
                now = self._by_first[id(fact.origin)].now
                if now is not fact.origin:
                    self._kept.put(shared(fact, now))

    def _first(self, origin: Origin) -> Origin:
        courses = self._by_origin.setdefault(origin, [])
        if not courses:
            # An origin of its own, so that these facts are not taken for those that had an equal one before.
            first = replace(origin)
            courses.append(_Course(first, first))
            self._by_first[id(first)] = courses[0]
        return courses[0].first

    def _drop(self, fact: Fact) -> None:
        held = self._kept.graph.held(fact)
        if held is not None:
            self._kept.drop(held)

    def _renew(self, change: Renewed) -> None:
        moved = self._by_origin.pop(change.before, [])
        for course in moved:
            course.now = change.after
        self._by_origin.setdefault(change.after, []).extend(moved)


@contextmanager
def _without_collections(kept: KeptFacts) -> Generator[None]:
    """While very many objects are made that all stay, looking for garbage among them takes half of the time.

    Many facts are then left out of later collections, each of which would hold up everybody for half a second.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if kept.graph.fact_count >= MANY_FACTS:
            gc.freeze()
        if enabled:
            gc.enable()
