"""A computing centre in memory with the product's own parts: ledger, gate, sessions, global model, contexts, desk."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from audit.chains import session_chain
from audit.ledger import Event
from audit.memory import MemoryLedger
from bench.corrections.decider import Decider
from ink_core.agents import InProcessAgents
from ink_core.clock import SystemClock
from ink_core.identity.principal import USER_SCOPES, Principal
from knowledge_graph.facts import Fact
from knowledge_graph.model import GlobalModel
from knowledge_graph.store.memory import MemoryKnowledgeStore
from manager.agent.assembler import Assembler
from manager.agent.choice import ModelChoice
from manager.agent.state import LoopLimits
from manager.gate.door import GateDoor
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy_file import load_policy
from manager.knowledge.contexts import Contexts
from manager.knowledge.knowledge import Knowledge
from manager.knowledge.learning import open_learning
from manager.knowledge.session_steps import RecordedSteps
from manager.sessions.access import OwnerOnly
from manager.sessions.live import LiveChannels
from manager.sessions.parts import RunnerParts
from manager.sessions.service import SessionService
from mcp_tools.catalogue import default_catalogue
from mcp_tools.doubles import MemoryQueues, services

BUDGET = 1_000
ROOM = 100_000
DEADLINE_S = 120.0


class Centre:
    """Asked and corrected by one user. `start` first, `close` last."""

    def __init__(self) -> None:
        clock = SystemClock()
        self._ledger = MemoryLedger()
        self._knowledge = Knowledge(GlobalModel(), MemoryKnowledgeStore(), clock, ROOM)
        self._contexts = Contexts(self._knowledge, clock, BUDGET, wait_s=DEADLINE_S)
        self.learning = open_learning(self._ledger, clock, self._knowledge.observe)
        ports = replace(
            services(InProcessAgents({}), MemoryQueues({})),
            contributions=self.learning.contributions,
            steps=RecordedSteps(self._ledger, OwnerOnly()),
        )
        catalogue, policy = default_catalogue(), load_policy(None)
        self._gate = Gate(self._ledger, catalogue, lambda: policy, ports, clock, GateLimits())
        self._door = GateDoor(self._gate)
        assembler = Assembler(lambda _: (), lambda: ("pool",))
        parts = RunnerParts(
            self._ledger,
            self._gate,
            ModelChoice([Decider()]),
            assembler.request,
            LiveChannels(),
            LoopLimits(),
            contexts=self._contexts,
            recalls=self.learning.recalls,
        )
        self._sessions = SessionService(parts)
        self._user = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:bench")

    async def start(self, facts: Sequence[Fact]) -> None:
        await self._knowledge.recover()
        await self._knowledge.change(facts)
        await self._knowledge.settled()
        await self._contexts.recover()
        await self._gate.recover()

    async def close(self) -> None:
        await self._sessions.close()
        await self._gate.close()
        await self._knowledge.close()

    async def ask(self, question: str) -> tuple[str, str]:
        """The session, a new one for each question, and what was decided in it."""
        session_id = (await self._sessions.open(self._user, "", None)).session_id
        await self._sessions.post(self._user, session_id, question)
        return session_id, str((await self._until(session_id, "model.replied")).body["text"])

    async def correct(self, session_id: str, wrong: str, right: str) -> None:
        """Marks the first reply of a session as wrong, once its turn has ended."""
        await self._until(session_id, "turn.ended")
        arguments = {"session_id": session_id, "turn": 1, "wrong": wrong, "right": right}
        chain = f"portal:{self._user.username}"
        view = await self._door.call(
            self._user, "correct_step", arguments, origin="user", chain=chain, wait_s=DEADLINE_S
        )
        if view.status != "done":
            raise RuntimeError(f"a correction was not taken: {view.error}")
        await self._knowledge.settled()

    async def _until(self, session_id: str, kind: str) -> Event:
        async with asyncio.timeout(DEADLINE_S):
            async for event in self._ledger.follow(session_chain(session_id)):
                if event.kind in (kind, "model.failed"):
                    return event
        raise RuntimeError(f"session {session_id} ended without {kind}")
