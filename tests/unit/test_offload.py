"""Work on many things leaves the event loop to others, and a long list is written as a short one would be."""

from __future__ import annotations

import asyncio
import threading

import orjson
import pytest

from ink_core.offload import MANY, PIECE, SOME, json_list, offload


@pytest.mark.parametrize("length", [0, 1, PIECE, 2 * PIECE + 1])
def test_a_list_is_written_whole_and_in_order(length: int) -> None:
    document = orjson.dumps({"rows": json_list(range(length), lambda number: {"number": number}), "total": length})
    assert orjson.loads(document) == {"rows": [{"number": number} for number in range(length)], "total": length}


async def test_while_many_things_are_looked_at_others_are_served() -> None:
    served = threading.Event()

    async def other() -> None:
        served.set()

    def work() -> bool:
        return served.wait(60)

    found, _ = await asyncio.gather(offload(work, MANY + 1), other())
    assert found


async def test_few_things_are_worth_no_thread() -> None:
    assert await offload(threading.get_ident, MANY) == threading.get_ident()


@pytest.mark.parametrize(("how_many", "order"), [(SOME, ["list", "short"]), (SOME + 1, ["short", "list"])])
async def test_some_things_are_looked_at_in_a_turn_of_their_own(how_many: int, order: list[str]) -> None:
    """An answer that is ready when the list comes to its work goes first; a few things keep it waiting for less."""
    done: list[str] = []

    async def short() -> None:
        done.append("short")

    await asyncio.gather(offload(lambda: done.append("list"), how_many), short())
    assert done == order


async def test_work_of_several_lists_is_done_in_one_turn_each() -> None:
    done: list[int] = []
    lists = asyncio.gather(*(offload(lambda number=number: done.append(number), SOME + 1) for number in range(9)))
    before = 0
    while not lists.done():
        await asyncio.sleep(0)
        assert len(done) - before <= 1
        before = len(done)
    assert done == [*range(9)]
