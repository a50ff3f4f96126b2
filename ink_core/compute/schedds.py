"""Several schedds of one pool as one cluster: listed together, submitted to by name.

A job of the first schedd has the id that it has there; that of any other ends with `@` and the schedd's name, so that
an id means one job for ever. Every schedd is asked by itself, and one that is down or slow keeps nobody from the rest:
its jobs stay as they were last seen, and the snapshot says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from ink_core.compute.dag import Dag, SubmittedDag
from ink_core.compute.model import (
    ActionResult,
    Associations,
    ClusterHealth,
    Description,
    Explanation,
    Job,
    JobAction,
    JobChanges,
    JobSpec,
    QueueSnapshot,
    Submitted,
    compact,
)
from ink_core.compute.port import JobControl, QueueReader
from ink_core.compute.priorities import Priorities
from ink_core.compute.topology import Topology
from ink_core.errors import BadInput, InkError, JobNotFound, SchedulerDown

GRACE_S = 2.0
"""How long the others are waited for once the first schedd has answered; a later answer counts at the next poll."""
FIRST = ""
"""Stands for the first schedd, whose jobs have plain ids."""
Some = TypeVar("Some", Job, Submitted, SubmittedDag)


class ReaderOfSchedds:
    """`QueueReader`. `readers` by the name of the schedd, `FIRST` among them; its own calls end when theirs do."""

    def __init__(self, cluster: str, readers: Mapping[str, QueueReader], grace_s: float = GRACE_S) -> None:
        self._cluster = cluster
        self._readers = readers
        self._grace_s = grace_s
        self._threads = ThreadPoolExecutor(len(readers), f"schedds-{cluster}")
        self._asked: dict[str, Future[QueueSnapshot]] = {}
        self._seen: dict[str, dict[str, tuple[Job, Job]]] = {}
        self._answered: dict[str, tuple[Job, ...]] = {}
        self._jobs: tuple[Job, ...] | None = None

    @property
    def cluster(self) -> str:
        return self._cluster

    def snapshot(self) -> QueueSnapshot:
        """Raises `SchedulerDown` where no schedd answers."""
        for name, reader in self._readers.items():
            if name not in self._asked:
                self._asked[name] = self._threads.submit(reader.snapshot)
        wait(self._asked.values(), return_when=FIRST_COMPLETED)
        wait(self._asked.values(), timeout=self._grace_s)
        answers: list[QueueSnapshot] = []
        problems: list[str] = []
        for name in self._readers:
            try:
                answers.append(self._answer_of(name))
            except InkError as error:
                problems.append(f"schedd {name or 'of the cluster'}: {error}")
        if not answers:
            raise SchedulerDown("; ".join(problems))
        if self._jobs is None:
            self._jobs = tuple(job for name in self._readers for _, job in self._seen.get(name, {}).values())
        observed_at = min(answer.observed_at for answer in answers)
        return QueueSnapshot.model_construct(
            cluster=self._cluster, observed_at=observed_at, jobs=self._jobs, problems=tuple(problems)
        )

    def _answer_of(self, name: str) -> QueueSnapshot:
        if not self._asked[name].done():
            raise SchedulerDown("it has not answered yet")
        answer = self._asked.pop(name).result()
        if answer.jobs is self._answered.get(name):
            return answer
        before = self._seen.get(name, {})
        self._seen[name] = {
            job.job_id: known if (known := before.get(job.job_id)) and known[0] is job else (job, qualified(job, name))
            for job in answer.jobs
        }
        self._answered[name], self._jobs = answer.jobs, None
        return answer

    def look(self, job_ids: Sequence[str]) -> Sequence[Job]:
        wanted: dict[str, list[str]] = defaultdict(list)
        for own_id, schedd in map(split, job_ids):
            wanted[schedd].append(own_id)
        found: dict[str, Job] = {}
        for schedd, own_ids in wanted.items():
            if schedd in self._readers:
                seen = {job.job_id: (job, qualified(job, schedd)) for job in self._readers[schedd].look(own_ids)}
                self._seen.setdefault(schedd, {}).update(seen)
                self._answered.pop(schedd, None)
                self._jobs = None
                found |= {job.job_id: job for _, job in seen.values()}
        return list(found.values())

    def health(self) -> ClusterHealth:
        """Of the pool, which all schedds share."""
        return self._readers[FIRST].health()

    def topology(self) -> Topology:
        return self._readers[FIRST].topology()

    def associations(self, user: str) -> Associations:
        return self._readers[FIRST].associations(user)

    def priorities(self) -> Priorities:
        return self._readers[FIRST].priorities()

    def explain(self, job_id: str) -> Explanation:
        own_id, schedd = split(job_id)
        if schedd not in self._readers:
            raise JobNotFound(f"cluster {self._cluster} has no schedd {schedd!r}")
        return self._readers[schedd].explain(own_id).model_copy(update={"job_id": job_id})

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for reader in self._readers.values():
            getattr(reader, "close", lambda: None)()


class ControlOfSchedds:
    """`JobControl`. `controls` as the reader's; `first_name` is what the first schedd is called, if anything."""

    def __init__(self, cluster: str, controls: Mapping[str, JobControl], first_name: str | None) -> None:
        self._cluster = cluster
        self._controls = controls
        self._first_name = first_name

    @property
    def cluster(self) -> str:
        return self._cluster

    def submit(self, spec: JobSpec, operation_id: str) -> Submitted:
        schedd, control = self._chosen(spec.schedd)
        return qualified(control.submit(spec.model_copy(update={"schedd": None}), operation_id), schedd)

    def submit_description(self, description: Description, operation_id: str) -> Submitted:
        schedd, control = self._chosen(description.schedd)
        plain = description.model_copy(update={"schedd": None})
        return qualified(control.submit_description(plain, operation_id), schedd)

    def submit_dag(self, dag: Dag, operation_id: str) -> SubmittedDag:
        schedd, control = self._chosen(dag.schedd)
        return qualified(control.submit_dag(dag.model_copy(update={"schedd": None}), operation_id), schedd)

    def find_operation(self, operation_id: str) -> Submitted | None:
        """Raises where a schedd does not answer and none of the others has it: it may be there."""
        problem: SchedulerDown | None = None
        for schedd, control in self._controls.items():
            try:
                if (found := control.find_operation(operation_id)) is not None:
                    return qualified(found, schedd)
            except SchedulerDown as error:
                problem = error
        if problem is not None:
            raise problem
        return None

    def act(self, action: JobAction, job_ids: Sequence[str], reason: str) -> ActionResult:
        return self._each(job_ids, lambda control, own_ids: control.act(action, own_ids, reason))

    def edit(self, changes: JobChanges, job_ids: Sequence[str]) -> ActionResult:
        return self._each(job_ids, lambda control, own_ids: control.edit(changes, own_ids))

    def close(self) -> None:
        for control in self._controls.values():
            getattr(control, "close", lambda: None)()

    def _chosen(self, asked: str | None) -> tuple[str, JobControl]:
        schedd = FIRST if asked in (None, FIRST, self._first_name) else str(asked)
        if schedd not in self._controls:
            known = [name or self._first_name or "the local one" for name in self._controls]
            raise BadInput(f"cluster {self._cluster} has no schedd {schedd!r}; known are {', '.join(known)}")
        return schedd, self._controls[schedd]

    def _each(self, job_ids: Sequence[str], work: Callable[[JobControl, Sequence[str]], ActionResult]) -> ActionResult:
        """Schedd by schedd; the jobs of one that is down are refused, and the others' are done."""
        by_schedd: dict[str, list[str]] = defaultdict(list)
        for job_id in dict.fromkeys(job_ids):
            by_schedd[split(job_id)[1]].append(job_id)
        done: set[str] = set()
        refused: dict[str, str] = {}
        for schedd, ids in by_schedd.items():
            if schedd not in self._controls:
                refused |= dict.fromkeys(ids, f"cluster {self._cluster} has no schedd {schedd!r}")
                continue
            try:
                result = work(self._controls[schedd], [split(job_id)[0] for job_id in ids])
            except SchedulerDown as error:
                if len(by_schedd) == 1:
                    raise
                refused |= dict.fromkeys(ids, str(error))
                continue
            done |= {named(own_id, schedd) for own_id in result.done}
            refused |= {named(own_id, schedd): why for own_id, why in result.refused.items()}
        return ActionResult(done=tuple(one for one in dict.fromkeys(job_ids) if one in done), refused=refused)


def split(job_id: str) -> tuple[str, str]:
    """The id at its schedd, and the schedd's name."""
    own_id, _, schedd = job_id.partition("@")
    return own_id, schedd


def named(own_id: str, schedd: str) -> str:
    return f"{own_id}@{schedd}" if schedd else own_id


def qualified(what: Some, schedd: str) -> Some:
    """Job or jobs with the ids that they have in the pool."""
    if schedd == FIRST:
        return what
    if isinstance(what, Job):
        dag = None if what.dag is None else named(what.dag, schedd)
        return compact(what.model_copy(update={"job_id": named(what.job_id, schedd), "dag": dag}))
    changes: dict[str, object] = {"job_ids": tuple(named(own_id, schedd) for own_id in what.job_ids)}
    if isinstance(what, SubmittedDag):
        changes["dag"] = named(what.dag, schedd)
    return what.model_copy(update=changes)
