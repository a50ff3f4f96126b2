"""What clients are told in the words of the standards, and what only the person in front of the browser is told."""

from __future__ import annotations

from ink_core.errors import BadInput, Forbidden, InkError


class OAuthRefused(InkError):
    """A request of a client cannot be granted; `code` is the `error` of RFC 6749, sections 4.1.2.1 and 5.2."""

    code = "invalid_request"
    http_status = 400


class InvalidClient(OAuthRefused):
    code = "invalid_client"


class InvalidGrant(OAuthRefused):
    """The code or refresh token is over, was used, was revoked, or is another client's."""

    code = "invalid_grant"


class InvalidScope(OAuthRefused):
    code = "invalid_scope"


class UnsupportedGrantType(OAuthRefused):
    code = "unsupported_grant_type"


class UnsupportedResponseType(OAuthRefused):
    code = "unsupported_response_type"


class RequestNotSupported(OAuthRefused):
    code = "request_not_supported"


class InteractionRequired(OAuthRefused):
    """Nobody is signed in anywhere without being asked (`prompt=none`)."""

    code = "interaction_required"


class AccessDenied(OAuthRefused):
    code = "access_denied"


class UnknownRedirect(BadInput):
    """No such client, or not its address: the browser is sent nowhere."""

    code = "unknown_redirect"


class SignInTooOld(Forbidden):
    """The client asks for a newer sign-in than that of this browser (`max_age`, `prompt=login`)."""

    code = "sign_in_too_old"
