"""What the server is made of; the composition root fills it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ink_core.clock import Clock, SystemClock
from ink_core.identity.principal import Principal
from mcp_tools.catalogue import Catalogue
from mcp_tools.conversation import Context
from mcp_tools.gate_port import CallGate
from mcp_tools.server.approval_pages import Address
from mcp_tools.server.library import EmptyLibrary, Library
from mcp_tools.server.watching import Watchers

WhoAsks = Callable[[Context], Principal]


@dataclass(frozen=True)
class Parts:
    """`who_asks` finds the principal of a request. `task_after_s`: how long a client that knows tasks waits at first.

    `state_key` seals what clients carry between two rounds of a call; None takes a new one, which a restart forgets.
    """

    catalogue: Catalogue
    gate: CallGate
    who_asks: WhoAsks
    version: str
    library: Library = field(default_factory=EmptyLibrary)
    watchers: Watchers = field(default_factory=Watchers)
    approval_address: Address | None = None
    clock: Clock = field(default_factory=SystemClock)
    task_after_s: float = 3.0
    state_key: bytes | None = None
