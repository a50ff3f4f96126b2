"""The turns of a conversation as a tree, and the path through it that is gone on with. Pure.

A turn begins under the last one of the path. Going back to an earlier turn leaves what came after it where it is: it
can be looked at, and gone back to. Numbers of turns always rise, so that no call id is ever used twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

BEGINNING = 0
"""Stands for the turn before the first one."""


@dataclass(frozen=True)
class Paths:
    """`parents`: the turn before each turn. `head`: the last turn of the path."""

    parents: Mapping[int, int] = field(default_factory=dict[int, int])
    head: int = BEGINNING

    def grown(self, turn: int) -> Paths:
        """A new turn at the end of the path."""
        return Paths({**self.parents, turn: self.head}, turn)

    def moved(self, turn: int) -> Paths:
        """The path that ends with this turn."""
        return replace(self, head=turn)

    def knows(self, turn: int) -> bool:
        return turn == BEGINNING or turn in self.parents

    @property
    def path(self) -> frozenset[int]:
        """The turns on it."""
        found, turn = set[int](), self.head
        while turn != BEGINNING:
            found.add(turn)
            turn = self.parents[turn]
        return frozenset(found)
