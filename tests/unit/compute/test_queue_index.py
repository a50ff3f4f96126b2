"""An index made of the one before is the index of all jobs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ink_core.compute.changes import ChangeKind, changes_between, jobs_that
from ink_core.compute.model import Job, JobState, QueueSnapshot
from ink_core.compute.queue_index import EVERYBODY, QueueIndex

NOW = datetime(2026, 1, 1, tzinfo=UTC)
REST = tuple(
    Job(cluster="c", job_id=f"0.{number}", owner="carol", name="n", state=JobState.RUNNING, command="/bin/true")
    for number in range(100)
)
"""So many that what changes beside them is put in its place."""

queues = st.dictionaries(
    st.integers(1, 9),
    st.tuples(st.sampled_from(["alice", "bob"]), st.integers(0, 2), st.sampled_from(list(JobState)[:3])),
    max_size=5,
)


def snapshot(queue: Mapping[int, tuple[str, int, JobState]]) -> QueueSnapshot:
    few = tuple(
        Job(
            cluster="c",
            job_id=f"{number}.0",
            owner=owner,
            name="n",
            state=state,
            command="/bin/true",
            submitted_at=NOW + timedelta(minutes=minute),
        )
        for number, (owner, minute, state) in queue.items()
    )
    return QueueSnapshot(cluster="c", observed_at=NOW, jobs=(*few, *REST))


@given(queues, queues)
def test_what_came_changed_and_left_is_put_in_its_place(
    before: Mapping[int, tuple[str, int, JobState]], after: Mapping[int, tuple[str, int, JobState]]
) -> None:
    index, now = QueueIndex.of(snapshot(before)), snapshot(after)
    changes = changes_between(index.by_id, {job.job_id: job for job in now.jobs})
    jobs = jobs_that(changes, ChangeKind.APPEARED, ChangeKind.CHANGED)
    made, whole = index.with_changes(now, jobs, jobs_that(changes, ChangeKind.LEFT)), QueueIndex.of(now)
    assert made == whole
    assert index == QueueIndex.of(snapshot(before))  # whoever reads it meanwhile
    assert [job.job_id for job in made.by_owner[EVERYBODY]] == [job.job_id for job in whole.by_owner[EVERYBODY]]


def test_nothing_is_made_again_of_jobs_that_are_all_as_they_were() -> None:
    index = QueueIndex.of(snapshot({1: ("alice", 0, JobState.RUNNING)}))
    texts = index.texts
    later = index.snapshot.model_copy(update={"observed_at": NOW + timedelta(minutes=1)})
    again = index.with_changes(later, (), ())
    assert again.snapshot is later and index.snapshot is not later
    assert again.by_id is index.by_id and again.by_owner is index.by_owner and again.texts is texts
