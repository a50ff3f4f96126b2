"""Ended jobs in the database: found by time, owner and name, in pages, and bounded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ink_core.clock import ManualClock
from ink_core.compute.history import HistoryQuery, JobHistory
from ink_core.compute.model import Job, JobState
from ink_core.db import Database
from tests.doubles.empty_database import empty_database

pytestmark = pytest.mark.requirement("CORE-JOBS-14")
START = datetime(2026, 1, 1, tzinfo=UTC)


def ended(number: int, **changes: Any) -> Job:
    plain: dict[str, Any] = {
        "cluster": "c",
        "job_id": f"{number}.0",
        "owner": "alice" if number % 2 else "bob",
        "name": "Fit_mass" if number % 3 else "scan",
        "state": JobState.COMPLETED,
        "command": "/bin/true",
        "ended_at": START + timedelta(hours=number),
    }
    return Job(**{**plain, **changes})


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = empty_database(f"sqlite:///{tmp_path / 'ink.db'}")
    yield opened
    opened.close()


@pytest.fixture
def history(database: Database) -> JobHistory:
    made = JobHistory(database, ManualClock(START + timedelta(days=2)))
    made.record([ended(number) for number in range(24)])
    return made


@pytest.mark.requirement("CORE-JOBS-17")
async def test_the_jobs_of_a_dag_are_found_together(history: JobHistory) -> None:
    of_dag = [ended(number, owner="alice", dag="dag-1", dag_node=f"n{number}") for number in (30, 31)]
    history.record([*of_dag, ended(32, owner="alice", dag="dag-2")])
    for reader in ("alice", "carol"):
        assert {job.dag_node for job in await history.of_dag("c", "dag-1", reader)} == {"n30", "n31"}
    assert await history.of_dag("elsewhere", "dag-1", "alice") == []
    long = f"7@{'schedd' * 20}"
    history.record([ended(34, owner="alice", dag=long)])
    assert [job.job_id for job in await history.of_dag("c", long, "alice")] == ["34.0"]


@pytest.mark.requirement("CORE-JOBS-17")
async def test_jobs_of_others_that_claim_a_dag_do_not_crowd_out_ones_own(
    history: JobHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ink_core.compute.history.MAX_JOBS_OF_DAG", 3)
    history.record([ended(number, owner="bob", dag="7") for number in range(30, 33)])
    history.record([ended(33, owner="alice", dag="7")])
    assert [job.job_id for job in await history.of_dag("c", "7", "alice")] == ["33.0"]


async def found(history: JobHistory, **asked: Any) -> list[str]:
    return [job.job_id for job in await history.find(HistoryQuery(**{"owner": "alice", "limit": 100, **asked}))]


async def test_ones_own_are_found_the_latest_first(history: JobHistory) -> None:
    assert await found(history) == [f"{number}.0" for number in range(23, 0, -2)]
    assert len(await found(history, owner="*")) == 24


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({"since": START + timedelta(hours=20)}, [21, 23]),
        ({"until": START + timedelta(hours=3)}, [1]),
        ({"name": "SCAN"}, [3, 9, 15, 21]),
        ({"name": "fit_", "since": START + timedelta(hours=22)}, [23]),
        ({"name": "%"}, []),
        ({"cluster": "elsewhere"}, []),
        ({"states": frozenset({JobState.FAILED})}, []),
    ],
)
async def test_time_name_state_and_cluster_narrow_it(
    history: JobHistory, asked: dict[str, Any], numbers: list[int]
) -> None:
    assert await found(history, **asked) == [f"{number}.0" for number in reversed(numbers)]


async def test_pages_join_without_a_gap_or_a_double_also_at_one_moment(history: JobHistory) -> None:
    history.record([ended(number, ended_at=START, cluster=f"c{number % 2}") for number in range(100, 110)])
    seen: list[tuple[str, str]] = []
    after = None
    while True:
        page = await history.find(HistoryQuery(owner="*", after=after, limit=7))
        seen += [(job.cluster, job.job_id) for job in page[:7]]
        if len(page) <= 7:
            break
        last = page[6]
        assert last.ended_at is not None
        after = (last.ended_at, last.cluster, last.job_id)
    assert len(seen) == len(set(seen)) == 34


async def test_a_job_that_ended_again_is_kept_once_with_its_latest_end(history: JobHistory) -> None:
    again = ended(23, state=JobState.FAILED, exit_code=1)
    history.record([again])
    assert await history.job("c", "23.0") == again
    assert len(await found(history, owner="*")) == 24
    assert await history.job("c", "23") == again
    assert await history.job("c", "99.0") is None


async def test_what_is_too_old_or_too_much_leaves(database: Database) -> None:
    history = JobHistory(database, ManualClock(START + timedelta(days=2)), kept_jobs=3)
    history.record([ended(number) for number in range(5)])
    assert await found(history, owner="*") == ["4.0", "3.0", "2.0"]
    late = JobHistory(database, ManualClock(START + timedelta(days=402)))
    late.record([ended(9, ended_at=START + timedelta(days=401))])
    assert await found(late, owner="*") == ["9.0"]
