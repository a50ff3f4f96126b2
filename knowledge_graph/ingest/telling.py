"""Very many values of one kind, told as they change: what is new since the last look, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Generic, TypeVar

from knowledge_graph.facts import Fact

Value = TypeVar("Value")
AGAIN_AFTER = timedelta(hours=1)
MOST_AGAIN = 500
"""How many of those that did not change are told again at one look."""


@dataclass(frozen=True)
class Update:
    """What holds from now on, and the ids of what no longer does; an id may be unknown to the model."""

    said: Sequence[Fact] = ()
    unsaid: Sequence[str] = ()

    @classmethod
    def joined(cls, updates: Iterable[Update]) -> Update:
        each = [*updates]
        return cls([*chain(*(one.said for one in each))], [*chain(*(one.unsaid for one in each))])


class Telling(Generic[Value]):
    """What was last told of each of the values, at most `most`, first come, first told. Not for two threads at once.

    A look costs one comparison per value, and facts of those that changed; of these the facts that are new are told.
    All of a value are told again `AGAIN_AFTER`: facts that expire where nobody looks do not while somebody does.
    """

    def __init__(self, facts_of: Callable[[Value, datetime], Iterable[Fact]], most: int) -> None:
        self._facts_of = facts_of
        self._most = most
        self._told: dict[str, tuple[Value, datetime]] = {}  # those told longest ago first

    def __len__(self) -> int:
        return len(self._told)

    def look(self, values: Mapping[str, Value], now: datetime) -> Update:
        """All values there are now, by a name of each."""
        left = [name for name in self._told if name not in values]
        unsaid = [self._forget(name) for name in left]
        said = [self._tell(name, value, now) for name, value in values.items() if self._is_news(name, value)]
        return Update.joined(chain(unsaid, said, [self.look_again(now)]))

    def look_again(self, now: datetime) -> Update:
        """The same where all values are as they were at the last look."""
        return Update.joined([self._tell_again(name, now) for name in self._due(now)])

    def _is_news(self, name: str, value: Value) -> bool:
        known = self._told.get(name)
        if known is None:
            return len(self._told) < self._most
        return known[0] is not value and known[0] != value

    def _tell(self, name: str, value: Value, now: datetime) -> Update:
        known = self._told.get(name)
        if known is None:
            self._told[name] = (value, now)
            return Update([*self._facts_of(value, now)])
        before, told_at = known
        self._told[name] = (value, told_at)
        was = {fact.id: fact for fact in self._facts_of(before, told_at)}
        would_be = {fact.id: fact for fact in self._facts_of(value, told_at)}  # with the times of what was told
        said = [fact for fact in self._facts_of(value, now) if was.get(fact.id) != would_be.get(fact.id)]
        return Update(said, [fact_id for fact_id in was if fact_id not in would_be])

    def _tell_again(self, name: str, now: datetime) -> Update:
        value, _ = self._told.pop(name)
        self._told[name] = (value, now)
        return Update([*self._facts_of(value, now)])

    def _due(self, now: datetime) -> Sequence[str]:
        due: list[str] = []
        for name, (_, told_at) in self._told.items():
            if told_at > now - AGAIN_AFTER or len(due) == MOST_AGAIN:
                break
            due.append(name)
        return due

    def _forget(self, name: str) -> Update:
        return Update(unsaid=[fact.id for fact in self._facts_of(*self._told.pop(name))])
