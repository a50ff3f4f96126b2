"""Signing in by the site's OpenID providers, opened only where there are any: it needs the extra `oidc`."""

from __future__ import annotations

from ink_core.clock import SystemClock
from ink_core.errors import CannotServe
from ink_core.identity.external import ExternalPeople
from ink_core.identity.openid.port import OpenId
from ink_core.identity.service import IdentityService
from ink_core.settings import OpenIdSettings, Settings
from ink_core.settings.secrets import client_secret


def open_openid(settings: Settings, identity: IdentityService) -> OpenId | None:
    """None where there is none. Raises `CannotServe` without the extra, `SettingsError` without a secret."""
    if not settings.sign_in.openid:
        return None
    try:
        from ink_core.identity.openid.sign_in import ClientAccount, OpenIdSignIn, ProviderOptions
    except ImportError:
        raise CannotServe("sign_in.openid needs its library: install ink-harness with the extra `oidc`") from None

    def options(provider: OpenIdSettings) -> ProviderOptions:
        return ProviderOptions(
            name=provider.name,
            title=provider.title,
            account=ClientAccount(provider.issuer, provider.client_id, client_secret(provider)),
            redirect_uri=f"{settings.public_url}/sign-in/openid/{provider.name}/callback",
            scopes=provider.scopes,
            username_claim=provider.username_claim,
            policy=provider.accounts,
        )

    return OpenIdSignIn([options(one) for one in settings.sign_in.openid], ExternalPeople(identity), SystemClock())
