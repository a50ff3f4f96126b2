"""The schedulers that the contract is tried on: the local one, and on an access point HTCondor and Slurm.

Here only `local` runs. Real ones need an access point: `tests/integration/test_scheduler_contract.py` runs the
contract on one, with `INK_TEST_SCHEDULERS` naming the adapters and `INK_TEST_HOME` a directory that the execute nodes
see too.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ink_core.compute.dag import Dag, DagNode
from ink_core.compute.factory import open_control, open_reader
from ink_core.compute.model import ENDED_STATES, Job, JobAction, JobSpec, JobState, Submitted
from ink_core.compute.options import ClusterOptions, HtcondorOptions, LocalOptions, SlurmOptions
from ink_core.compute.port import JobControl, QueueReader
from ink_core.compute.priorities import Measure, Priorities

SCHEDULERS = os.environ.get("INK_TEST_SCHEDULERS", "local").split(",")
PATIENCE_S = 120
HALF_THE_CPUS = {"local": 1, "slurm": 64}
"""Two jobs of that width fill the cluster: a third one waits. HTCondor holds running jobs too."""


@dataclass(frozen=True)
class Scheduler:
    reader: QueueReader
    control: JobControl
    directory: Path

    def submit(self, script: str, *arguments: str, **changes: object) -> Submitted:
        (self.directory / "job.sh").write_text(f"#!/bin/sh\n{script}\n")
        spec = JobSpec(executable="job.sh", arguments=arguments, working_directory=str(self.directory), memory_mb=50)
        return self.control.submit(spec.model_copy(update=changes), new_operation())

    def fill(self) -> int:
        """Until no machine has as many CPUs free as are returned: the next job of that width waits."""
        cpus = HALF_THE_CPUS.get(self.reader.cluster, 1)
        self.submit("sleep 600", count=2, cpus=cpus)
        deadline = time.monotonic() + PATIENCE_S
        while self.reader.cluster in HALF_THE_CPUS and self._has_room(cpus):
            assert time.monotonic() < deadline, self.reader.health()
            time.sleep(0.1)
        return cpus

    def _has_room(self, cpus: int) -> bool:
        return any(node.cpus - node.cpus_used >= cpus for node in self.reader.health().nodes)

    def dag(self, **nodes: tuple[str, ...]) -> Dag:
        """Nodes by name, each with its script and those before it."""
        made: list[DagNode] = []
        for name, (script, *parents) in nodes.items():
            (self.directory / f"{name}.sh").write_text(f"#!/bin/sh\n{script}\n")
            job = JobSpec(executable=f"{name}.sh", working_directory=str(self.directory), memory_mb=50)
            made.append(DagNode(name=name, parents=tuple(parents), job=job))
        return Dag(nodes=tuple(made))

    def of_dag(self, dag: str) -> dict[str | None, Job]:
        """The jobs of a DAG by node; under None what manages it."""
        return {job.dag_node: job for job in self.reader.snapshot().jobs if job.dag == dag}

    def wait_for_dag(self, dag: str, **states: JobState) -> dict[str | None, Job]:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            jobs = self.of_dag(dag)
            if all(name in jobs and jobs[name].state is state for name, state in states.items()):
                return jobs
            assert time.monotonic() < deadline, {name: job.state for name, job in jobs.items()}
            time.sleep(0.1)

    def priorities_with(self, user: str) -> Priorities:
        """Once this user is among those who are weighed: HTCondor's negotiator tells of a new one after a while."""
        deadline = time.monotonic() + PATIENCE_S
        while (found := self.reader.priorities()).measure is Measure.EFFECTIVE_PRIORITY:
            if user in {row.user for row in found.users}:
                break
            assert time.monotonic() < deadline, found
            time.sleep(0.1)
        return found

    def job(self, job_id: str) -> Job | None:
        return next((job for job in self.reader.snapshot().jobs if job.job_id == job_id), None)

    def act_until_done(self, action: JobAction, job_id: str) -> None:
        """A job that has only just started may be refused at first."""
        deadline = time.monotonic() + PATIENCE_S
        while (result := self.control.act(action, [job_id], "")).refused:
            assert time.monotonic() < deadline, f"{action} of {job_id}: {result.refused}"
            time.sleep(0.1)

    def wait(self, job_id: str, *states: JobState) -> Job:
        """The job, once it is in one of these states (default: it has ended)."""
        deadline = time.monotonic() + PATIENCE_S
        job = self.job(job_id)
        while job is None or job.state not in (states or ENDED_STATES):
            assert time.monotonic() < deadline, f"job {job_id} did not come there: {job}"
            time.sleep(0.1)
            job = self.job(job_id)
        return job


def new_operation() -> str:
    return f"test-{secrets.token_hex(8)}"


def options_for(name: str, directory: Path) -> ClusterOptions:
    match name:
        case "local":
            return LocalOptions(name="local", directory=str(directory / "queue"), slots=2)
        case "htcondor":
            return HtcondorOptions(name="htcondor", deadline_s=60)
        case _:
            interface = os.environ.get("INK_TEST_SLURM_INTERFACE", "rest")
            facts = {"interface": interface, "url": os.environ["INK_TEST_SLURM_URL"]}
            return SlurmOptions.model_validate({"name": "slurm", "deadline_s": 60, **facts})


@pytest.fixture(params=SCHEDULERS)
def scheduler(request: pytest.FixtureRequest) -> Generator[Scheduler]:
    directory = Path(tempfile.mkdtemp(prefix="ink test $HOME's ", dir=os.environ.get("INK_TEST_HOME")))
    options = options_for(request.param, directory)
    made = Scheduler(open_reader(options), open_control(options), directory)
    yield made
    left = [job.job_id for job in made.reader.snapshot().jobs if job.working_directory == str(directory)]
    made.control.act(JobAction.REMOVE, left, "the test is over")
    for adapter in (made.reader, made.control):
        getattr(adapter, "close", lambda: None)()
    shutil.rmtree(directory, ignore_errors=True)
