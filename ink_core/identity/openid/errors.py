"""What can go wrong between a browser, the provider and us; each with a code that the page has words for."""

from __future__ import annotations

from ink_core.errors import InkError, Unauthenticated, Unavailable


class ProviderDown(Unavailable):
    """The provider does not answer, or not in time; nothing was changed and trying again may help."""

    code = "provider_down"


class ProviderWrong(InkError):
    """The provider answers what its protocol does not allow, or for another issuer than the configured one."""

    code = "provider_wrong"
    http_status = 502


class SignInRefused(Unauthenticated):
    """The provider did not let its user in, or the user did not want to."""

    code = "sign_in_refused"


class SignInExpired(Unauthenticated):
    """The answer belongs to no sign-in under way in this browser: it is too late, was used, or was not begun here."""

    code = "sign_in_expired"


class IdentityTokenInvalid(Unauthenticated):
    """The provider's token is not for us, not for this sign-in, not of this time or not signed by the provider."""

    code = "identity_token_invalid"
