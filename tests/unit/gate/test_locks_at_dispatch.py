"""A lock that is set while a call is being looked at stops that call before it is carried out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ink_core.agents import InProcessAgents
from manager.gate.call import CallStatus
from manager.gate.gate import Gate, GateLimits
from manager.gate.lockout import CHAIN as LOCKS
from manager.gate.lockout import LockKind, set_record
from manager.gate.policy_file import load_policy
from mcp_tools.catalogue import Catalogue
from mcp_tools.context import ToolContext
from mcp_tools.doubles import MemoryLauncher, MemoryQueues, services
from mcp_tools.spec import Preview
from tests.unit.gate.test_gate import Job, Setting, ended, proposal


@pytest.mark.requirement("GATE-APPROVAL-12")
@pytest.mark.parametrize("kind", list(LockKind))
async def test_a_lock_set_during_admission_stops_the_call(kind: LockKind) -> None:
    setting, launcher, policy = Setting(), MemoryLauncher(), load_policy(None)
    worker_id = (await launcher.launch("alice", "local", "op-00000001")).worker_id
    name = {LockKind.USER: "alice", LockKind.AGENT: worker_id, LockKind.SESSION: "s1"}[kind]

    async def locked_meanwhile(context: ToolContext, job: Job) -> Preview:
        for event in await setting.ledger.append(LOCKS, set_record(kind, name, "admin", "runs wild")):
            gate.lockout.fold(event)
        return await setting.world.preview(context, job)

    doubles = replace(services(InProcessAgents({}), MemoryQueues({})), launcher=launcher)
    catalogue = Catalogue([setting.world.tool(preview=locked_meanwhile)])
    gate = Gate(setting.ledger, catalogue, lambda: policy, doubles, setting.clock, GateLimits())
    await gate.propose(replace(proposal(), worker_id=worker_id))
    state = await ended(gate)
    assert (state.status, state.error and state.error.code) == (CallStatus.FAILED, "locked")
    assert setting.world.removed == []
