"""A real node fails and comes back; `knowledge/test_incidents_on_slurm.py` runs this on the portal node, as root."""

from __future__ import annotations

import os

import pytest

from audit.memory import MemoryLedger
from ink_core.clock import ManualClock, SystemClock
from ink_core.compute.options import SlurmOptions
from ink_core.identity.principal import ADMIN_SCOPES, Principal
from knowledge_graph.incidents.incident import IncidentState
from knowledge_graph.incidents.node_states import NodeCondition
from manager.incidents.opening import Watch, open_watch
from manager.knowledge.contexts import Contexts
from tests.integration.portal_knowledge import fed, scontrol

SLURM = SlurmOptions(name="slurm", url=os.environ["INK_TEST_SLURM_URL"], deadline_s=60)
ROOT = Principal(username="root", is_admin=True, scopes=ADMIN_SCOPES, credential="session:r")
LONGER_THAN_PATIENCE_S = 200


async def test_a_node_that_fails_is_an_incident_until_it_is_back_and_a_drained_one_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with fed(SLURM, monkeypatch) as slurm:
        clock = ManualClock(SystemClock().now())
        contexts = Contexts(slurm.knowledge, clock, 1000)
        types = {"slurm": "slurm"}
        watch = open_watch(MemoryLedger(clock), clock, slurm.mirror, None, slurm.knowledge, types, contexts.explained)
        await slurm.until("node:node2", health="up")
        try:
            scontrol("NodeName=node2", "State=DRAIN", "Reason=a disk is replaced")
            await slurm.until("node:node2", health="out_of_service")
            await looked(watch, clock)
            assert watch.desk.list(ROOT) == []
            (drained,) = (await watch.site.health(ROOT)).clusters[0].troubled
            assert (drained.condition, drained.reason) == (NodeCondition.MAINTENANCE, "a disk is replaced")
            scontrol("NodeName=node2", "State=DRAIN", "Reason=Kill task failed")  # as slurmctld itself does
            await slurm.until("node:node2", reason="Kill task failed")
            await looked(watch, clock)
            (incident,) = watch.desk.list(ROOT)
            assert (incident.title, incident.state) == ("Node node2 is down", IncidentState.OPEN)
            evidence = set(watch.desk.view(ROOT, incident.incident_id).evidence)
            assert evidence and evidence <= {fact.id for fact in await slurm.facts("node:node2")}
        finally:
            scontrol("NodeName=node2", "State=RESUME")
        await slurm.until("node:node2", health="up")
        await looked(watch, clock)
        (incident,) = watch.desk.list(ROOT)
        assert incident.state is IncidentState.RESOLVED


async def looked(watch: Watch, clock: ManualClock) -> None:
    await watch.desk.look()
    clock.advance(LONGER_THAN_PATIENCE_S)
    await watch.desk.look()
