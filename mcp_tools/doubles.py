"""Shipped doubles of the tools' ports: a queue in memory, its scheduler, links, documents, worker agents, homes.

Together they are a small computing centre without processes: `services()` wires one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pydantic import JsonValue

from ink_core.agents import AgentTarget, InProcessAgents
from ink_core.compute.changes import ChangeFeed
from ink_core.compute.cluster_view import MirrorStatus
from ink_core.compute.dag import Dag, SubmittedDag, dag_id_of
from ink_core.compute.job_ids import first_of
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
    JobState,
    Node,
    QueueSnapshot,
    Submitted,
)
from ink_core.compute.node_index import NodeIndex
from ink_core.compute.priorities import Measure, Priorities, UserPriority, ranked
from ink_core.compute.queue_index import QueueIndex
from ink_core.compute.scheduler_calls import EditJobs
from ink_core.compute.topology import NodeDetails, Topology
from ink_core.errors import JobNotFound, NotFound
from knowledge_graph.markdown import Passage
from mcp_tools.catalogue import default_catalogue
from mcp_tools.context import AgentStatus, Services

NOW = datetime(2026, 1, 1, tzinfo=UTC)
Answer = Callable[[str, Mapping[str, JsonValue]], Awaitable[JsonValue]]


def memory_job(job_id: str, owner: str, state: JobState = JobState.RUNNING, cluster: str = "pool") -> Job:
    return Job(
        cluster=cluster,
        job_id=job_id,
        owner=owner,
        name="analysis",
        state=state,
        command=f"/home/{owner}/analysis.sh",
        submitted_at=NOW,
        reason="held by the owner" if state is JobState.HOLDING else None,
    )


class MemoryQueues:
    """`Queues` over plain lists of jobs, by cluster. `refreshed` names the clusters that were refreshed, in order."""

    def __init__(self, jobs: Mapping[str, Sequence[Job]]) -> None:
        self.jobs = {cluster: {job.job_id: job for job in members} for cluster, members in jobs.items()}
        self.refreshed: list[str] = []
        self.looked_at: list[tuple[str, tuple[str, ...]]] = []
        self.noted: list[Submitted] = []
        self.feeds: dict[str, ChangeFeed] = {}

    def clusters(self) -> Sequence[str]:
        return tuple(self.jobs)

    def snapshot(self, cluster: str) -> QueueSnapshot:
        return QueueSnapshot(cluster=cluster, observed_at=NOW, jobs=tuple(self._of(cluster).values()))

    def index(self, cluster: str) -> QueueIndex:
        return QueueIndex.of(self.snapshot(cluster))

    def feed(self, cluster: str) -> ChangeFeed:
        self._of(cluster)
        return self.feeds.setdefault(cluster, ChangeFeed())

    def status(self, cluster: str) -> MirrorStatus:
        self._of(cluster)
        return MirrorStatus(cluster, NOW, None)

    def job(self, cluster: str, job_id: str) -> Job:
        known = self._of(cluster)
        if (job := known.get(job_id) or known.get(first_of(job_id))) is None:
            raise JobNotFound(f"cluster {cluster} shows no job {job_id}")
        return job

    def note_submitted(self, submitted: Submitted) -> None:
        self.noted.append(submitted)

    async def refresh(self, cluster: str) -> None:
        self.refreshed.append(cluster)

    async def look(self, cluster: str, job_ids: Sequence[str]) -> None:
        self.looked_at.append((cluster, tuple(job_ids)))

    async def look_for(self, cluster: str, job_ids: Sequence[str]) -> None:
        await self.look(cluster, job_ids)

    async def explain(self, cluster: str, job_id: str) -> Explanation:
        job = self.job(cluster, job_id)
        reason = job.reason or "no reason is given"
        return Explanation(job_id=job_id, state=job.state, summary=reason, evidence=(reason,), proposals=())

    async def health(self, cluster: str) -> ClusterHealth:
        self._of(cluster)
        node = Node(name="node1", state="up", cpus=8, cpus_used=0, memory_mb=16_000)
        return ClusterHealth(cluster=cluster, observed_at=NOW, nodes=(node,), problems=())

    async def nodes(self, cluster: str) -> NodeIndex:
        health = await self.health(cluster)
        nodes = tuple(NodeDetails(**node.model_dump()) for node in health.nodes)
        return NodeIndex.of(Topology(cluster=cluster, observed_at=NOW, nodes=nodes))

    async def associations(self, cluster: str, user: str) -> Associations:
        self._of(cluster)
        return Associations(accounts=("physics",), qos=("normal",), partitions=("long",))

    async def priorities(self, cluster: str) -> Priorities:
        self._of(cluster)
        rows = (UserPriority(user="alice", value=5.0), UserPriority(user="bob", group="higgs", value=0.5))
        measure = Measure.EFFECTIVE_PRIORITY
        return Priorities(cluster=cluster, observed_at=NOW, measure=measure, users=ranked(rows, measure))

    def _of(self, cluster: str) -> dict[str, Job]:
        if cluster not in self.jobs:
            raise NotFound(f"there is no cluster {cluster!r}")
        return self.jobs[cluster]


class MemoryScheduler:
    """Answers the scheduler pack's methods for one user, over `MemoryQueues`; an operation id submits once."""

    def __init__(self, queues: MemoryQueues, user: str) -> None:
        self._queues = queues
        self._user = user
        self._operations: dict[str, Submitted] = {}

    async def answer(self, method: str, arguments: Mapping[str, JsonValue], operation_id: str) -> JsonValue:
        cluster = str(arguments["cluster"])
        if method == "scheduler.submit":
            spec = JobSpec.model_validate(arguments["spec"])
            return self._submit(cluster, spec, operation_id).model_dump(mode="json")
        if method == "scheduler.submit_description":
            written = Description.model_validate(arguments["description"])
            spec = JobSpec(executable=written.path or "/bin/sh", working_directory=written.working_directory)
            return self._submit(cluster, spec, operation_id).model_dump(mode="json")
        if method == "scheduler.submit_dag":
            return self._submit_dag(cluster, Dag.model_validate(arguments["dag"]), operation_id).model_dump(mode="json")
        if method == "scheduler.edit":
            asked = EditJobs.model_validate(arguments)
            return self._edit(cluster, asked.changes, asked.job_ids)
        if method == "scheduler.find_operation":
            found = self._operations.get(str(arguments["operation_id"]))
            return {"submitted": found.model_dump(mode="json") if found else None}
        if method == "scheduler.act":
            ids = arguments["job_ids"]
            assert isinstance(ids, list)
            action, reason = JobAction(str(arguments["action"])), str(arguments["reason"])
            return self._act(cluster, action, [str(job_id) for job_id in ids], reason)
        raise NotFound(f"this double has no method {method}")

    def _submit(self, cluster: str, spec: JobSpec, operation_id: str) -> Submitted:
        if operation_id not in self._operations:
            jobs = self._queues.jobs[cluster]
            number = 1 + max((int(job_id.split(".")[0]) for job_id in jobs), default=0)
            ids = tuple(f"{number}.{proc}" for proc in range(spec.count))
            jobs.update({job_id: self._new(cluster, job_id, spec, operation_id) for job_id in ids})
            self._operations[operation_id] = Submitted(cluster=cluster, job_ids=ids)
        return self._operations[operation_id]

    def _submit_dag(self, cluster: str, dag: Dag, operation_id: str) -> Submitted:
        if operation_id not in self._operations:
            name, job_ids = dag_id_of(operation_id), list[str]()
            for node in dag.nodes:
                of_node = self._submit(cluster, node.job, f"{operation_id} {node.name}").job_ids
                for job_id in of_node:
                    member = self._queues.jobs[cluster][job_id]
                    changes = {
                        "dag": name,
                        "dag_node": node.name,
                        "dag_parents": {node.name: node.parents},
                        "operation_id": operation_id,
                    }
                    self._queues.jobs[cluster][job_id] = member.model_copy(update=changes)
                job_ids += of_node
            self._operations[operation_id] = SubmittedDag(cluster=cluster, job_ids=tuple(job_ids), dag=name)
        return self._operations[operation_id]

    def _new(self, cluster: str, job_id: str, spec: JobSpec, operation_id: str) -> Job:
        return Job(
            cluster=cluster,
            job_id=job_id,
            owner=self._user,
            name=spec.name,
            state=JobState.QUEUEING,
            command=spec.executable,
            submitted_at=NOW,
            cpus=spec.cpus,
            memory_mb=spec.memory_mb,
            working_directory=spec.working_directory,
            operation_id=operation_id,
        )

    def _edit(self, cluster: str, changes: JobChanges, job_ids: Sequence[str]) -> JsonValue:
        jobs = self._queues.jobs[cluster]
        waiting = (JobState.QUEUEING, JobState.HOLDING)
        refused = {job_id: f"it is {jobs[job_id].state}" for job_id in job_ids if jobs[job_id].state not in waiting}
        done = tuple(job_id for job_id in job_ids if job_id not in refused)
        for job_id in done:
            jobs[job_id] = jobs[job_id].model_copy(update=changes.model_dump(exclude_none=True))
        return ActionResult(done=done, refused=refused).model_dump(mode="json")

    def _act(self, cluster: str, action: JobAction, job_ids: Sequence[str], reason: str) -> JsonValue:
        states = {
            JobAction.REMOVE: JobState.CANCELLED,
            JobAction.HOLD: JobState.HOLDING,
            JobAction.RELEASE: JobState.QUEUEING,
            JobAction.SUSPEND: JobState.SUSPENDED,
            JobAction.RESUME: JobState.RUNNING,
        }
        jobs = self._queues.jobs[cluster]
        refused = {job_id: f"it is {jobs[job_id].state}" for job_id in job_ids if jobs[job_id].state is states[action]}
        done = tuple(job_id for job_id in job_ids if job_id not in refused)
        for job_id in done:
            kept = None if action is JobAction.RELEASE else reason
            jobs[job_id] = jobs[job_id].model_copy(update={"state": states[action], "reason": kept})
        return ActionResult(done=done, refused=refused).model_dump(mode="json")


