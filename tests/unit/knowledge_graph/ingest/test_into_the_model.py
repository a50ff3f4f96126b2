"""What the ingesters tell is what the model holds, however the queue came there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ink_core.compute.model import Job, JobState, QueueSnapshot
from ink_core.compute.queue_index import QueueIndex
from knowledge_graph.ingest.jobs import JobIngester
from knowledge_graph.model import GlobalModel

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
JOB = st.builds(
    lambda number, owner, state, node: Job(
        cluster="my-pool", job_id=f"{number}.0", owner=owner, name="n", state=state, command="c", node=node
    ),
    st.integers(0, 5),
    st.sampled_from(["alice", "bob"]),
    st.sampled_from([JobState.QUEUEING, JobState.RUNNING, JobState.HOLDING, JobState.FAILED]),
    st.sampled_from([None, "wn1", "wn2"]),
)
QUEUE = st.dictionaries(st.integers(0, 5), JOB, max_size=5).map(lambda jobs: {job.job_id: job for job in jobs.values()})


def index(jobs: dict[str, Job], at: datetime) -> QueueIndex:
    return QueueIndex.of(QueueSnapshot(cluster="my-pool", observed_at=at, jobs=tuple(jobs.values())))


@given(st.lists(QUEUE, min_size=1, max_size=6))
def test_after_any_polls_the_model_says_what_one_poll_of_the_last_queue_says(queues: list[dict[str, Job]]) -> None:
    polled, fresh, ingester = GlobalModel(), GlobalModel(), JobIngester("my-pool")
    for number, queue in enumerate(queues):
        update = ingester.poll(index(queue, NOW + timedelta(seconds=20 * number)))
        polled.change(update.said, update.unsaid)
    fresh.change(JobIngester("my-pool").poll(index(queues[-1], NOW)).said)
    told = [{fact.id for fact in model.all_facts(NOW)} for model in (polled, fresh)]
    assert told[0] == told[1]
    assert not polled.refused
