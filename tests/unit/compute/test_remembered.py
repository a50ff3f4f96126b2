"""Many who ask at once cost one question; an error reaches all of them, and the next one asks again."""

from __future__ import annotations

import asyncio

from ink_core.clock import ManualClock
from ink_core.compute.remembered import Remembered
from ink_core.errors import SchedulerDown


class Scheduler:
    def __init__(self) -> None:
        self.asked = 0
        self.down = False
        self.answers = asyncio.Event()

    async def ask(self) -> int:
        self.asked += 1
        await self.answers.wait()
        if self.down:
            raise SchedulerDown("it does not answer")
        return self.asked


async def test_who_asks_meanwhile_shares_the_answer_though_the_first_one_leaves() -> None:
    clock, scheduler = ManualClock(), Scheduler()
    remembered = Remembered[int](clock, 10)
    asking = [asyncio.create_task(remembered.get("", scheduler.ask)) for _ in range(5)]
    await asyncio.sleep(0)
    asking[0].cancel()
    scheduler.answers.set()
    assert await asyncio.gather(*asking[1:]) == [1, 1, 1, 1]
    clock.advance(9)
    assert await remembered.get("", scheduler.ask) == 1
    clock.advance(2)
    assert await remembered.get("", scheduler.ask) == 2


async def test_an_error_reaches_all_who_wait_and_is_not_kept() -> None:
    scheduler = Scheduler()
    scheduler.down = True
    remembered = Remembered[int](ManualClock(), 10)
    asking = [asyncio.create_task(remembered.get("", scheduler.ask)) for _ in range(3)]
    await asyncio.sleep(0)
    scheduler.answers.set()
    answers = await asyncio.gather(*asking, return_exceptions=True)
    assert [type(answer) for answer in answers] == [SchedulerDown] * 3
    scheduler.down = False
    assert await remembered.get("", scheduler.ask) == 2


async def test_an_older_answer_serves_while_the_next_is_on_its_way_but_not_for_ever() -> None:
    clock, scheduler = ManualClock(), Scheduler()
    remembered = Remembered[int](clock, 10, meanwhile_s=100)
    scheduler.answers.set()
    assert await remembered.get("", scheduler.ask) == 1
    scheduler.answers.clear()
    clock.advance(50)
    assert [await remembered.get("", scheduler.ask) for _ in range(3)] == [1, 1, 1]
    clock.advance(61)
    waiting = asyncio.create_task(remembered.get("", scheduler.ask))
    await asyncio.sleep(0)
    scheduler.answers.set()
    assert await waiting == 2
    assert scheduler.asked == 2
