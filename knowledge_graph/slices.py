"""Work on very many things, a slice at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

SLICE = 1_000
"""So many things are looked at before others may have the model: some milliseconds."""


def slices(things: Sequence[T], length: int = SLICE) -> Iterator[Sequence[T]]:
    return (things[start : start + length] for start in range(0, len(things), length))