class MemoryAgents(InProcessAgents):
    """`InProcessAgents` that remembers calls and, as real agents do, answers a repeated operation id once."""

    def __init__(
        self, answers: Mapping[AgentTarget, Answer], schedulers: Mapping[AgentTarget, MemoryScheduler]
    ) -> None:
        super().__init__(answers)
        self._schedulers = schedulers
        self._outcomes: dict[tuple[AgentTarget, str], JsonValue] = {}
        self.calls: list[tuple[AgentTarget, str, Mapping[str, Any]]] = []

    def forget_operations(self) -> None:
        """As if each agent had died and another one had been started in its place."""
        self._outcomes.clear()

    async def call(
        self,
        target: AgentTarget,
        method: str,
        arguments: Mapping[str, JsonValue],
        *,
        operation_id: str,
        deadline_s: float,
    ) -> JsonValue:
        if (target, operation_id) not in self._outcomes:
            self.calls.append((target, method, arguments))
            self._outcomes[target, operation_id] = await self._ask(target, method, arguments, operation_id, deadline_s)
        return self._outcomes[target, operation_id]

    async def _ask(
        self, target: AgentTarget, method: str, arguments: Mapping[str, JsonValue], operation_id: str, deadline_s: float
    ) -> JsonValue:
        if method.startswith("scheduler.") and target in self._schedulers:
            return await self._schedulers[target].answer(method, arguments, operation_id)
        return await super().call(target, method, arguments, operation_id=operation_id, deadline_s=deadline_s)


