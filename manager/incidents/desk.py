"""The incidents of the running platform: state is a fold over the ledger's chain `incidents`.

Looks are made one at a time, and each change is durable before it counts: one that the ledger could not take is made
again at the next look.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from audit.ledger import Ledger
from ink_core.clock import Clock
from ink_core.errors import Conflict, InkError
from ink_core.identity.principal import Principal
from knowledge_graph.incidents.incident import Closing, Incident
from knowledge_graph.incidents.like_cases import like_cases
from knowledge_graph.incidents.machine import Acted, Closed, Event, IncidentMachine, Looked
from manager.incidents.records import CHAIN, change_of, record_of
from mcp_tools.incident_views import (
    Diagnosis,
    IncidentRow,
    IncidentView,
    PackedFactView,
    ProposalView,
    check_visible,
    proposal_views,
    row,
    view,
    visible,
)

log = structlog.get_logger()

Look = Callable[[], Awaitable[Looked]]
Listener = Callable[[Sequence[Incident]], Awaitable[None]]
Around = Callable[[Principal, Incident], Awaitable[tuple[str, Sequence[PackedFactView]]]]
"""What the global model knows around an incident, as far as this reader may know it."""


class ProposalGone(Conflict):
    """What was proposed about an incident is not proposed any more."""

    code = "proposal_gone"


class IncidentDesk:
    """Implements `mcp_tools.context.Incidents`. `told` hears of all incidents whenever one has changed."""

    def __init__(self, ledger: Ledger, clock: Clock, look: Look, around: Around, told: Listener) -> None:
        self._ledger = ledger
        self._clock = clock
        self._look = look
        self._around = around
        self._told = told
        self._machine = IncidentMachine()
        self._one_at_a_time = asyncio.Lock()
        self._untold = False

    async def recover(self) -> None:
        for event in await self._ledger.read(CHAIN):
            self._machine.take(change_of(event))
        await self._tell()

    async def look(self) -> None:
        """See what is wrong now. Raises `LedgerUnavailable`."""
        await self._handle(await self._look())
        if self._untold:
            await self._tell()

    def all(self) -> Sequence[Incident]:
        return self._machine.book.all()

    def open(self) -> Sequence[Incident]:
        return self._machine.book.open()

    def list(self, principal: Principal) -> Sequence[IncidentRow]:
        """Those that this reader may see, the one opened last first."""
        now = self._clock.now()
        return [row(principal, one, now) for one in reversed(visible(principal, self._machine.book.all()))]

    def view(self, principal: Principal, incident_id: str) -> IncidentView:
        return self._view(principal, self._seen(principal, incident_id))

    async def diagnose(self, principal: Principal, incident_id: str) -> Diagnosis:
        incident = self._seen(principal, incident_id)
        context, facts = await self._around(principal, incident)
        return Diagnosis(
            incident=self._view(principal, incident),
            context=context,
            facts=tuple(facts),
            proposals=proposal_views(principal, incident),
        )

    def proposal(self, principal: Principal, incident_id: str, name: str) -> ProposalView:
        """Raises `ProposalGone` where it is not, or no longer, proposed."""
        found = proposal_views(principal, self._seen(principal, incident_id))
        for one in found:
            if one.name == name:
                return one
        known = ", ".join(one.name for one in found) or "none"
        raise ProposalGone(f"{incident_id} has no proposal {name[:80]!r} now; there are {known}")

    async def close(self, principal: Principal, incident_id: str, closing: Closing) -> IncidentView:
        self._seen(principal, incident_id)
        await self._handle(Closed(self._clock.now(), incident_id, principal.username, closing))
        return self.view(principal, incident_id)

    async def note_action(self, principal: Principal, incident_id: str, tool: str, call_id: str) -> None:
        await self._handle(Acted(self._clock.now(), incident_id, principal.username, tool, call_id))

    async def _handle(self, event: Event) -> None:
        async with self._one_at_a_time:
            changes = self._machine.handle(event)
            if changes:
                await self._ledger.append(CHAIN, *[record_of(change) for change in changes])
            for change in changes:
                self._machine.take(change)
        if changes:
            await self._tell()

    async def _tell(self) -> None:
        """What the ledger has is so, whether or not it can be told to others now: the next look tells it again."""
        try:
            await self._told(self.all())
            self._untold = False
        except InkError as error:
            self._untold = True
            log.warning("incidents_not_told", code=error.code, reason=str(error))

    def _seen(self, principal: Principal, incident_id: str) -> Incident:
        return check_visible(principal, self._machine.book.get(incident_id))

    def _view(self, principal: Principal, incident: Incident) -> IncidentView:
        return view(principal, incident, like_cases(incident, self._machine.book.all()), self._clock.now())
