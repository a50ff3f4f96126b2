"""Puts the calls of a session's model before the gate, as the author of the latest message."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from manager.agent import loop
from manager.agent.egress import CLEARANCE
from manager.budgets.accounts import BudgetExhausted
from manager.gate.admission import Proposal, TrustChangeNeeded
from manager.gate.policy import Origin
from manager.sessions.asking import Asking
from manager.sessions.course import SessionCourse
from manager.sessions.parts import RunnerParts


class Proposing:
    def __init__(self, course: SessionCourse, parts: RunnerParts, asking: Asking) -> None:
        self._course = course
        self._parts = parts
        self._asking = asking
        self._planning = asyncio.Lock()

    async def propose(self, call: loop.ProposeCall) -> None:
        seen = self._course.seen
        model = self._parts.models.of_session(seen.model_asked)
        readers = self._parts.access.readers(seen) - {self._course.authority.username}
        async with self._planning:
            if await self._parts.gate.wants_plan(seen.chain, call.tool, readers):
                await self._asking.plan(model)
        proposal = replace(
            self._proposal(call),
            arguments=call.arguments,
            tools=seen.tools_granted,
            agent=seen.delegation.path if seen.delegation else None,
            readers=readers,
            clearance=CLEARANCE[model.trust],
        )
        try:
            state = await self._parts.gate.propose(proposal)
        except BudgetExhausted as error:
            await self._asking.ask_for_budget(error)
            return
        if state.error and state.error.code == TrustChangeNeeded.code:
            await self._asking.offer_other_model(model, call.tool, state.error.message)

    async def refuse(self, call: loop.RefuseCall) -> None:
        await self._parts.gate.refuse(self._proposal(call), call.code, call.message)

    def _proposal(self, call: loop.ProposeCall | loop.RefuseCall) -> Proposal:
        """Whose call it is, without its arguments: of one that is refused they could not be read."""
        seen = self._course.seen
        return Proposal(
            call_id=call.call_id,
            tool=call.tool,
            arguments={},
            principal=self._course.authority,
            origin=Origin.MODEL,
            chain=seen.chain,
            worker_id=self._course.worker_id,
            model_call_id=call.model_call_id,
            task=self._parts.access.task(seen),
        )
