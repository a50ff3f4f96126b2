"""Plan mode: while a conversation is in it, its agent and its sub-agents may look and change nothing.

Only people switch it (`manager.sessions.switching`).
"""

from __future__ import annotations

from audit.ledger import Ledger
from ink_core.errors import Forbidden
from manager.gate.policy import Origin
from manager.gate.session_switch import SessionSwitch
from mcp_tools.spec import Risk, ToolSpec

PLAN_MODE = "session.plan_mode"


class PlanModeOn(Forbidden):
    code = "plan_mode"


class PlanModes:
    def __init__(self, ledger: Ledger) -> None:
        self._switch = SessionSwitch(ledger, PLAN_MODE)

    async def check_call(self, origin: Origin, chain: str, spec: ToolSpec) -> None:
        """Raises `PlanModeOn` for a call of the model that is more than a look; what people do by hand is theirs."""
        if origin is not Origin.MODEL or spec.risk is Risk.READ:
            return
        if by := await self._switch.switched_by(chain):
            raise PlanModeOn(
                f"{spec.name} was not run: {by} has put this conversation into plan mode, in which the agent "
                "may look and change nothing. Describe what you would do; a person can leave plan mode"
            )
