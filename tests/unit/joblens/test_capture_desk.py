"""Which captures run is asked for by each batch of each node, and looked up seldom."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from joblens.captures.book import CaptureBook
from joblens.captures.capture import Capture
from joblens.captures.desk import FRESH_S, CaptureDesk
from joblens.records import JobKey
from tests.doubles.empty_database import empty_database

NOW = 1_000_000.0


class CountingBook(CaptureBook):
    looked = 0

    def active(self, now: float) -> Sequence[Capture]:
        self.looked += 1
        return super().active(now)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[CountingBook]:
    with closing(empty_database(f"sqlite:///{tmp_path}/ink.db")) as database:
        yield CountingBook(database)


def capture(name: str, until: float = NOW + 60) -> Capture:
    return Capture(name, JobKey("slurm", "7"), NOW, until, 1.0, (), "alice", "")


async def ids(desk: CaptureDesk, now: float = NOW) -> list[str]:
    return [each.id for each in await desk.active(now)]


async def test_a_thousand_nodes_at_once_are_answered_from_one_look(book: CountingBook) -> None:
    desk = CaptureDesk(book)
    await desk.begin(capture("one"))
    answers = await asyncio.gather(*(ids(desk) for _ in range(1000)))
    assert (answers, book.looked) == ([["one"]] * 1000, 1)


async def test_what_is_begun_or_ended_here_counts_at_once(book: CountingBook) -> None:
    desk = CaptureDesk(book)
    told = [await ids(desk)]
    await desk.begin(capture("one"))
    told.append(await ids(desk))
    await desk.end("one", NOW)
    told.append(await ids(desk))
    assert told == [[], ["one"], []]


async def test_what_another_manager_begins_is_seen_a_moment_later_and_what_is_over_is_not_told(
    book: CountingBook,
) -> None:
    desk, other = CaptureDesk(book), CaptureDesk(book)
    assert await ids(desk) == []
    await other.begin(capture("short", NOW + 1.5 * FRESH_S))
    assert await ids(desk, NOW + FRESH_S) == ["short"]
    assert await ids(desk, NOW + 1.5 * FRESH_S) == []
