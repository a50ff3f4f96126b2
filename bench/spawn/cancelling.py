"""How long a stop of a session takes until the last turn below it has ended: real sessions, real ledger with fsync."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from audit.sqlite import SqliteLedger
from ink_core.agents import InProcessAgents
from ink_core.clock import SystemClock
from ink_core.identity.principal import USER_SCOPES, Principal
from manager.agent.assembler import Assembler
from manager.agent.choice import ModelChoice
from manager.agent.model import ModelReply, ModelRequest, RequestedCall, TextDelta, TrustClass, UserTurn
from manager.agent.state import LoopLimits
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy_file import load_policy
from manager.sessions.live import LiveChannels
from manager.sessions.parts import RunnerParts
from manager.sessions.service import SessionService
from manager.subagents.children import ChildParts
from manager.subagents.desk import SubAgentDesk
from manager.subagents.library import ProfileLibrary
from manager.subagents.running import RunningParts
from manager.subagents.sessions import ChildSessions
from mcp_tools.catalogue import default_catalogue
from mcp_tools.doubles import MemoryQueues, services

FAN_OUT = (4, 3)
LOWEST = 12
DEADLINE_S = 120.0
ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:bench")
PROFILE = """\
---
name: spawner
description: Gives its goal away to others, and these wait until they are ended.
tools: [delegate]
scopes: [agent:use]
result: {type: object, additionalProperties: false}
---
You give your goal away.
"""


class Spawner:
    """The first message says how far down it is: above the lowest level it delegates, there it never answers."""

    name, trust = "spawner", TrustClass.SITE

    def __init__(self) -> None:
        self.lowest = 0
        self.reached = asyncio.Event()

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | ModelReply, None]:
        level = int(next(turn.text for turn in request.turns if isinstance(turn, UserTurn)))
        if level == len(FAN_OUT):
            self.lowest += 1
            if self.lowest == LOWEST:
                self.reached.set()
            await asyncio.Event().wait()
        goal = json.dumps({"profile": "spawner", "goal": str(level + 1)})
        calls = (RequestedCall(f"m{n}", "delegate", json.loads(goal), goal) for n in range(FAN_OUT[level]))
        yield ModelReply("", tuple(calls))


class Site:
    """Sessions and sub-agents over a ledger in a folder."""

    def __init__(self, folder: Path, ledger: SqliteLedger, model: Spawner) -> None:
        clock, catalogue, policy = SystemClock(), default_catalogue(), load_policy(None)
        desk = SubAgentDesk(ProfileLibrary([folder]))
        ports = replace(services(InProcessAgents({}), MemoryQueues({})), subagents=desk)
        self.gate = Gate(ledger, catalogue, lambda: policy, ports, clock, GateLimits())
        assembler = Assembler(lambda who: catalogue.offered(who.scopes), lambda: ("pool",))
        models = ModelChoice([model])
        parts = RunnerParts(ledger, self.gate, models, assembler.request, LiveChannels(), LoopLimits())
        self.sessions = SessionService(parts)
        children = ChildSessions(ledger, self.sessions, self.gate.lockout)
        running = RunningParts(ledger, clock, self.gate, children, ports.launcher)
        desk.begin(ChildParts(models, catalogue, ports.skills, "pool"), running)

    async def close(self) -> None:
        await self.sessions.close()
        await self.gate.close()


async def cancel_ms(folder: Path) -> float:
    """Of a tree of sixteen agents, twelve of which wait for their model: from the stop to the last record of an end."""
    (folder / "spawner.md").write_text(PROFILE)
    model = Spawner()
    async with AsyncExitStack() as exits, asyncio.timeout(DEADLINE_S):
        ledger = SqliteLedger(folder / "ledger.db")
        exits.push_async_callback(ledger.close)
        site = Site(folder, ledger, model)
        exits.push_async_callback(site.close)
        session = await site.sessions.open(ALICE, "", None)
        await site.sessions.post(ALICE, session.session_id, "0")
        await model.reached.wait()
        began = time.perf_counter()
        await site.sessions.stop(ALICE, session.session_id)
        for child in site.sessions.below(session.session_id):
            await _ended(ledger, f"session:{child}")
        return (time.perf_counter() - began) * 1000


async def _ended(ledger: SqliteLedger, chain: str) -> None:
    async for event in ledger.follow(chain):
        if event.kind == "turn.ended":
            return
