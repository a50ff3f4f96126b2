"""Work on many things, off the event loop: one reader of a whole queue delays nobody else.

For what only reads values that nobody changes, as those of the queue mirror. Work on some things stays on the loop, in
a turn of its own, in line: a short answer that waits comes before it. Limits: a thread of the interpreter shares its
lock, so work on very many things is done piece by piece, between which the event loop comes to turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

import orjson

from ink_core.turns import line

T = TypeVar("T")
MANY = 300
"""Of so many what is looked at and written takes the event loop half a millisecond; a thread costs a tenth of one."""
SOME = 100
"""So many take a quarter of a millisecond, where a turn of the loop takes a hundredth of one."""
PIECE = 100


async def offload(work: Callable[[], T], how_many: int) -> T:
    """What `work` gives, which looks at so many things: in a thread where they are many, in its own turn for some."""
    if how_many > MANY:
        return await asyncio.to_thread(work)
    if how_many > SOME:
        await line().turn()
    return work()


def json_list(things: Sequence[T], show: Callable[[T], object]) -> orjson.Fragment:
    """A list as JSON, for `orjson` to put into a document; `show` gives what it writes of each thing."""
    return json_joined(orjson.dumps([show(one) for one in piece])[1:-1] for piece in _pieces(things))


def json_joined(parts: Iterable[bytes]) -> orjson.Fragment:
    """The list of what is written as JSON already."""
    return orjson.Fragment(b"[" + b",".join(parts) + b"]")


def _pieces(things: Sequence[T]) -> Iterator[Sequence[T]]:
    return (things[start : start + PIECE] for start in range(0, len(things), PIECE))
