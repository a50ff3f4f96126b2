"""Real clusters feed the model; `knowledge/test_dev_cluster.py` runs this on the portal node, as alice and as root."""

from __future__ import annotations

import asyncio
import os
import secrets
import subprocess
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ink_core.clock import SystemClock
from ink_core.compute import cluster_view
from ink_core.compute.cluster_view import MirroredCluster
from ink_core.compute.factory import open_control, open_reader
from ink_core.compute.mirror import QueueMirror
from ink_core.compute.model import Description, JobAction, JobSpec, Submitted
from ink_core.compute.options import ClusterOptions, HtcondorOptions, SlurmOptions
from ink_core.compute.port import JobControl
from ink_core.errors import SchedulerDown
from knowledge_graph.facts import Fact, NodeId, NodeKind, Relation, Scalar, name_of
from knowledge_graph.model import GlobalModel
from knowledge_graph.store.memory import MemoryKnowledgeStore
from manager.knowledge.feeding import cluster
from manager.knowledge.feeding.cluster import ClusterFeeding
from manager.knowledge.knowledge import Knowledge
from tests.told import links, values

HTCONDOR = HtcondorOptions(name="htcondor", schedds=("second@portal.pool.test",), deadline_s=60)
SLURM = SlurmOptions(name="slurm", url=os.environ["INK_TEST_SLURM_URL"], deadline_s=60)
PATIENCE_S = 120
HOME = str(Path.home())
HELD = "executable=/bin/sleep\narguments=600\nhold=true\noutput=/dev/null\nqueue\n"
as_alice = pytest.mark.skipif(os.getuid() == 0, reason="users submit jobs")
as_root = pytest.mark.skipif(os.getuid() != 0, reason="administrators drain nodes")


@dataclass
class Fed:
    name: str
    mirror: QueueMirror
    knowledge: Knowledge
    feeding: ClusterFeeding

    async def facts(self, of: NodeId) -> Sequence[Fact]:
        """After one poll and one look."""
        await self.mirror.refresh(self.name)
        await self.feeding.look()
        await self.knowledge.settled()
        return await self.knowledge.ask(lambda model: model.facts(of, SystemClock().now()))

    async def until(self, of: NodeId, **expected: Scalar) -> Mapping[str, Scalar]:
        deadline = time.monotonic() + PATIENCE_S
        while not expected.items() <= (told := values(await self.facts(of), of)).items():
            assert time.monotonic() < deadline, f"{of} is {told}"
            await asyncio.sleep(0.2)
        return told

    async def nodes(self, kind: NodeKind) -> set[str]:
        return {name_of(node) for node in await self.knowledge.ask(lambda model: [*model.nodes(kind)])}


@asynccontextmanager
async def fed(options: ClusterOptions, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Fed]:
    """Looks at nodes each time, and the mirror does too: else every change of one waits half a minute."""
    monkeypatch.setattr(cluster, "CONSISTS_EVERY", cluster.CONSISTS_EVERY * 0)
    monkeypatch.setattr(cluster_view, "NODES_S", 0.0)
    clock, mirror = SystemClock(), QueueMirror([MirroredCluster(open_reader(options), deadline_s=70)])
    knowledge = Knowledge(GlobalModel(), MemoryKnowledgeStore(), clock, 100_000)
    await knowledge.recover()
    try:
        yield Fed(options.name, mirror, knowledge, ClusterFeeding(options.name, options.type, mirror, knowledge, clock))
        assert not knowledge.status().refused
    finally:
        await knowledge.close()
        await mirror.close()


