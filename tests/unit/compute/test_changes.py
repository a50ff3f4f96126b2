"""Changes of a queue: followers get their own, as they come, and are told when they were too slow."""

from __future__ import annotations

import asyncio

import pytest

from ink_core.compute.changes import ChangeFeed, ChangeKind, ChangesLost, JobChange, changes_between
from ink_core.compute.model import Job, JobState
from mcp_tools.doubles import memory_job

RUNS = memory_job("1.0", "alice")
HELD = memory_job("1.0", "alice", JobState.HOLDING)
BOBS = memory_job("2.0", "bob")


def by_id(*jobs: Job) -> dict[str, Job]:
    return {job.job_id: job for job in jobs}


def test_what_appeared_changed_and_left_is_told() -> None:
    assert changes_between(by_id(RUNS, BOBS), by_id(RUNS.model_copy(), BOBS)) == []
    found = {
        change.job.job_id: change.kind
        for change in changes_between(by_id(RUNS, BOBS), by_id(HELD, memory_job("3.0", "alice")))
    }
    assert found == {"1.0": ChangeKind.CHANGED, "2.0": ChangeKind.LEFT, "3.0": ChangeKind.APPEARED}


async def test_a_follower_gets_the_changes_of_one_owner_as_soon_as_they_come() -> None:
    feed = ChangeFeed()
    following = asyncio.create_task(feed.after(0, "alice"))
    everybody = asyncio.create_task(feed.after(0, "*"))
    await asyncio.sleep(0)
    feed.publish([JobChange(ChangeKind.APPEARED, BOBS)])
    assert [one.change.job for one in await everybody] == [BOBS]
    await asyncio.sleep(0)
    assert not following.done()
    feed.publish([JobChange(ChangeKind.CHANGED, HELD)])
    (news,) = await following
    assert (news.number, news.change.job) == (2, HELD)
    assert [one.number for one in await feed.after(0, "*")] == [1, 2]


async def test_a_follower_who_was_too_slow_is_told_and_not_left_with_a_gap() -> None:
    feed = ChangeFeed(kept=2)
    feed.publish([JobChange(ChangeKind.CHANGED, RUNS)] * 3)
    assert [one.number for one in await feed.after(1, "alice")] == [2, 3]
    with pytest.raises(ChangesLost):
        await feed.after(0, "alice")
    with pytest.raises(ChangesLost):
        await feed.after(99, "alice")
