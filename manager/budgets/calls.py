"""Budgets of tool calls: a call, the time it may take and the CPU time of the jobs it submits are reserved and settled.

What a person does in the page is no agent's: of that, CPU time alone counts, so that nobody is locked out of the own
files and jobs by what an agent has used up. Whatever ended before the gate let it go costs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, cast

from ink_core.errors import UnknownTool
from manager.budgets.amounts import HOUR_S, MOST_CPU_S, NOTHING, Amounts
from manager.budgets.desk import BudgetDesk
from manager.budgets.journal import EndedCall, Submitted
from manager.gate.admission import Admitted, Proposal
from manager.gate.call import CallState, CallStatus
from manager.gate.policy import Origin
from mcp_tools.catalogue import Catalogue
from mcp_tools.spec import ToolSpec

MAY_HAVE_SUBMITTED = frozenset({CallStatus.DONE, CallStatus.INDETERMINATE})
MILLISECOND = timedelta(milliseconds=1)


class CallBudgets:
    """Implements the gate's `Spending`."""

    def __init__(self, desk: BudgetDesk, catalogue: Catalogue, full: Callable[[], bool]) -> None:
        self._desk = desk
        self._catalogue = catalogue
        self._full = full

    async def reserve(self, proposal: Proposal, admitted: Admitted) -> None:
        facts = admitted.facts
        most = self._most(proposal.tool, proposal.origin, facts.cpu_hours)
        if most != NOTHING:
            spender = await self._desk.spender(proposal.principal.username, proposal.task, proposal.chain)
            await self._desk.reserve(spender, proposal.call_id, most)

    def give_back(self, call_id: str) -> None:
        self._desk.give_back(call_id)

    def settle(self, state: CallState) -> None:
        if state.intended_at is None or state.ended_at is None:
            self._desk.give_back(state.call_id)
            return
        took_ms = max(0, (state.ended_at - state.intended_at) // MILLISECOND)
        self._desk.ended(
            EndedCall(
                call_id=state.call_id,
                chain=state.chain,
                username=state.principal.username,
                task_id=_facts(state).get("task"),
                at=state.ended_at,
                counts=_counts(state.origin),
                wall_ms=took_ms if self._counted(state.tool) else 0,
                submitted=_submitted(state) if state.status in MAY_HAVE_SUBMITTED else None,
            )
        )

    async def resume(self, state: CallState) -> None:
        facts = _facts(state)
        most = self._most(state.tool, state.origin, float(facts.get("cpu_hours", 0.0)))
        if most != NOTHING:
            spender = await self._desk.spender(state.principal.username, facts.get("task"), state.chain)
            await self._desk.hold(spender, state.call_id, most)

    async def recovered(self) -> None:
        await self._desk.recovered()

    async def keep_up(self) -> None:
        if self._full():
            await self._desk.keep_up()

    def _most(self, tool: str, origin: Origin, cpu_hours: float) -> Amounts:
        cpu_s = _cpu_s(cpu_hours)
        return (
            Amounts(calls=1, wall_ms=self._timeout_ms(tool), cpu_s=cpu_s) if _counts(origin) else Amounts(cpu_s=cpu_s)
        )

    def _timeout_ms(self, tool: str) -> int:
        spec = self._counted(tool)
        return math.ceil(spec.timeout_s * 1000) if spec else 0

    def _counted(self, tool: str) -> ToolSpec | None:
        """None for a tool whose time is none, and for one of an older release: that is resolved and not run."""
        try:
            spec = self._catalogue.get(tool)
        except UnknownTool:
            return None
        return None if spec.waits else spec


def _cpu_s(hours: float) -> int:
    return math.ceil(min(hours * HOUR_S, MOST_CPU_S))


def _counts(origin: Origin) -> bool:
    return origin not in (Origin.USER, Origin.HARNESS)


def _submitted(state: CallState) -> Submitted | None:
    facts = _facts(state)
    if not facts.get("jobs") or state.operation_id is None:
        return None
    cpu_s = _cpu_s(float(facts["cpu_hours"]))
    cluster, dag = state.arguments.get("cluster"), None
    if isinstance(state.result, dict):
        cluster, dag = state.result.get("cluster", cluster), state.result.get("dag")
    return Submitted(state.operation_id, str(cluster), int(facts["jobs"]), cpu_s, str(dag) if dag else None)


def _facts(state: CallState) -> Mapping[str, Any]:
    """What the policy decided by; nothing for a call that could not even be decided on."""
    decision = cast("Mapping[str, Any]", state.decision or {})
    return decision.get("facts", {})
