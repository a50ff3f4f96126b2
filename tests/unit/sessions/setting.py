"""Sessions over an in-memory ledger with a scripted model, and as many restarts as a test wants."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

from audit.chains import session_chain
from audit.ledger import Event
from audit.memory import MemoryLedger
from ink_core.agents import InProcessAgents
from ink_core.clock import ManualClock
from ink_core.identity.principal import ADMIN_SCOPES, USER_SCOPES, Principal, Scope
from manager.agent.assembler import Assembler
from manager.agent.choice import ModelChoice, ModelFacts
from manager.agent.context import ContextSource
from manager.agent.model import ModelReply, ModelRequest, RequestedCall, TextDelta, ToolTurn, TrustClass
from manager.agent.state import LoopLimits
from manager.budgets.calls import CallBudgets
from manager.budgets.desk import BudgetDesk
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy_file import load_policy
from manager.sessions.access import OwnerOnly, SessionAccess, Share
from manager.sessions.live import LiveChannels
from manager.sessions.parts import RunnerParts
from manager.sessions.service import SessionService
from manager.sessions.view import SessionView
from mcp_tools.catalogue import Catalogue
from mcp_tools.context import ToolContext
from mcp_tools.doubles import MemoryQueues, services
from mcp_tools.spec import Preview, ToolSpec, ToolValue
from tests.doubles.tools import writing_tool

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:1")
BOB = ALICE.model_copy(update={"username": "bob"})
ADMIN = Principal(username="admin", is_admin=True, scopes=ADMIN_SCOPES, credential="session:3")

Step = Callable[[ModelRequest], ModelReply]


class ScriptedModel:
    """Says the steps in order. `hold` keeps it from answering until set."""

    name = "scripted"
    trust: TrustClass = TrustClass.BUILTIN

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = list(steps)
        self.requests: list[ModelRequest] = []
        self.hold: asyncio.Event | None = None

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | ModelReply, None]:
        self.requests.append(request)
        reply = self.steps.pop(0)(request)
        for word in reply.text.split(" "):
            yield TextDelta(word + " ")
        if self.hold:
            await self.hold.wait()
        yield reply


def says(text: str) -> Step:
    return lambda _: ModelReply(text, ())


def calls(tool: str, **arguments: Any) -> Step:
    return lambda _: ModelReply("", (RequestedCall("m1", tool, arguments, "{}"),))


def repeats_result(request: ModelRequest) -> ModelReply:
    last = request.turns[-1]
    assert isinstance(last, ToolTurn)
    return ModelReply(f"the tool said {last.content}", ())


class Nothing(ToolValue):
    owner: str = "alice"


class Count(ToolValue):
    count: int


class SharedOut:
    """Alice's sessions: Bob may watch those of the task t1, nobody else knows of them."""

    def share(self, principal: Principal, view: SessionView) -> Share | None:
        if principal.username == view.owner:
            return Share.STEER
        return Share.WATCH if principal.username == "bob" and view.task_id == "t1" else None

    def readers(self, view: SessionView) -> frozenset[str]:
        return frozenset({view.owner, *(("bob",) if view.task_id == "t1" else ())})

    def task(self, view: SessionView) -> str | None:
        return view.task_id

    def adds_to(self, username: str, view: SessionView) -> str | None:
        return None


class Setting:
    """One ledger, and as many services after each other as a test wants restarts. `output`: of its tool."""

    output: type[ToolValue] = Count

    def __init__(self, *steps: Step) -> None:
        self.ledger: MemoryLedger = MemoryLedger()
        self.model = ScriptedModel(steps)
        self.ran = 0
        self.gate: Gate | None = None
        self.catalogue: Catalogue | None = None
        self.budgets: BudgetDesk | None = None
        self.known: dict[str, ModelFacts] = {}
        self.contexts: ContextSource | None = None
        self.access: SessionAccess = OwnerOnly()
        self.tools: Sequence[ToolSpec] = ()

    async def _run(self, context: ToolContext, asked: Nothing) -> ToolValue:
        self.ran += 1
        return Count(count=self.ran)

    async def _preview(self, context: ToolContext, asked: Nothing) -> Preview:
        return Preview(summary="Count", targets=("1.0",), owners=(asked.owner,))

    async def start(self) -> SessionService:
        work = {"input": Nothing, "output": self.output, "run": self._run, "preview": self._preview}
        spec = writing_tool("remove_jobs", scopes=frozenset({Scope.JOBS_MANAGE}), **work)
        catalogue = self.catalogue = Catalogue([spec, *self.tools])
        policy = load_policy(None)
        doubles = services(InProcessAgents({}), MemoryQueues({}))
        spending = CallBudgets(self.budgets, catalogue, lambda: False) if self.budgets else None
        limits = GateLimits()
        self.gate = Gate(self.ledger, catalogue, lambda: policy, doubles, ManualClock(), limits, spending=spending)
        assembler = Assembler(lambda principal: catalogue.allowed(principal.scopes), lambda: ("local",))
        models = ModelChoice([self.model], self.known)
        parts = RunnerParts(
            self.ledger,
            self.gate,
            models,
            assembler.request,
            LiveChannels(),
            LoopLimits(),
            self.budgets,
            self.contexts,
            access=self.access,
        )
        service = SessionService(parts)
        await self.gate.recover()
        await service.recover()
        return service

    async def kinds(self, session_id: str) -> list[str]:
        return [event.kind for event in await self.ledger.read(session_chain(session_id))]

    async def until(self, session_id: str, kind: str, meant: Callable[[Event], bool] = lambda _: True) -> Event:
        async with asyncio.timeout(100):
            async for event in self.ledger.follow(session_chain(session_id)):
                if event.kind == kind and meant(event):
                    return event
        raise AssertionError(kind)