@as_alice
async def test_nodes_slots_schedds_and_jobs_of_the_pool_are_in_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    async with fed(HTCONDOR, monkeypatch) as pool:
        held = Description(text=HELD, working_directory=HOME)
        async with job_of(HTCONDOR, lambda control: control.submit_description(held, secrets.token_hex(8))) as job_id:
            job = await pool.until(f"job:htcondor/{job_id}", state="HOLDING")
            facts = await pool.facts(f"job:htcondor/{job_id}")
        assert (job["reason_code"], job["command"]) == ("15", "/bin/sleep 600")
        assert {
            (f"job:htcondor/{job_id}", Relation.OWNED_BY, "user:alice"),
            (f"job:htcondor/{job_id}", Relation.SUBMITTED_TO, "cluster:htcondor"),
            (f"job:htcondor/{job_id}", Relation.CAUSED_BY, "error:htcondor/15"),
        } <= links(facts)
        assert {"node1.pool.test", "node2.pool.test"} <= await pool.nodes(NodeKind.NODE)
        assert {"slot1@node1.pool.test", "slot1@node2.pool.test"} <= await pool.nodes(NodeKind.SLOT)
        assert {"portal.pool.test", "second@portal.pool.test"} <= await pool.nodes(NodeKind.SCHEDD)
        of_slot = await pool.facts("slot:slot1@node1.pool.test")
        assert ("slot:slot1@node1.pool.test", Relation.PART_OF, "node:node1.pool.test") in links(of_slot)
        assert values(await pool.facts("cluster:htcondor"), "cluster:htcondor")["health"] == "up"


@as_alice
async def test_partitions_nodes_and_jobs_of_slurm_are_in_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    async with fed(SLURM, monkeypatch) as slurm:
        sleeper = JobSpec(executable="/bin/sleep", arguments=("600",), working_directory=HOME, memory_mb=50)
        async with job_of(SLURM, lambda control: control.submit(sleeper, secrets.token_hex(8))) as job_id:
            await slurm.until(f"job:slurm/{job_id}", state="RUNNING")
            facts = await slurm.facts(f"job:slurm/{job_id}")
        await slurm.until(f"job:slurm/{job_id}", state="CANCELLED")
        relations = {(relation, target) for _, relation, target in links(facts)}
        assert (Relation.SUBMITTED_TO, "partition:slurm/main") in relations
        assert {target for relation, target in relations if relation is Relation.RUNS_ON} <= {
            "node:node1",
            "node:node2",
        }
        assert await slurm.nodes(NodeKind.PARTITION) == {"slurm/main"}
        assert values(await slurm.facts("partition:slurm/main"), "partition:slurm/main")["nodes"] == 2
        assert ("node:node1", Relation.MEMBER_OF, "partition:slurm/main") in links(await slurm.facts("node:node1"))


@as_root
async def test_a_drained_node_is_out_of_service_with_its_reason_and_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with fed(SLURM, monkeypatch) as slurm:
        await slurm.until("node:node2", health="up")
        scontrol("NodeName=node2", "State=DRAIN", "Reason=a disk is replaced")
        try:
            told = await slurm.until("node:node2", health="out_of_service")
            assert told["reason"] == "a disk is replaced"
        finally:
            scontrol("NodeName=node2", "State=RESUME")
        await slurm.until("node:node2", health="up")


@asynccontextmanager
async def job_of(options: ClusterOptions, submit: Callable[[JobControl], Submitted]) -> AsyncGenerator[str]:
    """Its id, until it is removed again."""
    control = open_control(options)
    (job_id,) = (await asyncio.to_thread(submit, control)).job_ids
    try:
        yield job_id
    finally:
        deadline = time.monotonic() + PATIENCE_S
        while not await asyncio.to_thread(is_removed, control, job_id):
            assert time.monotonic() < deadline, f"{job_id} cannot be removed"
        control.close()  # type: ignore[attr-defined]


def is_removed(control: JobControl, job_id: str) -> bool:
    """A scheduler on a busy machine may not answer at once."""
    try:
        return bool(control.act(JobAction.REMOVE, [job_id], "the test is over").done)
    except SchedulerDown:
        return False


def scontrol(*changes: str) -> None:
    subprocess.run(["scontrol", "update", *changes], check=True, timeout=60)
