"""What every session runs with: chosen once by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from audit.ledger import Ledger
from ink_core.identity.principal import Principal
from manager.agent.brief import Brief
from manager.agent.choice import ModelChoice
from manager.agent.context import ContextSource
from manager.agent.context_budget import ContextBudget
from manager.agent.model import ModelRequest
from manager.agent.state import LoopLimits, LoopState
from manager.budgets.desk import BudgetDesk
from manager.gate.gate import Gate
from manager.sessions.access import OwnerOnly, SessionAccess
from manager.sessions.live import LiveChannels

Assemble = Callable[[LoopState, Principal, str | None, datetime, str, Brief | None, ContextBudget | None], ModelRequest]
"""The model's request from the conversation, for a principal and a worker, at a time, with the text of a context, of a
sub-agent its brief, and within what the model can take in.

See `manager.agent.assembler`.
"""


class Recalling(Protocol):
    async def note(self, session_id: str, turn: int, seq: int, fact_ids: Sequence[str]) -> None:
        """The request to a model that is record `seq` holds these facts."""
        ...


@dataclass(frozen=True)
class RunnerParts:
    ledger: Ledger
    gate: Gate
    models: ModelChoice
    assemble: Assemble
    live: LiveChannels
    limits: LoopLimits
    budgets: BudgetDesk | None = None
    contexts: ContextSource | None = None
    recalls: Recalling | None = None
    access: SessionAccess = field(default_factory=OwnerOnly)
