"""What is kept of the use of directories: a row a day, of the one who asked, for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ink_core.clock import ManualClock
from ink_core.db import Database
from ink_core.errors import BadInput
from ink_core.storage import disk_history
from ink_core.storage.disk_history import KEPT_FOR, LONGEST_PATH, DiskHistory
from tests.doubles.empty_database import empty_database
from worker_agent.protocol import DiskUsage

pytestmark = pytest.mark.requirement("CORE-V2-11")
START = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAY_S = 86_400.0


def usage(used: int, path: str = "data") -> DiskUsage:
    return DiskUsage(
        path=path, filesystem_total=1000, filesystem_free=1000 - used, used_by_tree=used, entries=3, complete=True
    )


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def history(tmp_path: Path, clock: ManualClock) -> Iterator[DiskHistory]:
    with closing(empty_database(f"sqlite:///{tmp_path}/ink.db")) as database:
        yield DiskHistory(database, clock)


async def used(history: DiskHistory, user: str = "alice", days: int = 1000) -> list[tuple[str, int]]:
    found = await history.days(user, "data", START, START + timedelta(days=days))
    return [(f"{row.day:%m-%d}", row.used) for row in found]


async def test_of_each_day_the_last_word_is_kept_for_its_user_alone(history: DiskHistory, clock: ManualClock) -> None:
    for megabytes in (1, 2):
        await history.record("alice", usage(megabytes))
    await history.record("alice", usage(7, "elsewhere"))
    await history.record("bob", usage(9))
    clock.advance(2 * DAY_S)
    await history.record("alice", usage(5))
    assert await used(history) == [("01-01", 2), ("01-03", 5)]
    assert await used(history, days=1) == [("01-01", 2)]
    assert await used(history, "bob") == [("01-01", 9)]


async def test_what_is_old_leaves_and_a_user_has_so_many_of_the_latest_rows(
    history: DiskHistory, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk_history, "MOST_ROWS", 2)
    await history.record("alice", usage(1))
    clock.advance(DAY_S)
    for used_now in (2, 3):
        await history.record("alice", usage(used_now))
    clock.advance(DAY_S)
    await history.record("alice", usage(4))
    assert await used(history) == [("01-02", 3), ("01-03", 4)]
    clock.advance(KEPT_FOR.total_seconds() + DAY_S)
    await history.record("alice", usage(5))
    assert await used(history) == [("02-08", 5)]


async def test_of_a_path_that_no_key_holds_it_is_said_that_nothing_is_kept(history: DiskHistory) -> None:
    await history.record("alice", usage(1, "x" * (LONGEST_PATH + 1)))
    with pytest.raises(BadInput, match="at most 512 characters"):
        await history.days("alice", "x" * (LONGEST_PATH + 1), START, START)


async def test_the_same_question_from_several_pages_at_once_is_kept_once(postgresql_url: str) -> None:
    with closing(Database(postgresql_url)) as database:
        database.migrate()
        history = DiskHistory(database, ManualClock(START))
        await asyncio.gather(*(history.record("alice", usage(5)) for _ in range(8)))
        assert await used(history) == [("01-01", 5)]
