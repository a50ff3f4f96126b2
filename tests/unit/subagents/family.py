"""Sessions with sub-agents over an in-memory ledger: models that play parts, and as many restarts as a test wants."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from pydantic import JsonValue

from audit.chains import SESSIONS, session_chain
from audit.ledger import Event, Record
from audit.memory import MemoryLedger
from ink_core.agents import AccessPoint
from ink_core.clock import ManualClock
from ink_core.identity.principal import USER_SCOPES, Principal
from manager.agent.assembler import Assembler
from manager.agent.choice import ModelChoice
from manager.agent.model import AssistantTurn, ModelReply, ModelRequest, RequestedCall, TextDelta, TrustClass, UserTurn
from manager.agent.state import LoopLimits
from manager.budgets.calls import CallBudgets
from manager.budgets.desk import BudgetDesk
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
from mcp_tools.context import AgentStatus, Services
from mcp_tools.doubles import MemoryAgents, MemoryLauncher, MemoryQueues, MemoryScheduler, memory_job, services

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:1")
WORD = "ripe figs"
"""What a result of a test's profile holds."""

PROFILE = """\
---
name: {name}
description: A profile of a test that looks for one word and hands it in.
tools: [{tools}]
scopes: [{scopes}]
worker: {worker}
model: {model}
minutes: {minutes}
result:
  type: object
  additionalProperties: false
  required: [word]
  properties:
    word: {{type: string, maxLength: 200}}
---
You look for one word and hand it in.
"""


def profile(
    folder: Path,
    name: str,
    *,
    tools: str = "list_jobs",
    scopes: str = "jobs:read",
    worker: str = "parent",
    model: str = "parent",
    minutes: int = 5,
) -> None:
    text = PROFILE.format(name=name, tools=tools, scopes=scopes, worker=worker, model=model, minutes=minutes)
    (folder / f"{name}.md").write_text(text)


def reply(*calls: tuple[str, Mapping[str, Any]], text: str = "") -> ModelReply:
    written = (
        RequestedCall(f"m{place}", tool, dict(arguments), json.dumps(arguments))
        for place, (tool, arguments) in enumerate(calls)
    )
    return ModelReply(text, tuple(written), prompt_tokens=100, completion_tokens=10)


def delegates(*goals: tuple[str, str]) -> ModelReply:
    """To each profile its goal."""
    return reply(*(("delegate", {"profile": name, "goal": goal}) for name, goal in goals))


def hands_in(word: JsonValue = WORD) -> ModelReply:
    return reply(("hand_in", {"result": {"word": word}}))


class Cast:
    """A model that plays a part for each conversation: the one whose name its first message begins with.

    A part is a list of replies, one after the other; which is next follows from the conversation alone, so that a
    manager that starts again plays on. `hold` keeps a part from answering until its event is set.
    """

    def __init__(
        self, parts: Mapping[str, Sequence[ModelReply]], name: str = "cast", trust: TrustClass = TrustClass.SITE
    ) -> None:
        self.name, self.trust = name, trust
        self.parts = parts
        self.hold: dict[str, asyncio.Event] = {}
        self.requests: list[tuple[str, ModelRequest]] = []

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | ModelReply, None]:
        if request.system.startswith("You plan"):
            yield ModelReply('{"steps": []}', ())
            return
        first = next(turn.text for turn in request.turns if isinstance(turn, UserTurn))
        part = next(key for key in self.parts if first.startswith(key))
        self.requests.append((part, request))
        if part in self.hold:
            await self.hold[part].wait()
        said = sum(isinstance(turn, AssistantTurn) for turn in request.turns)
        yield self.parts[part][said] if said < len(self.parts[part]) else ModelReply("done", ())


class ReadyLauncher(MemoryLauncher):
    """Its agents are connected as soon as they are launched."""

    async def launch(self, user: str, cluster: str, operation_id: str, wall_time_s: int | None = None) -> AgentStatus:
        launched = await super().launch(user, cluster, operation_id, wall_time_s)
        self.agents[launched.worker_id] = replace(launched, state="ready")
        return self.agents[launched.worker_id]

    async def as_of(self, ledger: MemoryLedger) -> None:
        """As it stands in a world in which no more has happened than these records tell."""
        events = [event for chain in await ledger.chains() for event in await ledger.read(chain)]
        done = [event.body for event in events if event.kind == "call.outcome" and event.body["status"] == "done"]
        for body in done:
            if str(body["call_id"]).endswith(("-worker", "-worker-stop")):
                status = AgentStatus(**cast("dict[str, Any]", body["result"]))
                self.agents[status.worker_id] = status


