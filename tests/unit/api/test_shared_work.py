"""Heavy work that many ask for is done once at a time, and each gets what comes of it."""

from __future__ import annotations

import asyncio

import pytest

from ink_core.errors import Conflict
from manager.api.shared_work import SharedWork


class Checking:
    """Waits until it is let go; counts how often it was begun."""

    def __init__(self) -> None:
        self.begun, self.go = 0, asyncio.Event()

    async def check(self) -> int:
        self.begun += 1
        await self.go.wait()
        if self.begun > 1:
            raise Conflict("no more")
        return self.begun


async def test_who_asks_while_it_runs_gets_the_result_of_that_run() -> None:
    checking = Checking()
    shared = SharedWork(checking.check)
    asking = [asyncio.create_task(shared.result()) for _ in range(20)]
    await asyncio.sleep(0)
    asking[0].cancel()
    checking.go.set()
    results = await asyncio.gather(*asking, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    assert (results[1:], checking.begun) == ([1] * 19, 1)


async def test_after_it_ended_it_runs_anew_and_its_error_is_everybodys() -> None:
    checking = Checking()
    checking.go.set()
    shared = SharedWork(checking.check)
    assert await shared.result() == 1
    results = await asyncio.gather(*(shared.result() for _ in range(3)), return_exceptions=True)
    assert [str(each) for each in results] == ["no more"] * 3
    with pytest.raises(Conflict):
        await shared.result()
    assert checking.begun == 3
