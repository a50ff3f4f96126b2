"""Administrators, and nobody else, are told what of the service is not as it should be."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ink_core.clock import SystemClock
from ink_core.compute.cluster_view import MirroredCluster
from ink_core.compute.local.queue import LocalQueue
from ink_core.compute.local.reader import LocalReader
from ink_core.compute.local.schema import NewJobs
from ink_core.compute.mirror import QueueMirror
from ink_core.compute.model import Job
from ink_core.errors import Unavailable
from knowledge_graph.changes import Change
from knowledge_graph.facts import Attribute, Layer, Origin
from knowledge_graph.model import GlobalModel
from knowledge_graph.store.memory import MemoryKnowledgeStore
from manager.knowledge.knowledge import Knowledge
from tests.security.application import application, client, signed_in


async def test_a_broken_policy_is_shown_to_administrators_only(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("version: 1\nextends: default\nrules: []\n")
    async with application(tmp_path / "data", {"INK_POLICY__FILE": str(file)}) as app, client(app) as http:
        admin, user = await signed_in(app, "root-of-ink", is_admin=True), await signed_in(app, "somebody")
        before: Any = (await http.get("/health/details", headers=admin)).json()
        assert (before["status"], before["policy"]["problem"]) == ("ok", None)
        file.write_text("version: 1\nrules: nonsense\n")
        for _ in range(2):
            await app.state.platform.policy.refresh()
        after: Any = (await http.get("/health/details", headers=admin)).json()
        assert after["status"] == "degraded"
        assert "policy.yaml:2:8: rules" in after["policy"]["problem"]
        assert after["policy"]["version"] == before["policy"]["version"]
        assert (await http.get("/health/details", headers=user)).status_code == 403
        assert (await http.get("/health", headers=user)).json() == {"status": "ok"}


async def test_a_job_that_the_history_could_not_take_is_named_to_administrators(tmp_path: Path) -> None:
    def record(jobs: Sequence[Job]) -> None:
        raise ValueError("its name is none that a database stores")

    (job_id,) = LocalQueue(tmp_path / "queue").submit(one_job())
    LocalQueue(tmp_path / "queue").change_state(job_id, ("QUEUEING",), "CANCELLED", None, None, time.time())
    mirror = QueueMirror([MirroredCluster(LocalReader("local", tmp_path / "queue"))], record=record)
    await mirror.refresh("local")
    async with application(tmp_path / "data") as app, client(app) as http:
        admin = await signed_in(app, "root-of-ink", is_admin=True)
        app.state.platform = replace(app.state.platform, core=replace(app.state.core, queues=mirror))
        said: Any = (await http.get("/health/details", headers=admin)).json()
    await mirror.close()
    assert said["status"] == "degraded"
    (cluster,) = said["clusters"]
    assert cluster["problem"] is None
    assert cluster["unrecorded"] == {job_id: "ValueError: its name is none that a database stores"}


async def test_a_global_model_that_cannot_be_saved_is_shown_to_administrators(tmp_path: Path) -> None:
    knowledge = Knowledge(GlobalModel(), AwayStore(), SystemClock(), room=10)
    await knowledge.recover()
    await knowledge.change([Attribute("node:wn1", "state", "up", Origin("test", Layer.RUNTIME, SystemClock().now()))])
    await knowledge.settled()
    with pytest.raises(Unavailable):
        await knowledge.save()
    async with application(tmp_path / "data") as app, client(app) as http:
        admin = await signed_in(app, "root-of-ink", is_admin=True)
        app.state.platform = replace(app.state.platform, knowledge=knowledge)
        said: Any = (await http.get("/health/details", headers=admin)).json()
    await knowledge.close()
    assert said["status"] == "degraded"
    assert said["knowledge"] == {
        "facts": 1,
        "waiting": 0,
        "unsaved": 1,
        "coalesced": 0,
        "refused": {},
        "problem": "the database does not answer",
    }


class AwayStore(MemoryKnowledgeStore):
    def append(self, changes: Sequence[Change]) -> None:
        raise Unavailable("the database does not answer")


def one_job() -> NewJobs:
    return NewJobs(
        owner="alice",
        operation_id="op-1",
        name="n",
        argv=("/bin/true",),
        working_directory="/",
        stdout="out",
        stderr="err",
        environment={},
        cpus=1,
        memory_mb=1,
        wall_time_s=None,
        queue=None,
        group=None,
        priority=0,
        count=1,
        submitted_at=0,
    )
