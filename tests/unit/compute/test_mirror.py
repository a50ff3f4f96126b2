"""The queue mirror: what it shows while a scheduler answers, is slow, is down or comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from ink_core.clock import ManualClock
from ink_core.compute.cluster_view import EXPECTED_FOR, MirroredCluster
from ink_core.compute.ended_jobs import MOST_ASIDE
from ink_core.compute.mirror import QueueMirror
from ink_core.compute.model import Job, JobState, Submitted
from ink_core.errors import DeadlineExceeded, JobNotFound, JobNotYetVisible, NotFound, SchedulerDown, Unavailable
from tests.unit.compute.scripted_reader import ScriptedReader, job, mirror, reader

__all__ = ["mirror", "reader"]


async def test_before_the_first_answer_there_is_no_empty_queue(mirror: QueueMirror) -> None:
    with pytest.raises(SchedulerDown, match="not answered yet"):
        mirror.snapshot("c")
    with pytest.raises(SchedulerDown):
        mirror.job("c", "1.0")
    assert mirror.status("c").observed_at is None


@pytest.mark.requirement("CORE-JOBS-08")
async def test_any_number_of_questions_costs_the_scheduler_nothing(mirror: QueueMirror, reader: ScriptedReader) -> None:
    reader.jobs = (job("1.0"), job("1.1"))
    await mirror.refresh("c")
    for _ in range(100):
        assert mirror.snapshot("c").jobs == reader.jobs
        assert mirror.job("c", "1.1") == reader.jobs[1]
    assert reader.polls == 1


@pytest.mark.requirement("CORE-JOBS-09")
async def test_an_error_leaves_the_last_good_list_with_its_age(mirror: QueueMirror, reader: ScriptedReader) -> None:
    reader.jobs = (job("1.0"),)
    await mirror.refresh("c")
    seen_at = reader.clock.now()
    reader.clock.advance(60)
    reader.error = SchedulerDown("the schedd is down")
    await mirror.refresh("c")
    assert mirror.snapshot("c").observed_at == seen_at
    assert mirror.job("c", "1.0").job_id == "1.0"
    assert mirror.problems() == {"c": "the schedd is down"}
    reader.error = None
    await mirror.refresh("c")
    assert mirror.snapshot("c").observed_at == seen_at + timedelta(seconds=60)
    assert mirror.status("c").problem is None


async def test_a_defect_of_a_reader_is_shown_and_does_not_end_the_mirror(
    mirror: QueueMirror, reader: ScriptedReader
) -> None:
    reader.error = ZeroDivisionError("oops")
    await mirror.refresh("c")
    assert "ZeroDivisionError: oops" in mirror.problems()["c"]
    reader.error = None
    await mirror.refresh("c")
    assert mirror.problems() == {}


async def test_a_scheduler_that_hangs_costs_the_deadline_and_is_asked_once(
    mirror: QueueMirror, reader: ScriptedReader
) -> None:
    reader.gate.clear()
    await mirror.refresh("c")
    await mirror.refresh("c")
    assert "did not answer within 0.5 s" in mirror.problems()["c"]
    assert reader.polls == 1
    with pytest.raises(DeadlineExceeded):
        await mirror.health("c")
    reader.gate.set()
    await mirror.refresh("c")
    assert mirror.problems() == {}


async def test_concurrent_refreshes_share_a_poll_that_began_after_they_asked(
    mirror: QueueMirror, reader: ScriptedReader
) -> None:
    reader.gate.clear()
    first = asyncio.create_task(mirror.refresh("c"))
    while reader.polls == 0:
        await asyncio.sleep(0)
    reader.jobs = (job("2.0"),)
    others = [asyncio.create_task(mirror.refresh("c")) for _ in range(20)]
    await asyncio.sleep(0)
    reader.gate.set()
    await asyncio.gather(first, *others)
    assert reader.polls == 2
    assert mirror.job("c", "2.0").job_id == "2.0"


@pytest.mark.requirement("CORE-JOBS-11")
async def test_a_job_just_submitted_is_not_yet_visible_and_then_found_or_not(
    mirror: QueueMirror, reader: ScriptedReader
) -> None:
    await mirror.refresh("c")
    mirror.note_submitted(Submitted(cluster="c", job_ids=("3.0", "3.1")))
    with pytest.raises(JobNotYetVisible):
        mirror.job("c", "3.0")
    reader.jobs = (job("3.0"),)
    await mirror.refresh("c")
    assert mirror.job("c", "3.0").job_id == "3.0"
    with pytest.raises(JobNotYetVisible):
        mirror.job("c", "3.1")
    reader.clock.advance(EXPECTED_FOR.total_seconds() + 1)
    await mirror.refresh("c")
    with pytest.raises(JobNotFound):
        mirror.job("c", "3.1")


async def test_a_job_never_submitted_is_not_found_and_neither_is_a_cluster(mirror: QueueMirror) -> None:
    await mirror.refresh("c")
    with pytest.raises(JobNotFound):
        mirror.job("c", "9.9")
    with pytest.raises(NotFound, match="known are c"):
        mirror.snapshot("elsewhere")
    await mirror.refresh("elsewhere")


async def test_questions_about_one_job_go_to_the_reader(mirror: QueueMirror, reader: ScriptedReader) -> None:
    reader.jobs = (job("1.0"),)
    assert (await mirror.explain("c", "1.0")).summary == "it runs"
    with pytest.raises(JobNotFound):
        await mirror.explain("c", "8.0")


async def test_the_number_of_an_htcondor_cluster_is_its_first_job_where_it_has_no_other_meaning(
    mirror: QueueMirror, reader: ScriptedReader
) -> None:
    reader.jobs = (job("16.0"), job("16.1"), job("17"), job("17.0"))
    await mirror.refresh("c")
    assert [mirror.job("c", name).job_id for name in ("16", "16.1", "17")] == ["16.0", "16.1", "17"]
    assert (await mirror.explain("c", "16")).job_id == "16.0"
    mirror.note_submitted(Submitted(cluster="c", job_ids=("18.0",)))
    with pytest.raises(JobNotYetVisible):
        mirror.job("c", "18")


async def test_a_started_mirror_polls_by_itself_until_it_is_closed() -> None:
    reader = ScriptedReader(ManualClock())
    mirror = QueueMirror([MirroredCluster(reader, poll_interval_s=0.01)], reader.clock)
    mirror.start()
    async with asyncio.timeout(100):
        while reader.polls < 3:
            await asyncio.sleep(0.01)
    await mirror.close()
    polls = reader.polls
    await asyncio.sleep(0.05)
    assert reader.polls == polls


@pytest.mark.requirement("CORE-JOBS-16")
async def test_what_a_poll_brings_is_told_to_those_who_follow(mirror: QueueMirror, reader: ScriptedReader) -> None:
    reader.jobs = (job("1.0"),)
    await mirror.refresh("c")
    assert mirror.feed("c").last == 0
    following = asyncio.create_task(mirror.feed("c").after(0, "alice"))
    await asyncio.sleep(0)
    reader.jobs = (job("1.0", JobState.COMPLETED), job("2.0"))
    await mirror.refresh("c")
    assert {one.change.job.job_id: one.change.kind.value for one in await following} == {
        "1.0": "changed",
        "2.0": "appeared",
    }


@pytest.mark.requirement("CORE-JOBS-14")
async def test_ended_jobs_are_recorded_once_and_again_after_the_database_was_away() -> None:
    reader, recorded, away = ScriptedReader(ManualClock()), list[str](), True

    def record(jobs: Sequence[Job]) -> None:
        if away:
            raise Unavailable("the database does not answer")
        recorded.extend(one.job_id for one in jobs)

    mirror = QueueMirror([MirroredCluster(reader)], reader.clock, record)
    reader.jobs = (job("1.0", JobState.COMPLETED), job("2.0"))
    await mirror.refresh("c")
    assert mirror.snapshot("c").jobs == reader.jobs and recorded == []
    away = False
    reader.jobs = (job("1.0", JobState.COMPLETED), job("2.0", JobState.FAILED))
    await mirror.refresh("c")
    await mirror.refresh("c")
    assert recorded == ["1.0", "2.0"]
    await mirror.close()


@pytest.mark.requirement("CORE-JOBS-14")
async def test_a_job_that_cannot_be_recorded_stops_neither_the_others_nor_the_view() -> None:
    reader, recorded = ScriptedReader(ManualClock()), set[str]()

    def record(jobs: Sequence[Job]) -> None:
        if any(one.job_id == "7.0" for one in jobs):
            raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")
        recorded.update(one.job_id for one in jobs)

    mirror = QueueMirror([MirroredCluster(reader)], reader.clock, record)
    reader.jobs = tuple(job(f"{number}.0", JobState.COMPLETED) for number in range(20))
    await mirror.refresh("c")
    reader.jobs += (job("20.0", JobState.FAILED),)
    await mirror.refresh("c")
    assert recorded == {f"{number}.0" for number in range(21)} - {"7.0"}
    assert mirror.snapshot("c").jobs == reader.jobs
    status = mirror.status("c")
    assert status.problem is None
    assert list(status.unrecorded) == ["7.0"] and "surrogates not allowed" in status.unrecorded["7.0"]
    await mirror.close()


@pytest.mark.requirement("CORE-JOBS-14")
async def test_where_nothing_can_be_recorded_the_jobs_wait_and_the_view_goes_on() -> None:
    reader, recorded, broken = ScriptedReader(ManualClock()), set[str](), True

    def record(jobs: Sequence[Job]) -> None:
        if broken:
            raise RuntimeError("no such table")
        recorded.update(one.job_id for one in jobs)

    mirror = QueueMirror([MirroredCluster(reader)], reader.clock, record)
    reader.jobs = tuple(job(f"{number}.0", JobState.COMPLETED) for number in range(1000))
    await mirror.refresh("c")
    assert mirror.snapshot("c").jobs == reader.jobs and mirror.status("c").problem is None
    broken = False
    await mirror.refresh("c")
    named = mirror.status("c").unrecorded
    assert len(named) == MOST_ASIDE
    assert recorded | set(named) == {one.job_id for one in reader.jobs}
    await mirror.close()


async def test_health_and_associations_are_asked_for_once_in_a_while(
    mirror: QueueMirror, reader: ScriptedReader
) -> None:
    first = await mirror.health("c")
    reader.clock.advance(5)
    assert await mirror.health("c") == first
    reader.clock.advance(6)
    assert (await mirror.health("c")).observed_at > first.observed_at
    assert (await mirror.associations("c", "alice")).accounts == ("group of alice",)


@pytest.mark.requirement("CORE-JOBS-24")
async def test_priorities_are_asked_for_once_a_minute_whoever_asks(mirror: QueueMirror, reader: ScriptedReader) -> None:
    for seconds, asked in ((0, 1), (59, 1), (2, 2)):
        reader.clock.advance(seconds)
        await asyncio.gather(*(mirror.priorities("c") for _ in range(20)))
        assert reader.weighed == asked
