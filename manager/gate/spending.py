"""What calls may use up, as the gate sees it: reserved before a call is let through, settled when it has ended."""

from __future__ import annotations

from typing import Protocol

from manager.gate.admission import Admitted, Proposal
from manager.gate.call import CallState


class Spending(Protocol):
    """`manager.budgets.calls.CallBudgets` is the one that the platform runs on."""

    async def reserve(self, proposal: Proposal, admitted: Admitted) -> None:
        """Raises `BudgetExhausted`, and nothing is reserved then."""
        ...

    def give_back(self, call_id: str) -> None:
        """Of a call that was not taken in after all; does nothing for any other."""
        ...

    def settle(self, state: CallState) -> None:
        """A call has ended, now or before a restart; the same call counts once."""
        ...

    async def resume(self, state: CallState) -> None:
        """Reserve again for a call that was open when the process ended."""
        ...

    async def recovered(self) -> None:
        """All that was open is resumed: what else was reserved by who decided here before is given back."""
        ...

    async def keep_up(self) -> None:
        """Called often while many ended calls are settled, so that they do not all wait in memory."""
        ...


class NoBudgets:
    """The shipped double: nothing is limited and nothing counted."""

    async def reserve(self, proposal: Proposal, admitted: Admitted) -> None: ...

    def give_back(self, call_id: str) -> None: ...

    def settle(self, state: CallState) -> None: ...

    async def resume(self, state: CallState) -> None: ...

    async def recovered(self) -> None: ...

    async def keep_up(self) -> None: ...
