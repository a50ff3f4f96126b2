"""Named tuples made by the thousand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

Row = TypeVar("Row", bound=tuple[Any, ...])


def row_maker(kind: type[Row]) -> Callable[[tuple[Any, ...]], Row]:
    """What `_make` of a named tuple does, without a frame for each row. Of the tuple's length nothing is checked."""
    return partial(tuple[Any].__new__, kind)
