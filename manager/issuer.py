"""INK's own OpenID issuer, opened only where clients are registered: it needs the extra `oidc`."""

from __future__ import annotations

from ink_core.clock import Clock
from ink_core.errors import CannotServe
from ink_core.identity.issuer.clients import Client
from ink_core.identity.issuer.issuer import Issuer, issuer_at
from ink_core.identity.issuer.signer import KEYS_FOLDER
from ink_core.identity.service import IdentityService
from ink_core.settings import ClientSettings, Settings


def open_issuer(settings: Settings, identity: IdentityService, clock: Clock) -> Issuer | None:
    """None where there is no client. Raises `CannotServe` without the extra, `KeyUnusable` for a bad key."""
    if not settings.sign_in.clients:
        return None
    try:
        from ink_core.identity.issuer.keys import IssuerKeys
    except ImportError:
        raise CannotServe("sign_in.clients needs its library: install ink-harness with the extra `oidc`") from None
    keys = IssuerKeys(settings.data_dir / KEYS_FOLDER, clock)
    return issuer_at(settings.public_url, map(_client, settings.sign_in.clients), identity, keys, clock)


def _client(client: ClientSettings) -> Client:
    return Client(client.name, client.title, client.redirect_uris, frozenset(client.scopes))
