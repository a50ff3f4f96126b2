"""Jobs of a synthetic site: who runs what where, and how the faults show in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from bench.context.site.faults import Fault, Trouble
from bench.context.site.people import Group, People, User
from bench.context.site.size import Size
from bench.context.site.topology import POOL, SLURM, FileSystem, Machine, Queue, Topology
from ink_core.compute.model import JobState
from knowledge_graph.facts import NodeId, NodeKind, node_id

NAMES = ("reco", "digitise", "fullsim", "skim", "toy-mc", "ntuple", "unfold", "calib-pass2", "dst-merge", "fit")


@dataclass(frozen=True)
class Job:
    """`asked_mb` and `peak_mb` are memory; `fault` is why it is held, slow, waiting or failed, if for any reason."""

    cluster: str
    job_id: str
    name: str
    owner: User
    group: Group
    queue: Queue
    schedd: str | None
    machine: Machine | None
    slot: int
    reads: tuple[FileSystem, ...]
    writes: FileSystem
    asked_mb: int
    peak_mb: int
    state: JobState
    fault: Fault | None

    @property
    def node(self) -> NodeId:
        return node_id(NodeKind.JOB, f"{self.cluster}/{self.job_id}")

    @property
    def folder(self) -> str:
        return f"/home/{self.owner.name}/{self.name}-{self.job_id.partition('.')[0]}"

    @property
    def reason(self) -> str | None:
        """What the scheduler says; nothing of a job that just runs, or runs slowly."""
        if self.fault is None or self.state is JobState.RUNNING or self.fault.trouble not in _REASONS:
            return None
        return _REASONS[self.fault.trouble].format(job=self, name=self.fault.name, fault=self.fault)


_REASONS: Mapping[Trouble, str] = {
    Trouble.FILE_SERVER: "Transfer input files failure: cannot open {fault.file_system.name}/data: Input/output error",
    Trouble.FULL: "write to {name} failed: No space left on device",
    Trouble.BLACK_HOLE: "starter could not create the execute directory",
    Trouble.DRAINED: "PartitionDown",
    Trouble.CREDENTIAL: "the Kerberos credential of {name} has expired",
    Trouble.QUOTA: "cannot write {job.folder}/out.log: Disk quota exceeded",
    Trouble.MEMORY: "memory usage of {job.peak_mb} MB exceeded the request of {job.asked_mb} MB",
}
REASON_CODES: Mapping[Trouble, str] = {
    Trouble.FILE_SERVER: "held-13",
    Trouble.FULL: "held-28",
    Trouble.BLACK_HOLE: "held-6",
    Trouble.CREDENTIAL: "held-1",
    Trouble.QUOTA: "held-122",
    Trouble.MEMORY: "held-34",
}
"""Entries of the error catalogue."""

_EFFECTS: Mapping[Trouble, Sequence[JobState]] = {
    Trouble.FILE_SERVER: (JobState.HOLDING, JobState.RUNNING, JobState.RUNNING),
    Trouble.FULL: (JobState.FAILED,),
    Trouble.SWITCH: (JobState.RUNNING,),
    Trouble.BLACK_HOLE: (JobState.FAILED,),
    Trouble.SCHEDD: (JobState.QUEUEING,),
    Trouble.DRAINED: (JobState.QUEUEING,),
    Trouble.CREDENTIAL: (JobState.HOLDING,),
    Trouble.QUOTA: (JobState.HOLDING,),
    Trouble.MEMORY: (JobState.HOLDING,),
}
SLOW = (Trouble.FILE_SERVER, Trouble.SWITCH)


def jobs(size: Size, site: Topology, everybody: People, faults: Sequence[Fault], chance: Random) -> Iterator[Job]:
    """Those of the queue, then the ended ones."""
    making = _Making(site, everybody, faults, chance)
    for number in range(size.jobs + size.ended):
        yield making.job(number, ended=number >= size.jobs)


class _Making:
    def __init__(self, site: Topology, everybody: People, faults: Sequence[Fault], chance: Random) -> None:
        self._chance = chance
        self._everybody = everybody
        self._groups = {group.name: group for group in everybody.groups}
        self._faults = {fault.at: fault for fault in faults}
        self._served = {
            fault.file_system.name: fault
            for fault in faults
            if fault.trouble is Trouble.FILE_SERVER and fault.file_system
        }
        self._file_systems: dict[str | None, list[FileSystem]] = defaultdict(list)
        for one in site.file_systems:
            self._file_systems[one.experiment].append(one)
        self._queues: dict[str, list[Queue]] = {c: [q for q in site.queues if q.cluster == c] for c in (POOL, SLURM)}
        self._machines = {c: [m for m in site.machines if m.cluster == c] for c in (POOL, SLURM)}
        self._holes = [m for m in site.machines if m.node in self._faults]
        self._schedds = sorted(site.schedds)

    def job(self, number: int, *, ended: bool) -> Job:
        chance = self._chance
        owner = chance.choice(self._everybody.users)
        group = self._groups[chance.choice(owner.groups)]
        cluster = POOL if chance.random() < 0.75 else SLURM
        machine = chance.choice(self._machines[cluster])
        if ended and chance.random() < 0.06:
            machine = chance.choice(self._holes)
            cluster = machine.cluster
        queue = chance.choice(self._queues[cluster])
        own = self._file_systems[group.experiment]
        reads = tuple(chance.sample(own, chance.choice((1, 1, 2))))
        asked = chance.choice((2000, 4000, 6000, 8000))
        schedd = chance.choice(self._schedds) if cluster == POOL else None
        writes = chance.choice([*own, *self._file_systems[None][:2]])
        state = JobState.COMPLETED if ended else chance.choice((JobState.RUNNING,) * 3 + (JobState.QUEUEING,))
        fault = self._felt(owner, machine, queue, schedd, reads, writes, ended)
        if fault is not None:
            state = chance.choice(_EFFECTS[fault.trouble])
        runs = state is not JobState.QUEUEING
        return Job(
            cluster,
            f"{482_000 + number // 4}.{number % 4}" if cluster == POOL else str(1_048_000 + number),
            chance.choice(NAMES),
            owner,
            group,
            queue,
            schedd,
            machine if runs else None,
            chance.randrange(1, 9) if runs else 0,
            reads,
            writes,
            asked,
            asked * 5 // 4 if fault and fault.trouble is Trouble.MEMORY else asked * chance.randrange(30, 90) // 100,
            state,
            fault,
        )

    def _felt(
        self,
        owner: User,
        machine: Machine,
        queue: Queue,
        schedd: str | None,
        reads: Sequence[FileSystem],
        writes: FileSystem,
        ended: bool,
    ) -> Fault | None:
        """The first of the faults that this job meets."""
        at = self._faults.get
        if ended:
            full = at(writes.node)
            return at(machine.node) or (full if full and self._chance.random() < 0.5 else None)
        fault = at(owner.node) if self._chance.random() < 0.5 else None
        fault = fault or at(queue.node)
        if fault is None and schedd and self._chance.random() < 0.4:
            fault = at(node_id(NodeKind.SCHEDD, schedd))
        fault = fault or next((self._served[one.name] for one in reads if one.name in self._served), None)
        fault = fault or at(node_id(NodeKind.LINK, machine.switch))
        if fault is None and self._chance.random() < 0.05:
            fault = Fault(Trouble.MEMORY, owner.node, owner.name)
        return fault
