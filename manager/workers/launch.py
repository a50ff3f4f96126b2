"""Launches execute agents: a cluster job of the user that runs the worker agent, in Apptainer where there is an image.

The job's argv names only a configuration file in the user's own home (mode 0600), written through the user's
access-point agent; the one-time token is in that file and nowhere else.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from audit.ledger import Record
from ink_core.agents import AGENT_JOB_NAME, AccessPoint, UserAgents
from ink_core.clock import Clock
from ink_core.compute.model import ENDED_STATES, Job, JobAction, JobSpec, JobState, Submitted
from ink_core.compute.queues import Queues, make_known
from ink_core.compute.remote import RemoteJobControl
from ink_core.errors import InkError, JobNotFound, NotFound, SchedulerRefused
from manager.workers.agents import Accounts
from manager.workers.life import WorkerLife, digest, launched
from manager.workers.registry import WorkerRegistry
from mcp_tools.context import AgentStatus
from worker_agent.protocol import AgentConfig, Place

STATE_DIRECTORY = ".ink/agents"
CHECKPOINT_VARIABLE = "INK_CHECKPOINT"
CONFIG_IN_IMAGE = "/tmp/ink-agent.json"  # noqa: S108 - inside the container's own /tmp


class WorkerNotFound(NotFound):
    code = "worker_not_found"


@dataclass(frozen=True)
class AgentLaunchOptions:
    """`image` is the SIF that workers run in; None runs them with `python` directly (embedded default).

    `manager_key` is the manager's public key, which workers check permits by; `manager_ca` (PEM) what they check its
    certificate by.
    """

    manager_url: str
    python: str
    image: str | None
    apptainer: str
    cpus: int
    memory_mb: int
    idle_timeout_s: float
    reconnect_for_s: float
    launch_timeout_s: float
    manager_key: str
    token_lifetime_s: float
    manager_ca: str | None = None


class JobAgentLauncher:
    """Implements the tools' `AgentLauncher`."""

    def __init__(
        self,
        registry: WorkerRegistry,
        agents: UserAgents,
        accounts: Accounts,
        queues: Queues,
        clock: Clock,
        options: AgentLaunchOptions,
        checkpoint: Callable[[], str | None] = lambda: None,
    ) -> None:
        """`checkpoint` is the newest one of the ledger, in one line; each job carries it out of the manager's reach."""
        self._registry = registry
        self._agents = agents
        self._accounts = accounts
        self._queues = queues
        self._clock = clock
        self._options = options
        self._checkpoint = checkpoint

    @property
    def cpus(self) -> int:
        return self._options.cpus

    async def launch(self, user: str, cluster: str, operation_id: str, wall_time_s: int | None = None) -> AgentStatus:
        secret = secrets.token_urlsafe(32)
        life = self._new_life(user, cluster, operation_id, secret)
        await self._registry.record(life.worker_id, launched(life))
        try:
            await self._write_config(life, secret)
            submitted = await self._control(cluster).submit(user, self._job(life, wall_time_s), operation_id)
        except InkError as error:
            if not error.retryable:
                await self._registry.record(life.worker_id, Record("worker.launch_failed", {"message": str(error)}))
            raise
        return await self._submitted(life.worker_id, cluster, submitted.job_ids[0])

    async def find(self, operation_id: str) -> AgentStatus | None:
        life = self._registry.by_operation(operation_id)
        if life is None or life.cluster is None:
            return None
        if life.job_id is not None:
            return self.status(life)
        found = await self._control(life.cluster).find_operation(life.user, operation_id)
        return await self._submitted(life.worker_id, life.cluster, found.job_ids[0]) if found else None

    async def stop(self, worker_id: str, operation_id: str) -> AgentStatus:
        life = self._registry.life(worker_id)
        if life is None:
            raise WorkerNotFound(f"there is no worker {worker_id}")
        if life.cluster and life.job_id and not life.gone:
            await self._remove(life, life.cluster, life.job_id, operation_id)
        return self.status(await self._registry.gone(worker_id, "stopped"))

    async def _remove(self, life: WorkerLife, cluster: str, job_id: str, operation_id: str) -> None:
        """Raises `SchedulerRefused` when the job stays; one that has ended by itself is as good as removed."""
        removed = await self._control(cluster).act(
            life.user, JobAction.REMOVE, [job_id], "worker agent stopped", operation_id
        )
        await self._queues.look(cluster, [job_id])
        job = self._job_of(life)
        if removed.refused and (job is None or job.state not in ENDED_STATES):
            raise SchedulerRefused(f"the job {job_id} of the worker was not removed: {removed.refused[job_id]}")

    def list(self, user: str) -> Sequence[AgentStatus]:
        return [self.status(life) for life in self._registry.lives(user) if life.place is Place.EXECUTE]

    def workspace(self, user: str, worker_id: str) -> str | None:
        life = self._registry.life(worker_id)
        return life.workspace if life and life.user == user and life.place is Place.EXECUTE else None

    def mounts(self, worker_id: str) -> Sequence[str] | None:
        life = self._registry.life(worker_id)
        return life.mounts if life else None

    def owned(self, user: str, worker_id: str) -> WorkerLife:
        """The user's own worker. Raises `WorkerNotFound`, also for somebody else's."""
        life = self._registry.life(worker_id)
        if life is None or self.workspace(user, worker_id) is None:
            raise WorkerNotFound(f"you have no worker {worker_id}; launch one or choose another")
        return life

    def status(self, life: WorkerLife) -> AgentStatus:
        job = self._job_of(life)
        return AgentStatus(
            worker_id=life.worker_id,
            user=life.user,
            place=life.place.value,
            state=self._state(life, job),
            cluster=life.cluster,
            job_id=life.job_id,
            node=life.host or (job.node if job else None),
            workspace=life.workspace,
            detail=life.detail or (job.reason if job else None),
        )

    async def bury(self) -> None:
        """Record the end of workers whose job has ended or that did not connect in time."""
        lives = [life for user in self._registry.users() for life in self._registry.lives(user)]
        dead = {life.worker_id: reason for life in lives if (reason := self._why_dead(life))}
        await asyncio.gather(*(self._registry.gone(worker_id, reason) for worker_id, reason in dead.items()))

    def _why_dead(self, life: WorkerLife) -> str | None:
        if life.gone or self._registry.connection(life.worker_id) or life.place is not Place.EXECUTE:
            return None
        if life.cluster is None or life.job_id is None:
            launched = life.launched_at or self._clock.now()
            return "it was never submitted" if self._is_late(launched) else None
        try:
            job = self._queues.job(life.cluster, life.job_id)
        except JobNotFound:
            return f"its job {life.job_id} is not in the queue any more"
        except InkError:
            return None  # nobody can tell now
        if job.state in ENDED_STATES:
            return f"its job {job.job_id} ended ({job.state.value.lower()})"
        if not life.epoch and job.started_at and self._is_late(job.started_at):
            return f"it did not connect within {self._options.launch_timeout_s:.0f} s of its start; see its log"
        return None

    def _is_late(self, since: datetime) -> bool:
        return (self._clock.now() - since).total_seconds() > self._options.launch_timeout_s

    # -- inside ------------------------------------------------------------------------------------------------------

    def _state(self, life: WorkerLife, job: Job | None) -> str:
        if life.gone:
            return "gone"
        if self._registry.connection(life.worker_id):
            return "ready"
        if life.epoch:
            return "lost"
        if life.job_id is None:
            return "submitting"
        return "starting" if job is not None and job.state is JobState.RUNNING else "queued"

    def _job_of(self, life: WorkerLife) -> Job | None:
        if life.cluster is None or life.job_id is None:
            return None
        try:
            return self._queues.job(life.cluster, life.job_id)
        except InkError:
            return None

    def _new_life(self, user: str, cluster: str, operation_id: str, secret: str) -> WorkerLife:
        # The id follows from the operation, so that repeating a launch after a crash is about the same worker.
        worker_id = f"w-{hashlib.sha256(operation_id.encode()).hexdigest()[:20]}"
        return WorkerLife(
            worker_id=worker_id,
            user=user,
            place=Place.EXECUTE,
            cluster=cluster,
            workspace=self._accounts.workspace(user),
            operation_id=operation_id,
            launch_sha256=digest(secret),
            expected_uid=self._accounts.uid(user),
            mounts=None if self._options.image is None else (self._accounts.workspace(user),),
            token_expires_at=self._clock.now() + timedelta(seconds=self._options.token_lifetime_s),
        )

    async def _write_config(self, life: WorkerLife, secret: str) -> None:
        config = AgentConfig(
            manager_url=self._options.manager_url,
            worker_id=life.worker_id,
            secret=secret,
            place=life.place,
            workspace=life.workspace,
            idle_timeout_s=self._options.idle_timeout_s,
            reconnect_for_s=self._options.reconnect_for_s,
            manager_key=self._options.manager_key,
            manager_ca=self._options.manager_ca,
        )
        content = base64.b64encode(config.model_dump_json().encode()).decode()
        home = AccessPoint(life.user)
        await self._agents.call(
            home, "files.mkdir", {"path": STATE_DIRECTORY}, operation_id=f"mkdir-{secrets.token_hex(8)}", deadline_s=10
        )
        await self._agents.call(
            home,
            "files.write",
            {"path": self._config_path(life), "content": content, "mode": 0o600, "overwrite": True},
            operation_id=f"write-{secrets.token_hex(8)}",
            deadline_s=10,
        )

    def _config_path(self, life: WorkerLife) -> str:
        return f"{self._accounts.home(life.user)}/{STATE_DIRECTORY}/{life.worker_id}.json"

    def _job(self, life: WorkerLife, wall_time_s: int | None) -> JobSpec:
        config = self._config_path(life)
        executable, arguments = self._command(life.workspace, config)
        log = f"{self._accounts.home(life.user)}/{STATE_DIRECTORY}/{life.worker_id}"
        checkpoint = self._checkpoint()
        return JobSpec(
            executable=executable,
            arguments=arguments,
            working_directory=life.workspace,
            name=AGENT_JOB_NAME,
            stdout=f"{log}.out",
            stderr=f"{log}.err",
            cpus=self._options.cpus,
            memory_mb=self._options.memory_mb,
            wall_time_s=wall_time_s,
            environment={CHECKPOINT_VARIABLE: checkpoint} if checkpoint else {},
        )

    def _command(self, workspace: str, config: str) -> tuple[str, tuple[str, ...]]:
        agent = ("-I", "-m", "worker_agent", "--config")
        if self._options.image is None:
            return self._options.python, (*agent, config)
        contained = (
            "exec",
            "--contain",
            "--no-home",
            "--pid",
            "--bind",
            f"{workspace}:{workspace}",
            "--bind",
            f"{config}:{CONFIG_IN_IMAGE}:ro",
            "--pwd",
            workspace,
            self._options.image,
        )
        return self._options.apptainer, (*contained, "/usr/bin/python3", *agent, CONFIG_IN_IMAGE)

    async def _submitted(self, worker_id: str, cluster: str, job_id: str) -> AgentStatus:
        life = await self._registry.record(worker_id, Record("worker.submitted", {"job_id": job_id}))
        await make_known(self._queues, Submitted(cluster=cluster, job_ids=(job_id,)))
        return self.status(life)

    def _control(self, cluster: str) -> RemoteJobControl:
        return RemoteJobControl(self._agents, cluster)
