"""What a scheduler does to a measured job leaves a mark on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ink_core.clock import ManualClock
from ink_core.compute.changes import ChangeKind, JobChange
from ink_core.compute.model import Job, JobState
from joblens.query.queue_marks import QueueMarks
from joblens.records import Mark, MarkKind
from manager.joblens.queue_watch import PATIENCE_S, QueueWatch
from mcp_tools.doubles import NOW, MemoryQueues, memory_job
from tests.unit.joblens.lens_site import BEGIN, CLUSTER, batch, info, key_of, lens_site, sample

JOB = "172.0"


def job(state: JobState, *, started: int | None = None, reason: str | None = None) -> Job:
    at = None if started is None else NOW + timedelta(seconds=started)
    return memory_job(JOB, "alice", state, CLUSTER).model_copy(update={"started_at": at, "reason": reason})


def changed(to: Job, kind: ChangeKind = ChangeKind.CHANGED) -> JobChange:
    return JobChange(kind, to)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (job(JobState.RUNNING), job(JobState.HOLDING, reason="over its memory"), (MarkKind.HOLD, "over its memory")),
        (job(JobState.RUNNING), job(JobState.QUEUEING), (MarkKind.EVICT, "back in the queue")),
        (job(JobState.SUSPENDED), job(JobState.QUEUEING, reason="preempted"),
         (MarkKind.EVICT, "back in the queue: preempted")),
        (job(JobState.RUNNING, started=1), job(JobState.RUNNING, started=9),
         (MarkKind.EVICT, "stopped, and begun again")),
        (job(JobState.RUNNING, started=1), job(JobState.RUNNING, started=1, reason="x"), None),
        (job(JobState.RUNNING), job(JobState.COMPLETED), None),
        (job(JobState.QUEUEING), job(JobState.HOLDING), None),
        (job(JobState.QUEUEING), job(JobState.RUNNING, started=1), None),
    ],
)  # fmt: skip
def test_a_job_on_a_node_that_is_held_or_put_back_has_a_mark(
    before: Job, after: Job, told: tuple[MarkKind, str] | None
) -> None:
    marks = QueueMarks([before])
    assert marks.take(changed(after), 5.0) == ((Mark(key_of(JOB), 5.0, *told),) if told else ())


def test_a_job_that_left_the_queue_is_forgotten() -> None:
    marks = QueueMarks([job(JobState.RUNNING)])
    assert marks.take(changed(job(JobState.RUNNING), ChangeKind.LEFT), 5.0) == ()
    assert marks.take(changed(job(JobState.HOLDING), ChangeKind.APPEARED), 6.0) == ()


def with_checkpoint(number: int, sent: int | None, state: JobState = JobState.RUNNING) -> Job:
    at = None if sent is None else NOW + timedelta(seconds=sent)
    return job(state, started=0).model_copy(update={"checkpoint": number, "output_at": at})


def at(seconds: float) -> float:
    return NOW.timestamp() + seconds


def test_a_checkpoint_has_a_mark_when_it_was_sent_and_only_once() -> None:
    marks = QueueMarks([job(JobState.RUNNING, started=0)])
    assert marks.take(changed(with_checkpoint(1, 30)), at(60)) == (Mark(key_of(JOB), at(30), MarkKind.CHECKPOINT, "1"),)
    assert marks.take(changed(with_checkpoint(1, 90)), at(90)) == ()  # the next one comes, and is not whole yet
    told = marks.take(changed(with_checkpoint(3, 95, JobState.QUEUEING)), at(99))
    assert [(mark.kind, mark.time, mark.text) for mark in told] == [
        (MarkKind.CHECKPOINT, at(95), "3"),
        (MarkKind.EVICT, at(99), "back in the queue"),
    ]


@pytest.mark.parametrize("sent", [None, -1, 61])
def test_a_checkpoint_of_no_believable_time_is_marked_when_it_was_noticed(sent: int | None) -> None:
    (mark,) = QueueMarks([with_checkpoint(1, None)]).take(changed(with_checkpoint(2, sent)), at(60))
    assert (mark.time, mark.text) == (at(60), "2")


async def test_a_measured_job_shows_its_checkpoint(tmp_path: Path) -> None:
    async with lens_site(tmp_path) as site:
        queues = MemoryQueues({CLUSTER: [job(JobState.RUNNING)]})
        clock = ManualClock(datetime.fromtimestamp(BEGIN + 70, UTC))
        watch = QueueWatch(replace(site.app.state.platform.lens, queues=queues, clock=clock))
        await watch.work()
        site.keep(batch(60, jobs=[info(JOB)], samples=[sample(JOB, 59)]))
        queues.feed(CLUSTER).publish([changed(with_checkpoint(1, None))])
        await watch.work()
        marks = (await site.get(f"/api/v1/joblens/jobs/{CLUSTER}/{JOB}/marks")).json()
    assert [(mark["kind"], mark["text"], mark["time"]) for mark in marks] == [("checkpoint", "1", BEGIN + 70)]


async def test_a_measured_job_that_is_held_shows_it_and_one_that_is_told_later_does_then(tmp_path: Path) -> None:
    async with lens_site(tmp_path) as site:
        queues = MemoryQueues({CLUSTER: [job(JobState.RUNNING)]})
        clock = ManualClock(datetime.fromtimestamp(BEGIN + 70, UTC))
        watch = QueueWatch(replace(site.app.state.platform.lens, queues=queues, clock=clock))
        await watch.work()
        queues.feed(CLUSTER).publish([changed(job(JobState.HOLDING, reason="too much memory"))])
        await watch.work()
        clock.advance(PATIENCE_S / 2)
        site.keep(batch(60, jobs=[info(JOB)], samples=[sample(JOB, 59, final=True)]))
        await watch.work()
        await watch.work()
        marks = (await site.get(f"/api/v1/joblens/jobs/{CLUSTER}/{JOB}/marks")).json()
        shown = (await site.get(f"/api/v1/joblens/jobs/{CLUSTER}/{JOB}")).json()
    assert [(mark["kind"], mark["text"], mark["time"]) for mark in marks] == [("hold", "too much memory", BEGIN + 70)]
    assert (shown["state"], shown["last_seen"]) == ("ended", BEGIN + 59)


async def test_a_mark_on_a_job_that_nobody_measures_is_given_up(tmp_path: Path) -> None:
    async with lens_site(tmp_path) as site:
        queues = MemoryQueues({CLUSTER: [job(JobState.RUNNING)]})
        clock = ManualClock(datetime.fromtimestamp(BEGIN, UTC))
        watch = QueueWatch(replace(site.app.state.platform.lens, queues=queues, clock=clock))
        await watch.work()
        queues.feed(CLUSTER).publish([changed(job(JobState.HOLDING))])
        await watch.work()
        clock.advance(PATIENCE_S)
        await watch.work()
        site.keep(batch(60, jobs=[info(JOB)], samples=[sample(JOB, 59)]))
        await watch.work()
        marks = (await site.get(f"/api/v1/joblens/jobs/{CLUSTER}/{JOB}/marks")).json()
    assert marks == []