class CountingLedger(MemoryLedger):
    """`written`: what was appended together, in order; a crash falls between two of them."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.written: list[tuple[str, tuple[Event, ...]]] = []

    async def append(self, chain: str, *records: Record) -> tuple[Event, ...]:
        events = await super().append(chain, *records)
        self.written.append((chain, events))
        return events

    async def up_to(self, writings: int | None, clock: ManualClock) -> CountingLedger:
        """Another one with the first so many writings, or all."""
        copied = CountingLedger(clock)
        for chain, events in self.written[:writings]:
            await copied.append(chain, *(Record(event.kind, event.body) for event in events))
        return copied


class Family:
    """One ledger, and as many managers after each other as a test wants restarts."""

    def __init__(self, folder: Path, *models: Cast) -> None:
        self.folder = folder
        self.models = list(models)
        self.clock = ManualClock()
        self.ledger = CountingLedger(self.clock)
        self.policy = load_policy(None)
        self.budgets: BudgetDesk | None = None
        self.spending: CallBudgets | None = None
        queues = MemoryQueues({"pool": [memory_job("1.0", "alice")]})
        self.queues = queues
        home = AccessPoint("alice")
        agents = MemoryAgents({home: self._process}, {home: MemoryScheduler(queues, "alice")})
        self.stopped: list[JsonValue] = []
        self.services: Services = services(agents, queues)

    async def _process(self, method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
        """What an agent says of a process in the background; `stopped` are those that were ended."""
        if method == "process.stop":
            self.stopped.append(arguments["process_id"])
        known: dict[str, JsonValue] = {"process_id": arguments["process_id"], "argv": ["sleep"], "started_at": 0}
        return {**known, "alive": True, "exit_code": None, "timed_out": False, "problem": "", "next_offset": 0}

    async def start(self) -> Family:
        self.catalogue = default_catalogue()
        self.desk = SubAgentDesk(ProfileLibrary([self.folder]))
        self.services = replace(self.services, subagents=self.desk)
        self.gate = Gate(
            self.ledger,
            self.catalogue,
            lambda: self.policy,
            self.services,
            self.clock,
            GateLimits(),
            spending=self.spending,
        )
        assembler = Assembler(lambda who: self.catalogue.offered(who.scopes), self.queues.clusters)
        choice = ModelChoice(self.models)
        parts = RunnerParts(
            self.ledger, self.gate, choice, assembler.request, LiveChannels(), LoopLimits(), self.budgets
        )
        self.sessions = SessionService(parts)
        for_children = ChildParts(choice, self.catalogue, self.services.skills, "pool", self.budgets)
        running = RunningParts(
            self.ledger,
            self.clock,
            self.gate,
            ChildSessions(self.ledger, self.sessions, self.gate.lockout),
            self.services.launcher,
        )
        self.desk.begin(for_children, running)
        await self.gate.recover()
        await self.sessions.recover()
        await self.desk.recover()
        return self

    async def close(self) -> None:
        await self.sessions.close()
        await self.gate.close()

    async def again(self, writings: int | None = None, launcher: ReadyLauncher | None = None) -> Family:
        """After a crash: another manager on the same world, with the first so many writings, or all."""
        later = Family(self.folder, *self.models)
        later.clock, later.services, later.queues = self.clock, self.services, self.queues
        later.ledger = await self.ledger.up_to(writings, self.clock)
        if launcher is not None:
            await launcher.as_of(later.ledger)
            later.services = replace(self.services, launcher=launcher)
        return await later.start()

    async def ask(self, text: str) -> str:
        session = await self.sessions.open(ALICE, "", None)
        await self.sessions.post(ALICE, session.session_id, text)
        return session.session_id

    async def until(self, session_id: str, kind: str, count: int = 1) -> Event:
        async with asyncio.timeout(100):
            async for event in self.ledger.follow(session_chain(session_id)):
                count -= event.kind == kind
                if not count:
                    return event
        raise AssertionError(kind)

    async def events(self, session_id: str) -> list[Event]:
        return list(await self.ledger.read(session_chain(session_id)))

    async def outcomes(self, session_id: str, tool: str = "delegate") -> list[dict[str, Any]]:
        """How the calls of one tool ended, in the order of their ids."""
        events = await self.events(session_id)
        mine = sorted(
            str(each.body["call_id"]) for each in events if each.kind == "call.proposed" and each.body["tool"] == tool
        )
        ends = {
            str(each.body["call_id"]): dict(each.body)
            for each in events
            if each.kind in ("call.outcome", "call.refused")
        }
        return [ends[call_id] for call_id in mine]

    async def children(self) -> list[str]:
        """Of all sessions, in the order of their goals."""
        found = [chain.removeprefix(SESSIONS) for chain in await self.ledger.chains(SESSIONS)]
        views = [await self.sessions.view(session_id) for session_id in found]
        return [view.session_id for view in sorted(views, key=lambda view: view.title) if view.delegation]
