"""What comes together is begun one by one, and a short answer is given in between."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import JsonValue
from starlette.types import Receive, Scope, Send

from ink_core.agents import AccessPoint, Answer, InProcessAgents
from ink_core.api.one_by_one import OneByOne
from ink_core.api.request_rate import UNLIMITED
from ink_core.offload import SOME, offload
from ink_core.storage.user_files import Part, UserFiles

MANY = 20


class Begun:
    """An application that notes what was begun, without waiting for anything."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.paths.append(scope["path"])


async def nothing(*_: Any) -> Any:
    raise AssertionError("nobody reads or sends here")


def request(app: OneByOne, path: str) -> asyncio.Task[None]:
    return asyncio.create_task(app({"type": "http", "path": path}, nothing, nothing))


LISTS = [f"/list/{number}" for number in range(MANY)]


@pytest.mark.requirement("CORE-HEALTH-02")
@pytest.mark.parametrize("path", sorted(UNLIMITED))
async def test_a_short_answer_waits_for_one_of_many_that_came_before_it(path: str) -> None:
    begun = Begun()
    app = OneByOne(begun)
    lists = [request(app, each) for each in LISTS]
    await request(app, path)
    assert begun.paths == [LISTS[0], path]
    await asyncio.gather(*lists)
    assert begun.paths == [LISTS[0], path, *LISTS[1:]]


async def test_between_two_that_are_begun_the_loop_turns() -> None:
    begun = Begun()
    app = OneByOne(begun)
    lists = asyncio.gather(*(request(app, each) for each in LISTS))
    before = 0
    while not lists.done():
        await asyncio.sleep(0)
        assert len(begun.paths) - before <= 1
        before = len(begun.paths)
    assert begun.paths == LISTS


async def test_one_that_comes_alone_is_begun_at_once() -> None:
    begun = Begun()
    app = OneByOne(begun)
    for path in LISTS[:3]:
        app_call = app({"type": "http", "path": path}, nothing, nothing)
        with pytest.raises(StopIteration):
            app_call.send(None)
        await asyncio.sleep(0)
    assert begun.paths == LISTS[:3]


async def test_one_that_was_given_up_while_it_waited_holds_up_nobody() -> None:
    begun = Begun()
    app = OneByOne(begun)
    first, gone, last = (request(app, path) for path in LISTS[:3])
    await first
    gone.cancel()
    await last
    assert begun.paths == [LISTS[0], LISTS[2]]


@pytest.mark.requirement("CORE-HEALTH-02")
async def test_work_that_a_list_lines_up_for_and_one_that_begins_have_a_turn_each() -> None:
    begun = Begun()
    app = OneByOne(begun)
    both = asyncio.gather(offload(lambda: begun.paths.append("work"), SOME + 1), request(app, "/list"))
    before = 0
    while not both.done():
        await asyncio.sleep(0)
        assert len(begun.paths) - before <= 1
        before = len(begun.paths)
    assert begun.paths == ["/list", "work"]


@pytest.mark.requirement("CORE-HEALTH-02")
async def test_pieces_of_downloads_stand_in_line_with_lists() -> None:
    begun = Begun()
    app = OneByOne(begun)

    async def pull(method: str, arguments: Mapping[str, JsonValue]) -> Answer:
        return Answer({"path": "large", "size": 4, "offset": 0, "modified": 0.0, "version": "1"}, b"some")

    files = UserFiles(InProcessAgents({AccessPoint("alice"): pull}))

    async def download() -> None:
        async for piece in files.stream("alice", Part("large", 0, 4, "1")):
            begun.paths.append(piece.decode())

    everything = asyncio.gather(*(download() for _ in range(3)), *(request(app, each) for each in LISTS[:3]))
    before = 0
    while not everything.done():
        await asyncio.sleep(0)
        assert len(begun.paths) - before <= 1
        before = len(begun.paths)
    assert sorted(begun.paths) == sorted([*LISTS[:3], *["some"] * 3])
