"""The global model: four layers of facts over one graph, kept by those who say them. In memory; see `store` for disk.

Not for several threads at once: whoever runs it gives it one (`manager.knowledge`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

import structlog

from knowledge_graph.bounds import MAX_FACT_ID_CHARACTERS, MAX_FACTS, check_observation, problem_of
from knowledge_graph.changes import Change, Observation, Said, Unsaid
from knowledge_graph.facts import Fact, NodeId, NodeKind
from knowledge_graph.kept import KeptFacts
from knowledge_graph.reading import Listener
from knowledge_graph.renewals import Renewals, same
from knowledge_graph.replay import recover
from knowledge_graph.sharing import Sharing
from knowledge_graph.slices import slices

log = structlog.get_logger()


class GlobalModel:
    """Implements `ReadableModel`.

    Facts that it cannot keep, malformed ones and those beyond `most_facts`, are left out and counted in `refused`.
    Sources that contradict each other are both kept; one source that does so is believed in what it said last.
    """

    def __init__(self, *, most_facts: int = MAX_FACTS) -> None:
        self.most_facts = most_facts
        self._kept = KeptFacts()
        self._graph = self._kept.graph
        self._listeners: list[Listener] = []
        self._refused = Counter[str]()

    @property
    def version(self) -> int:
        return self._kept.version

    @property
    def refused(self) -> Mapping[str, int]:
        """How many facts were left out, by reason."""
        return self._refused

    @property
    def fact_count(self) -> int:
        return self._graph.fact_count

    def __contains__(self, node: NodeId) -> bool:
        return node in self._graph

    def facts(self, node: NodeId, now: datetime) -> Sequence[Fact]:
        if node not in self._graph:
            return ()
        return sorted((fact for fact in self._graph.facts(node) if holds(fact, now)), key=_id)

    def neighbours(self, node: NodeId) -> Sequence[NodeId]:
        return self._kept.neighbourhoods.of(node)

    def degree(self, node: NodeId) -> int:
        return self._graph.degree(node) if node in self._graph else 0

    def edges(self, node: NodeId, other: NodeId, now: datetime) -> Sequence[Fact]:
        found = [fact for fact in self._graph.edges(node, other) if holds(fact, now)]
        if node != other:
            found += [fact for fact in self._graph.edges(other, node) if holds(fact, now)]
        return sorted(found, key=_id) if len(found) > 1 else found

    def nodes(self, kind: NodeKind) -> Collection[NodeId]:
        return self._graph.nodes(kind)

    def all_facts(self, now: datetime) -> Iterator[Fact]:
        return chain.from_iterable(self.snapshot(now))

    def snapshot(self, now: datetime) -> Iterator[Sequence[Fact]]:
        """All facts in slices, between which others may change the model: each fact as it is when its turn comes."""
        nodes = [node for kind in NodeKind for node in self._graph.nodes(kind)]
        for part in slices(nodes):
            yield [fact for fact in self._kept.facts(part) if holds(fact, now)]

    def recover(self, saved: Iterable[Sequence[Change]]) -> None:
        """For an empty model: the saved changes of one. When reading them raises, it has those before that."""
        recover(self._kept, saved)

    def seen_at(self, fact: Fact) -> datetime:
        return self._kept.sources.seen_at(fact)

    def fact(self, fact_id: str) -> Fact | None:
        if len(fact_id) > MAX_FACT_ID_CHARACTERS:
            return None
        for border in (place for place, character in enumerate(fact_id) if character in ". "):
            if (node := fact_id[:border]) in self._graph:
                found = next((fact for fact in self._graph.facts(node) if fact.id == fact_id), None)
                if found is not None:
                    return found
        return None

    def listening(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def observe(self, observation: Observation) -> Sequence[Change]:
        """All that one source says now. What it says again with other times only is one `Renewed`, not a change each.

        Raises `BadInput` where a fact is of another source.
        """
        return [*chain.from_iterable(self.observing(observation))]

    def observing(self, observation: Observation) -> Iterator[Sequence[Change]]:
        """`observe` in slices, between which others may read the model."""
        check_observation(observation)
        sharing, renewals = Sharing(), Renewals()
        for part in slices(observation.facts):
            yield self._tell([*self._say(part, sharing, renewals)])
        for part in slices(tuple(self._kept.sources.subjects(observation.source))):
            stale = (fact for fact in self._kept.said_by(observation.source, part) if not sharing.marks(fact))
            yield self._tell([*map(self._drop, tuple(stale))])
        yield self._tell([*renewals.changes()])

    def change(self, said: Iterable[Fact] = (), unsaid: Iterable[str] = ()) -> Sequence[Change]:
        """Some facts of any sources, and ids of facts that no longer hold; an unknown id is no change."""
        gone = [self._drop(fact) for fact_id in unsaid if (fact := self.fact(fact_id)) is not None]
        return self._tell([*gone, *self._say(said, Sharing())])

    def confirm(self, source: str, at: datetime) -> None:
        """Whatever the source has said and not unsaid still held at that time."""
        self._kept.confirm(source, at)

    def expire(self, now: datetime) -> Sequence[Change]:
        """Unsays what has expired."""
        return [*chain.from_iterable(self.expiring(now))]

    def expiring(self, now: datetime) -> Iterator[Sequence[Change]]:
        """`expire` in slices, between which others may use the model."""
        for source in self._kept.sources.take_due(now):
            for part in slices(tuple(self._kept.sources.subjects(source))):
                facts = tuple(self._kept.said_by(source, part))
                for fact in facts:
                    self._kept.sources.expects(fact)
                yield self._tell([self._drop(fact) for fact in facts if not holds(fact, now)])

    def _say(self, facts: Iterable[Fact], sharing: Sharing, renewals: Renewals | None = None) -> Iterator[Change]:
        """The changes; with `renewals`, facts of which only the times changed go there instead."""
        for fact in facts:
            if not self._has_room_for(fact):
                continue
            shared = sharing.shared(fact)
            before = self._kept.put(shared)
            if before is not None and same(before, shared):
                again = before.origin == shared.origin or (renewals is not None and renewals.take(before, shared))
                if again:
                    continue
            yield Said(shared)

    def _has_room_for(self, fact: Fact) -> bool:
        reason = problem_of(fact)
        if not reason and self._graph.fact_count >= self.most_facts and self._graph.held(fact) is None:
            reason = "the model is full"
        if reason:
            self._refused[reason] += 1
        return not reason

    def _drop(self, fact: Fact) -> Unsaid:
        self._kept.drop(fact)
        return Unsaid(fact)

    def _tell(self, changes: Sequence[Change]) -> Sequence[Change]:
        for listener in self._listeners if changes else ():
            try:
                listener(changes)
            except Exception:  # one view that breaks must not keep the changes from the others
                log.exception("knowledge_listener_broke", changes=len(changes))
        return changes


def holds(fact: Fact, now: datetime) -> bool:
    expires_at = fact.origin.expires_at
    return expires_at is None or expires_at > now


def _id(fact: Fact) -> str:
    return fact.id
