"""Plan mode: while a conversation is in it, its agent and its sub-agents may look and change nothing.

Which conversation is in it is what the ledger says at the moment of a call, so that it holds over a restart, on every
replica and for whatever was approved before. Only people switch it (`manager.sessions.planning`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, cast

from audit.chains import session_chain, session_of
from audit.folds import ChainFolds
from audit.ledger import Event, Ledger, Record
from ink_core.errors import Forbidden
from manager.gate.policy import Origin
from mcp_tools.spec import Risk, ToolSpec

PLAN_MODE = "session.plan_mode"
KEPT = 1_000


class PlanModeOn(Forbidden):
    code = "plan_mode"


@dataclass(frozen=True)
class Planning:
    """What one session's chain says; `ancestors` are the sessions that a sub-agent works for."""

    on: bool = False
    by: str = ""
    ancestors: tuple[str, ...] = ()


def fold(state: Planning, event: Event) -> Planning:
    body = cast("dict[str, Any]", dict(event.body))
    if event.kind == PLAN_MODE:
        return replace(state, on=body["on"], by=body["by"])
    if event.kind == "session.opened" and body.get("delegation"):
        return replace(state, ancestors=tuple(body["delegation"]["ancestors"]))
    return state


def switched_record(on: bool, by: str) -> Record:
    return Record(PLAN_MODE, {"on": on, "by": by})


class PlanModes:
    def __init__(self, ledger: Ledger) -> None:
        self._chains = ChainFolds(ledger, Planning(), fold, KEPT)

    async def check_call(self, origin: Origin, chain: str, spec: ToolSpec) -> None:
        """Raises `PlanModeOn` for a call of the model that is more than a look; what people do by hand is theirs."""
        if origin is not Origin.MODEL or spec.risk is Risk.READ or session_of(chain) is None:
            return
        own = await self._chains.of(chain)
        for state in (own, *[await self._chains.of(session_chain(ancestor)) for ancestor in own.ancestors]):
            if state.on:
                raise PlanModeOn(
                    f"{spec.name} was not run: {state.by} has put this conversation into plan mode, in which the agent "
                    "may look and change nothing. Describe what you would do; a person can leave plan mode"
                )
