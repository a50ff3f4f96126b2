"""The jobs of one cluster as facts, told as they change.

Everybody who may see jobs at all may see everybody's, as in the list of jobs. Their names, commands and reasons are
what users wrote. A job's facts go when its cluster no longer shows it, or about `ENDED_FOR` after its end; they expire
by themselves where nobody polls for `LIVE_FOR`.

Limits: of one cluster's jobs at most `MOST_JOBS` are told, first come, first told; counts tell of all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ink_core.compute.model import ENDED_STATES, Job
from ink_core.compute.queue_index import EVERYBODY, QueueIndex
from ink_core.labels import Confidentiality, Integrity, Label
from knowledge_graph.facts import Fact, Layer, NodeKind, Origin, Relation, node_id
from knowledge_graph.ingest.reasons import error_of
from knowledge_graph.ingest.saying import Related, Told, attributes, edges, shortened, word
from knowledge_graph.ingest.telling import Telling, Update

LABEL = Label(Confidentiality.SCRATCH, Integrity.UNTRUSTED)
LIVE_FOR = timedelta(hours=6)
ENDED_FOR = timedelta(days=1)
MOST_JOBS = 40_000
MOST_USERS = 10_000
MAX_NAME = 64


@dataclass(frozen=True)
class Counts:
    """Jobs of one owner, or of `EVERYBODY`; `untold` is how many of all jobs the model does not have."""

    owner: str
    by_state: Mapping[str, int]
    untold: int


def source_of(cluster: str) -> str:
    return f"queue@{cluster}"


def facts_of_job(job: Job, observed_at: datetime, scheduler: str = "") -> Sequence[Fact]:
    """Nothing of a job that ended too long ago. `scheduler` is the type of its cluster."""
    expires_at = _expiry(job, observed_at)
    if expires_at <= observed_at:
        return ()
    origin = Origin(source_of(job.cluster), Layer.RUNTIME, observed_at, expires_at=expires_at, label=LABEL)
    subject = node_id(NodeKind.JOB, f"{job.cluster}/{job.job_id}")
    return [*attributes(subject, origin, _told(job)), *edges(subject, origin, _related(job, scheduler))]


def accounting_group(text: str) -> str:
    """The group in HTCondor's `EXPERIMENT.group.walltime`; any other text is one itself."""
    words = text.split(".")
    return words[1] if len(words) >= 3 else text


def _told(job: Job) -> Mapping[str, Told]:
    """`cpu_used_s` of a job that runs is another one at every poll, and the measured figures are better."""
    return {
        "name": job.name,
        "state": job.state,
        "reason": job.reason,
        "reason_code": job.reason_code,
        "command": shortened(job.command, 200),
        "submitted_at": job.submitted_at,
        "started_at": job.started_at,
        "ended_at": job.ended_at,
        "exit_code": job.exit_code,
        "cpus": job.cpus,
        "memory_mb": job.memory_mb,
        "memory_peak_mb": job.memory_peak_mb,
        "cpu_used_s": job.cpu_used_s if job.state in ENDED_STATES else None,
        "wall_time_s": job.wall_time_s,
        "priority": job.priority or None,
        "working_directory": job.working_directory,
        "stdout": job.stdout,
        "stderr": job.stderr,
        "dag": job.dag,
        "dag_node": job.dag_node,
    }


def _related(job: Job, scheduler: str) -> Iterator[Related]:
    """A job that has ended tells where it ran."""
    yield Relation.OWNED_BY, NodeKind.USER, job.owner
    yield Relation.SUBMITTED_TO, NodeKind.CLUSTER, job.cluster
    yield Relation.SUBMITTED_TO, NodeKind.PARTITION, job.queue and f"{job.cluster}/{job.queue}"
    yield Relation.SUBMITTED_TO, NodeKind.SCHEDD, job.job_id.partition("@")[2]
    yield Relation.CHARGED_TO, NodeKind.GROUP, job.group and accounting_group(job.group)
    yield Relation.RUNS_ON, NodeKind.NODE, job.node
    yield Relation.CAUSED_BY, NodeKind.ERROR, error_of(job, scheduler)


def _expiry(job: Job, observed_at: datetime) -> datetime:
    """Of ended jobs on the hour: the model looks through all jobs whenever some expire."""
    if job.state not in ENDED_STATES:
        return observed_at + LIVE_FOR
    return (job.ended_at or observed_at).replace(minute=0, second=0, microsecond=0) + ENDED_FOR


class JobIngester:
    """Of one cluster; `scheduler` is its type. Not for two threads at once.

    A poll costs what has changed, and then one comparison per job: a job that is as it was is the same object.
    """

    def __init__(self, cluster: str, scheduler: str = "") -> None:
        self._cluster = cluster
        self._jobs = Telling[Job](lambda job, at: facts_of_job(job, at, scheduler), MOST_JOBS)
        self._seen: Mapping[str, Job] | None = None
        self._counts = Telling(self._facts_of_counts, MOST_USERS)

    def poll(self, index: QueueIndex) -> Update:
        """What has changed since the last poll."""
        now = index.snapshot.observed_at
        same = index.by_id is self._seen
        jobs = self._jobs.look_again(now) if same else self._jobs.look(index.by_id, now)
        self._seen = index.by_id
        untold = {EVERYBODY: len(index.by_id) - len(self._jobs)}
        each = {owner: Counts(owner, counts, untold.get(owner, 0)) for owner, counts in index.counts.items()}
        return Update.joined([jobs, self._counts.look(each, now)])

    def _facts_of_counts(self, counts: Counts, observed_at: datetime) -> Iterator[Fact]:
        """Jobs by state, of all and of each user, since no pack has room for each job."""
        expires_at = observed_at + LIVE_FOR
        origin = Origin(source_of(self._cluster), Layer.RUNTIME, observed_at, expires_at=expires_at, label=LABEL)
        numbers: dict[str, Told] = {f"jobs_{state.lower()}": number for state, number in counts.by_state.items()}
        if counts.owner == EVERYBODY:
            numbers["jobs_untold"] = counts.untold or None
            yield from attributes(node_id(NodeKind.CLUSTER, self._cluster), origin, numbers)
        elif counts.owner:
            here = {f"{name}_on_{word(self._cluster)}"[:MAX_NAME]: number for name, number in numbers.items()}
            yield from attributes(node_id(NodeKind.USER, counts.owner), origin, here)
