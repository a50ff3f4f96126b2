"""Pages of a queue: whatever the filter, they join without a gap or a double, newest first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ink_core.compute.listing import JobQuery, list_jobs
from ink_core.compute.model import Job, JobState, QueueSnapshot, compact
from ink_core.compute.queue_index import EVERYBODY, QueueIndex, place

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def job(number: int, owner: str, minute: int, state: JobState) -> Job:
    return Job(
        cluster="c",
        job_id=f"{number // 3}.{number % 3}",
        owner=owner,
        name=f"fit{number}",
        state=state,
        command="/bin/true",
        submitted_at=NOW + timedelta(minutes=minute),
    )


jobs = st.lists(
    st.tuples(st.sampled_from(["alice", "bob"]), st.integers(0, 3), st.sampled_from(list(JobState)[:4])), max_size=30
).map(lambda rows: tuple(job(number, *row) for number, row in enumerate(rows)))


@given(
    jobs,
    st.sampled_from([EVERYBODY, "alice", "nobody"]),
    st.sampled_from(["", "FIT1"]),
    st.sampled_from([None, "1"]),
    st.sampled_from([frozenset[JobState](), frozenset({JobState.RUNNING})]),
    st.integers(1, 7),
)
def test_pages_are_what_one_long_list_is(
    all_jobs: tuple[Job, ...], owner: str, text: str, array: str | None, states: frozenset[JobState], limit: int
) -> None:
    index = QueueIndex.of(QueueSnapshot(cluster="c", observed_at=NOW, jobs=all_jobs))
    before_states = [
        one
        for one in all_jobs
        if owner in (EVERYBODY, one.owner)
        and text.lower() in one.name
        and (array is None or one.job_id.startswith(f"{array}."))
    ]
    expected = sorted((one for one in before_states if not states or one.state in states), key=place, reverse=True)
    seen: list[Job] = []
    after, goes_on = None, True
    while goes_on:
        query = JobQuery(owner=owner, states=states, text=text, array=array, after=after, limit=limit)
        page = list_jobs(index, query)
        seen += page.jobs
        assert page.total == len(expected) and sum(page.counts.values()) == len(before_states)
        goes_on = page.goes_on
        assert goes_on == (len(seen) < len(expected))
        after = place(seen[-1]) if seen else None
    assert seen == expected


def test_a_compact_job_is_the_same_job() -> None:
    plain = job(1, "alice", 0, JobState.RUNNING)
    assert compact(plain) == plain
    assert compact(plain).model_dump_json() == plain.model_dump_json()
    assert compact(plain).model_copy(update={"name": "new"}) != plain
