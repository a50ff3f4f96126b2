"""What the mirror sees between two polls: jobs that something was done to, or that something happened to."""

from __future__ import annotations

import asyncio
import threading

import pytest

from ink_core.clock import ManualClock
from ink_core.compute import cluster_view
from ink_core.compute.cluster_view import MOST_FAMILIES, MirroredCluster
from ink_core.compute.mirror import QueueMirror
from ink_core.compute.model import JobState, Submitted
from ink_core.errors import JobNotFound, SchedulerDown
from tests.unit.compute.scripted_reader import ScriptedReader, job, mirror, reader

__all__ = ["mirror", "reader"]


@pytest.mark.requirement("CORE-JOBS-11")
@pytest.mark.requirement("CORE-JOBS-23")
async def test_what_was_done_to_a_job_shows_without_a_question_about_all_jobs(
    mirror: QueueMirror, reader: ScriptedReader
) -> None:
    reader.jobs = tuple(job(f"{number}.0") for number in range(50))
    await mirror.refresh("c")
    mirror.note_submitted(Submitted(cluster="c", job_ids=("50.0",)))
    reader.jobs = (job("0.0", JobState.HOLDING), *reader.jobs[1:], job("50.0", JobState.QUEUEING))
    await mirror.look("c", ["0.0", "50.0"])
    assert [mirror.job("c", one).state for one in ("0.0", "50.0")] == [JobState.HOLDING, JobState.QUEUEING]
    assert mirror.index("c").counts["alice"] == {"RUNNING": 49, "HOLDING": 1, "QUEUEING": 1}
    assert {one.change.job.job_id for one in mirror.feed("c").since(0, "alice")} == {"0.0", "50.0"}
    assert (reader.polls, reader.looked_at) == (1, [("0.0", "50.0")])
    await mirror.look("elsewhere", ["1.0"])


@pytest.mark.requirement("CORE-JOBS-23")
async def test_a_job_that_should_be_there_and_is_not_told_of_is_looked_for_among_all(
    mirror: QueueMirror, reader: ScriptedReader
) -> None:
    reader.jobs = (job("1.0"), job("2.0"))
    await mirror.refresh("c")
    reader.jobs = (job("2.0"),)
    await mirror.look("c", ["1.0"])
    assert reader.polls == 2
    with pytest.raises(JobNotFound):
        mirror.job("c", "1.0")


@pytest.mark.requirement("CORE-JOBS-23")
async def test_a_look_that_fails_is_a_poll_and_a_poll_that_fails_is_told(
    mirror: QueueMirror, reader: ScriptedReader
) -> None:
    reader.jobs = (job("1.0"),)
    await mirror.refresh("c")
    reader.error = SchedulerDown("the schedd is down")
    await mirror.look("c", ["1.0"])
    assert mirror.problems() == {"c": "the schedd is down"}
    assert mirror.job("c", "1.0").state is JobState.RUNNING


@pytest.mark.requirement("CORE-JOBS-23")
async def test_very_many_jobs_are_seen_in_one_poll(mirror: QueueMirror, reader: ScriptedReader) -> None:
    await mirror.refresh("c")
    reader.jobs = tuple(job(f"{number}.0") for number in range(MOST_FAMILIES + 1))
    await mirror.look("c", [one.job_id for one in reader.jobs])
    assert (reader.polls, reader.looked_at) == (2, [])
    assert len(mirror.snapshot("c").jobs) == MOST_FAMILIES + 1


async def test_those_who_look_meanwhile_share_the_next_look(mirror: QueueMirror, reader: ScriptedReader) -> None:
    reader.jobs = tuple(job(f"{number}.0") for number in range(5))
    await mirror.refresh("c")
    reader.gate.clear()
    first = asyncio.create_task(mirror.look("c", ["0.0"]))
    while not reader.looked_at:
        await asyncio.sleep(0)
    others = [asyncio.create_task(mirror.look("c", [f"{number}.0"])) for number in range(1, 5)]
    await asyncio.sleep(0)
    reader.gate.set()
    await asyncio.gather(first, *others)
    assert reader.looked_at == [("0.0",), ("1.0", "2.0", "3.0", "4.0")]


@pytest.mark.requirement("CORE-JOBS-08")
async def test_ids_that_nobody_has_cost_no_poll_and_few_looks(mirror: QueueMirror, reader: ScriptedReader) -> None:
    await mirror.refresh("c")
    reader.jobs = (job("7.0"),)
    await mirror.look_for("c", ["7.0"])
    assert mirror.job("c", "7.0").job_id == "7.0"
    searches = [asyncio.create_task(mirror.look_for("c", [f"{number}.1"])) for number in range(200)]
    await asyncio.gather(*searches)
    assert reader.polls == 1
    assert len(reader.looked_at) == 2 and len(reader.looked_at[1]) == MOST_FAMILIES
    await mirror.look_for("elsewhere", ["1.0"])


@pytest.mark.requirement("CORE-JOBS-25")
async def test_between_two_polls_jobs_that_something_happened_to_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_view, "EVENTS_EVERY_S", 0.01)
    reader, told = ScriptedReader(ManualClock(), jobs=(job("1.0"), job("2.0"))), list[tuple[str, ...]]()
    cluster = MirroredCluster(reader, poll_interval_s=3600, touched=lambda: told.pop() if told else ())
    mirror = QueueMirror([cluster], reader.clock)
    mirror.start()
    async with asyncio.timeout(100):
        while mirror.status("c").observed_at is None:
            await asyncio.sleep(0.01)
        reader.jobs = (job("1.0"), job("2.0", JobState.COMPLETED))
        told.append(tuple(f"{number}.0" for number in range(100, 200)))
        told.append(("2.0",))
        while told or mirror.job("c", "2.0").state is not JobState.COMPLETED:
            await asyncio.sleep(0.01)
    await mirror.close()
    assert (reader.polls, reader.looked_at) == (1, [("2.0",)])


@pytest.mark.requirement("CORE-JOBS-25")
async def test_news_that_hang_or_break_keep_nobody_from_polling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_view, "EVENTS_EVERY_S", 0.01)
    reader, begun, released = ScriptedReader(ManualClock()), threading.Event(), threading.Event()

    def touched() -> tuple[str, ...]:
        begun.set()
        released.wait(100)
        raise RuntimeError("the log is broken")

    cluster = MirroredCluster(reader, poll_interval_s=0.05, deadline_s=0.05, touched=touched)
    mirror = QueueMirror([cluster], reader.clock)
    mirror.start()
    try:
        for release in (False, True):
            if release:
                released.set()
            polls = reader.polls
            async with asyncio.timeout(100):
                while not begun.is_set() or reader.polls < polls + 3:
                    await asyncio.sleep(0.01)
    finally:
        released.set()
        await mirror.close()
