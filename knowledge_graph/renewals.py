"""What one observation says again: the same facts of later times. One change for all of them, not one for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from knowledge_graph.changes import Renewed
from knowledge_graph.facts import Attribute, Fact, Origin


class Renewals:
    def __init__(self) -> None:
        self._after: dict[Origin, Origin] = {}
        # By identity, because an origin is long to hash; the origins are kept so that no other takes their place.
        self._judged: dict[tuple[int, int], tuple[bool, Origin, Origin]] = {}

    def take(self, before: Fact, after: Fact) -> bool:
        """Whether `after`, which says the same, differs in its times only, as all facts of its origin do."""
        old, new = before.origin, after.origin
        judged = self._judged.get((id(old), id(new)))
        if judged is None:
            judged = self._judged[id(old), id(new)] = (self._judge(old, new), old, new)
        return judged[0]

    def changes(self) -> Iterator[Renewed]:
        return (Renewed(before, after) for before, after in self._after.items() if before != after)

    def _judge(self, old: Origin, new: Origin) -> bool:
        times_only = replace(old, observed_at=new.observed_at, expires_at=new.expires_at) == new
        return times_only and self._after.setdefault(old, new) == new


def same(before: Fact, after: Fact) -> bool:
    """Whether two facts with one id say the same, wherever it is from. True is not 1."""
    if isinstance(before, Attribute) and isinstance(after, Attribute):
        return before.value == after.value and type(before.value) is type(after.value)
    return True
