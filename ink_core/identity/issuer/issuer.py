"""The issuer as the routes see it: its address, its clients, the code flow, the tokens and the keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ink_core.clock import Clock
from ink_core.identity.issuer.clients import Client, Clients
from ink_core.identity.issuer.code_flow import CodeFlow
from ink_core.identity.issuer.signer import Signer
from ink_core.identity.issuer.tokens import Tokens
from ink_core.identity.service import IdentityService

PATH = "/oidc"
CONSENT_PAGE = "/#/consent"


@dataclass(frozen=True)
class Issuer:
    address: str
    clients: Clients
    code_flow: CodeFlow
    tokens: Tokens
    signer: Signer


def issuer_at(
    public_url: str, clients: Iterable[Client], identity: IdentityService, signer: Signer, clock: Clock
) -> Issuer:
    """The issuer of a site; `public_url` is the address that browsers use."""
    address, registered = f"{public_url}{PATH}", Clients(clients)
    tokens = Tokens(address, identity, signer, clock)
    page = f"{public_url}{CONSENT_PAGE}"
    code_flow = CodeFlow(address, page, registered, identity, tokens, clock)
    return Issuer(address, registered, code_flow, tokens, signer)
