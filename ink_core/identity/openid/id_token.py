"""Whom an ID token names, if it is what it has to be (OpenID Connect Core 1.0, section 3.1.3.7)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from ink_core.identity.openid.errors import IdentityTokenInvalid

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Asymmetric ones only: with `none` or a shared secret others than the provider could have made the token."""
LEEWAY_S = 60
"""So much may the clocks of the provider and of this site differ."""
MAX_TOKEN = 64 * 1024


class UnknownKey(Exception):
    """The token names a key that is not among the known ones; the provider may have a new one."""


def verified_claims(
    token: str, keys: KeySet, *, issuer: str, client_id: str, nonce: str, now: datetime
) -> dict[str, Any]:
    """The claims. Raises `IdentityTokenInvalid` or `UnknownKey`."""
    if len(token) > MAX_TOKEN:
        raise IdentityTokenInvalid("the provider's token is too long")
    registry = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY_S,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        registry.validate(claims)
    except InvalidKeyIdError:
        raise UnknownKey from None
    except ExpiredTokenError:
        raise IdentityTokenInvalid("the provider's token has expired; if it is new, a clock is wrong") from None
    except (JoseError, ValueError) as error:
        raise IdentityTokenInvalid(f"the provider's token does not count: {error}") from None
    _check_party(claims, client_id)
    return claims


def _check_party(claims: dict[str, Any], client_id: str) -> None:
    audience = claims["aud"]
    several = isinstance(audience, list) and audience != [client_id]
    if claims.get("azp", None if several else client_id) != client_id:
        raise IdentityTokenInvalid("the provider's token was made for another client (azp)")
