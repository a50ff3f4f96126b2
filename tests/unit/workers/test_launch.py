"""Launching a worker agent: one job of the user, a token in a private file only, found again after a crash, stopped."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

import pytest
from pydantic import JsonValue

from audit.memory import MemoryLedger
from ink_core.agents import AccessPoint
from ink_core.clock import ManualClock
from ink_core.compute.model import JobState
from ink_core.errors import Unavailable
from manager.workers.launch import AgentLaunchOptions, JobAgentLauncher, WorkerNotFound
from manager.workers.registry import WorkerRegistry
from mcp_tools.doubles import MemoryAgents, MemoryQueues, MemoryScheduler
from worker_agent.protocol import AgentConfig

OPTIONS = AgentLaunchOptions(
    manager_url="ws://manager/agents/connect",
    python="/usr/bin/python3",
    image="/images/worker.sif",
    apptainer="/usr/bin/apptainer",
    cpus=1,
    memory_mb=512,
    idle_timeout_s=60,
    reconnect_for_s=60,
    launch_timeout_s=300,
    manager_key="0" * 64,
    token_lifetime_s=86400,
)


class Accounts:
    def uid(self, user: str) -> int | None:
        return 2001

    def home(self, user: str) -> str:
        return f"/home/{user}"

    def workspace(self, user: str) -> str:
        return f"/scratch/{user}"


class Setting:
    def __init__(self) -> None:
        self.ledger = MemoryLedger()
        self.queues = MemoryQueues({"htcondor": []})
        self.files: dict[str, Mapping[str, JsonValue]] = {}
        self.down = False
        alice = AccessPoint("alice")
        self.agents = MemoryAgents({alice: self._home}, {alice: MemoryScheduler(self.queues, "alice")})
        self.clock = ManualClock()
        self.registry = WorkerRegistry(self.ledger, self.clock)

    async def _home(self, method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
        if self.down:
            raise Unavailable("the access point is down")
        if method == "files.write":
            self.files[str(arguments["path"])] = arguments
        return {}

    def launcher(self) -> JobAgentLauncher:
        return JobAgentLauncher(self.registry, self.agents, Accounts(), self.queues, self.clock, OPTIONS)

    async def restarted(self) -> JobAgentLauncher:
        self.registry = WorkerRegistry(self.ledger, self.clock)
        await self.registry.recover()
        return self.launcher()


@pytest.mark.requirement("WORKER-AUTH-02")
async def test_the_token_is_in_a_private_file_and_nowhere_else() -> None:
    setting = Setting()
    status = await setting.launcher().launch("alice", "htcondor", "op-00000001")
    (written,) = setting.files.values()
    config = AgentConfig.model_validate_json(base64.b64decode(str(written["content"])))
    assert (written["mode"], config.worker_id) == (0o600, status.worker_id)
    job = setting.queues.job("htcondor", str(status.job_id))
    submitted = next(arguments for _, method, arguments in setting.agents.calls if method == "scheduler.submit")
    for place in (
        job.model_dump_json(),
        json.dumps(submitted),
        str(await setting.ledger.read(f"worker:{status.worker_id}")),
    ):
        assert config.secret not in place


async def test_a_worker_that_is_wanted_for_so_long_is_a_job_of_that_wall_time() -> None:
    setting = Setting()
    await setting.launcher().launch("alice", "htcondor", "op-00000001", 600)
    submitted = next(arguments for _, method, arguments in setting.agents.calls if method == "scheduler.submit")
    spec = submitted["spec"]
    assert isinstance(spec, dict) and spec["wall_time_s"] == 600


@pytest.mark.requirement("WORKER-START-05")
async def test_the_container_sees_the_workspace_and_nothing_else_of_the_user() -> None:
    setting = Setting()
    await setting.launcher().launch("alice", "htcondor", "op-00000001")
    submitted = next(arguments for _, method, arguments in setting.agents.calls if method == "scheduler.submit")
    spec = submitted["spec"]
    assert isinstance(spec, dict)
    argv = spec["arguments"]
    assert isinstance(argv, list)
    assert {"--contain", "--no-home", "--pid"} <= set(map(str, argv))
    binds = [str(argv[index + 1]) for index, argument in enumerate(argv) if argument == "--bind"]
    assert len(binds) == 2
    assert binds[0] == "/scratch/alice:/scratch/alice"
    assert binds[1].startswith("/home/alice/.ink/agents/w-")
    assert binds[1].endswith(":ro")


async def test_launching_again_under_the_same_operation_is_the_same_worker_and_one_job() -> None:
    setting = Setting()
    first = await setting.launcher().launch("alice", "htcondor", "op-00000001")
    again = await (await setting.restarted()).launch("alice", "htcondor", "op-00000001")
    assert (first.worker_id, first.job_id) == (again.worker_id, again.job_id)
    assert len(setting.queues.snapshot("htcondor").jobs) == 1


async def test_after_a_crash_a_launch_is_found_by_its_operation() -> None:
    setting = Setting()
    launched = await setting.launcher().launch("alice", "htcondor", "op-00000001")
    launcher = await setting.restarted()
    assert await launcher.find("op-00000001") == launcher.list("alice")[0]
    assert launcher.list("alice")[0].worker_id == launched.worker_id
    assert await launcher.find("op-00000002") is None


@pytest.mark.requirement("WORKER-STOP-01")
async def test_a_stopped_worker_is_gone_and_its_job_is_removed() -> None:
    setting = Setting()
    launcher = setting.launcher()
    status = await launcher.launch("alice", "htcondor", "op-00000001")
    stopped = await launcher.stop(status.worker_id, "op-00000002")
    assert (stopped.state, stopped.detail) == ("gone", "stopped")
    assert setting.queues.job("htcondor", str(status.job_id)).state is JobState.CANCELLED


@pytest.mark.requirement("WORKER-NODE-01")
async def test_a_worker_whose_job_ended_is_buried_with_the_reason() -> None:
    setting = Setting()
    launcher = setting.launcher()
    status = await launcher.launch("alice", "htcondor", "op-00000001")
    jobs = setting.queues.jobs["htcondor"]
    job_id = str(status.job_id)
    jobs[job_id] = jobs[job_id].model_copy(update={"state": JobState.FAILED})
    await launcher.bury()
    (buried,) = launcher.list("alice")
    assert (buried.state, buried.detail) == ("gone", f"its job {job_id} ended (failed)")


async def test_a_worker_that_does_not_connect_in_time_is_buried() -> None:
    setting = Setting()
    launcher = setting.launcher()
    status = await launcher.launch("alice", "htcondor", "op-00000001")
    jobs = setting.queues.jobs["htcondor"]
    job_id = str(status.job_id)
    started = {"state": JobState.RUNNING, "started_at": setting.clock.now()}
    jobs[job_id] = jobs[job_id].model_copy(update=started)
    await launcher.bury()
    assert launcher.list("alice")[0].state == "starting"
    setting.clock.advance(OPTIONS.launch_timeout_s + 1)
    await launcher.bury()
    assert launcher.list("alice")[0].state == "gone"


async def test_anothers_worker_does_not_exist_for_me() -> None:
    setting = Setting()
    launcher = setting.launcher()
    status = await launcher.launch("alice", "htcondor", "op-00000001")
    with pytest.raises(WorkerNotFound):
        launcher.owned("bob", status.worker_id)
    assert launcher.list("bob") == []


async def test_a_launch_on_a_dead_access_point_is_an_error_that_may_be_tried_again() -> None:
    setting = Setting()
    setting.down = True
    with pytest.raises(Unavailable):
        await setting.launcher().launch("alice", "htcondor", "op-00000001")
    assert setting.launcher().list("alice")[0].state == "submitting"
    setting.down = False
    assert (await setting.launcher().launch("alice", "htcondor", "op-00000001")).state == "queued"
