"""The seam between the sessions of apps and the proxy: whether there is such an app, and where and how it is reached.

The authoriser of the proxy asks for what a path names, `/{app}/{node}/{port}/{user}/`, after it knows that the one who
asks is this user. What it gets is what the proxy connects to: nothing of the path is ever an address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

DOOR_HEADER = "X-Ink-App-Secret"
"""What the door on the node asks of every request; the proxy sets it, and the door takes it away."""


@dataclass(frozen=True)
class Upstream:
    """Where the proxy connects to, and what it must set there: neither may ever reach the browser.

    `secret` is for the door's header; None of an app of an existing script, which has no door. `authorization` is the
    value of the header `Authorization` that such an app asks for; None of an app behind a door.
    """

    host: str
    port: int
    secret: str | None = field(default=None, repr=False)
    authorization: str | None = field(default=None, repr=False)


class AppConnections(Protocol):
    """Which apps can be reached now. It is asked once for every request, so it answers from memory."""

    def upstream(self, app: str, node: str, port: int, user: str) -> Upstream | None:
        """Of a session of this user that is ready; None for anything else, also for one that has ended."""
        ...


class InMemoryAppConnections:
    """Shipped double: it is given what can be reached, by `(app, node, port, user)`."""

    def __init__(self, upstreams: Mapping[tuple[str, str, int, str], Upstream]) -> None:
        self._upstreams = upstreams

    def upstream(self, app: str, node: str, port: int, user: str) -> Upstream | None:
        return self._upstreams.get((app, node, port, user))
