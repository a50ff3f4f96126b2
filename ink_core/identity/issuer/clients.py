"""The registered clients, all public, and where each may have browsers sent back to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from ink_core.identity.issuer.errors import InvalidClient, UnknownRedirect
from ink_core.identity.principal import Scope

_LOOPBACK = re.compile(r"(http://(?:127\.0\.0\.1|\[::1\])):[0-9]{1,5}((?:[/?].*)?)", re.DOTALL)


@dataclass(frozen=True)
class Client:
    """`scopes` are the most that it may ask for."""

    client_id: str
    title: str
    redirect_uris: tuple[str, ...]
    scopes: frozenset[Scope]

    def checked_redirect(self, uri: str) -> str:
        """The address itself. Raises `UnknownRedirect` unless it is a registered one, to the letter."""
        if _without_port(uri) not in {_without_port(known) for known in self.redirect_uris}:
            raise UnknownRedirect(f"{self.title} asks to be answered at an address that is not registered for it")
        return uri


class Clients:
    def __init__(self, clients: Iterable[Client]) -> None:
        self._clients = {client.client_id: client for client in clients}

    @property
    def scopes(self) -> frozenset[Scope]:
        """That some client may ask for."""
        return frozenset[Scope]().union(*(client.scopes for client in self._clients.values()))

    def has_title(self, text: str) -> bool:
        """Whether a person would read it as the title of a registered client; letters of other alphabets are others."""
        return _read(text) in {_read(client.title) for client in self._clients.values()}

    def named(self, client_id: str) -> Client:
        """Raises `InvalidClient`."""
        if client_id not in self._clients:
            raise InvalidClient("there is no client of that name here; its operator registers it in sign_in.clients")
        return self._clients[client_id]


def _without_port(uri: str) -> str:
    """A program listens on whatever port of its own machine is free (RFC 8252, section 7.3)."""
    found = _LOOPBACK.fullmatch(uri)
    return f"{found[1]}{found[2]}" if found else uri


def _read(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