class MemoryLauncher:
    cpus = 1

    def __init__(self) -> None:
        self.agents: dict[str, AgentStatus] = {}
        self._operations: dict[str, str] = {}

    async def launch(self, user: str, cluster: str, operation_id: str, wall_time_s: int | None = None) -> AgentStatus:
        if operation_id not in self._operations:
            worker_id = f"w-{len(self.agents):012d}"
            self._operations[operation_id] = worker_id
            self.agents[worker_id] = AgentStatus(
                worker_id, user, "execute", "queued", cluster, f"{len(self.agents) + 1}.0", None, f"/home/{user}"
            )
        return self.agents[self._operations[operation_id]]

    async def stop(self, worker_id: str, operation_id: str) -> AgentStatus:
        self.agents[worker_id] = replace(self.agents[worker_id], state="gone", detail="stopped")
        return self.agents[worker_id]

    async def find(self, operation_id: str) -> AgentStatus | None:
        return self.agents.get(self._operations.get(operation_id, ""))

    def list(self, user: str) -> Sequence[AgentStatus]:
        return tuple(agent for agent in reversed(self.agents.values()) if agent.user == user)

    def workspace(self, user: str, worker_id: str) -> str | None:
        agent = self.agents.get(worker_id)
        return agent.workspace if agent and agent.user == user else None

    def mounts(self, worker_id: str) -> Sequence[str] | None:
        """Every worker here is confined to its workspace."""
        agent = self.agents.get(worker_id)
        return (agent.workspace,) if agent else None


class MemoryDocuments:
    def __init__(self, passages: Sequence[Passage] = ()) -> None:
        self._passages = passages

    def search(self, query: str, limit: int) -> Sequence[Passage]:
        words = query.lower().split()
        return [one for one in self._passages if any(word in one.text.lower() for word in words)][:limit]


class MemoryLinks:
    def address(self, share_id: str) -> str:
        return f"https://ink.example/shares/{share_id}"


class MemoryHomes:
    def home(self, user: str) -> str:
        return f"/home/{user}"


def services(agents: InProcessAgents, queues: MemoryQueues) -> Services:
    """A small computing centre around these agents and queues."""
    return Services(
        agents=agents,
        queues=queues,
        documents=MemoryDocuments(),
        links=MemoryLinks(),
        launcher=MemoryLauncher(),
        homes=MemoryHomes(),
        schedulers=dict.fromkeys(queues.clusters(), "htcondor"),
        tools=default_catalogue(),
    )
