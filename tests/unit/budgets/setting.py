"""The gate with budgets on a real database: a tool that submits jobs, and as many starts as a test wants."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from audit.ledger import Ledger
from audit.memory import MemoryLedger
from ink_core.agents import InProcessAgents
from ink_core.clock import ManualClock
from ink_core.compute.model import Job, JobState
from ink_core.db import Database
from ink_core.identity.principal import USER_SCOPES, Principal, Scope
from manager.budgets.amounts import Amounts
from manager.budgets.calls import CallBudgets
from manager.budgets.desk import BudgetDesk, SiteLimits
from manager.gate.admission import Proposal
from manager.gate.call import CallState, operation_id_of
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy import Origin
from manager.gate.policy_file import load_policy
from mcp_tools.catalogue import Catalogue
from mcp_tools.context import ToolContext
from mcp_tools.doubles import MemoryQueues, services
from mcp_tools.spec import Preview, ToolValue
from tests.doubles.tools import writing_tool
from tests.unit.budgets.desks import stores

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="token:1")


class Jobs(ToolValue):
    """How many jobs of two cores and two hours; `dag` where they are one."""

    count: int = 1
    owner: str = "alice"
    cluster: str = "pool"
    dag: str | None = None


class Setting:
    """A tool that submits jobs, and as many starts after each other as a test wants."""

    def __init__(self, database: Database) -> None:
        self.clock, self.database = ManualClock(), database
        self.ledger: Ledger = MemoryLedger(self.clock)
        self.limits = SiteLimits()
        self.error: Exception | None = None
        self.hold: asyncio.Event | None = None

    async def start(self) -> None:
        made = stores(self.database, self.clock, self.ledger)
        self.desk = BudgetDesk(made, self.limits, {}, self.clock)
        self.journal = made.journal
        scopes = frozenset({Scope.JOBS_SUBMIT})
        work = {"input": Jobs, "output": Jobs, "run": self._run, "preview": self._preview, "scopes": scopes}
        catalogue = Catalogue([writing_tool("submit_job", **work)])
        policy, doubles = load_policy(None), services(InProcessAgents({}), MemoryQueues({}))
        budgets = CallBudgets(self.desk, catalogue, lambda: made.journal.full)
        limits = GateLimits()
        self.gate = Gate(self.ledger, catalogue, lambda: policy, doubles, self.clock, limits, spending=budgets)
        await self.gate.recover()

    async def _preview(self, context: ToolContext, asked: Jobs) -> Preview:
        hours = asked.count * 4.0
        return Preview(summary="Submit", owners=(asked.owner,), jobs=asked.count, cpu_hours=hours)

    async def _run(self, context: ToolContext, asked: Jobs) -> Jobs:
        if self.hold:
            await self.hold.wait()
        self.clock.advance(1.5)
        if self.error:
            raise self.error
        return asked

    async def propose(self, call_id: str, origin: Origin = Origin.MODEL, **asked: object) -> CallState:
        chain = "session:s1" if origin is Origin.MODEL else "portal:alice"
        given = Jobs.model_validate(asked).model_dump()
        return await self.gate.propose(Proposal(call_id, "submit_job", given, ALICE, origin, chain))

    async def submit(self, call_id: str, origin: Origin = Origin.MODEL, **asked: object) -> CallState:
        await self.propose(call_id, origin, **asked)
        return await self.gate.wait(call_id, 100)

    async def job_ended(self, call_id: str, job_id: str, hours: float = 1.0, **other: object) -> None:
        now = self.clock.now()
        fields = {"cluster": "pool", "job_id": job_id, "owner": "alice", "name": "fit", "command": "fit", "cpus": 2}
        times = {"started_at": now - timedelta(hours=hours), "ended_at": now, "state": JobState.COMPLETED}
        operation = {"operation_id": operation_id_of(call_id)}
        self.journal.jobs_ended([Job.model_validate({**fields, **times, **operation, **other})])
        await self.desk.keep_up()

    async def month(self) -> tuple[Amounts, Amounts]:
        """What alice has spent and reserved."""
        standing = await self.desk.of_user("alice")
        return standing.spent, standing.reserved
