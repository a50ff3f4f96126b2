"""The one door to `gssapi`: accepts a client's token with the keys of a keytab.

MIT Kerberos looks at the time (clocks may differ by five minutes) and remembers tickets, so that each counts once.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from ink_core.identity.kerberos.sign_in import Accepted, TicketRefused

gssapi: Any = import_module("gssapi")  # compiled on the machine, so that there may be no types to check against


class KeytabAcceptor:
    """Implements `Acceptor` for a service such as `HTTP@ink.example.org`."""

    def __init__(self, service: str, keytab: Path) -> None:
        self._name = gssapi.Name(service, gssapi.NameType.hostbased_service)
        self._store = {"keytab": f"FILE:{keytab}"}

    def accept(self, ticket: bytes) -> Accepted:
        try:
            credentials = gssapi.Credentials(name=self._name, usage="accept", store=self._store)
            context: Any = gssapi.SecurityContext(creds=credentials, usage="accept")
            reply: bytes | None = context.step(ticket)
            if not context.complete:
                raise TicketRefused("this client wants to talk longer than one request; let it use Kerberos alone")
            return Accepted(str(context.initiator_name), reply)
        except gssapi.exceptions.GSSError as error:
            raise TicketRefused(f"the ticket does not count: {error.gen_message()}") from None
