"""People whom somebody else vouches for: an OpenID provider or Kerberos. Whose account is whose is decided once.

The first sign-in binds the provider's own, unchanging name of a person (issuer and subject) to an account by its name;
from then on only that counts, so that who is renamed at the provider, or takes a name that became free, gets nothing.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from ink_core.errors import BadInput, Conflict, Forbidden, NotFound
from ink_core.identity.model import Issued, User, checked_username
from ink_core.identity.principal import USER_SCOPES
from ink_core.identity.service import IdentityService

Policy = Literal["existing", "create"]
"""Whether who has no account is refused or gets one."""
MAX_SUBJECT = 255


class UnknownUser(Forbidden):
    """The provider knows this person and the site has no account for them."""

    code = "unknown_user"


@dataclass(frozen=True)
class ExternalIdentity:
    issuer: str
    subject: str
    username: str


class ExternalPeople:
    def __init__(self, identity: IdentityService) -> None:
        self._identity = identity

    async def sign_in(self, who: ExternalIdentity, policy: Policy, how: str) -> Issued:
        """A browser session. Raises `UnknownUser` or `AccountLocked`."""
        if not 0 < len(who.subject) <= MAX_SUBJECT:
            raise UnknownUser("the provider's name of you is too long to be kept")
        bound = await self._identity.bound(who.issuer, who.subject)
        return await self._identity.open_session(bound or await self._bind(who, policy), how)

    async def _bind(self, who: ExternalIdentity, policy: Policy) -> User:
        user = await self._account(who.username, policy)
        if user.is_admin or user.scopes - USER_SCOPES:
            raise UnknownUser(
                f"{user.username} may do more than users may: such an account is not given away by its name. Sign in "
                "first, and let an administrator give you the rights afterwards"
            )
        try:
            await self._identity.bind(who.issuer, who.subject, user.username)
        except Conflict:
            return await self._bound_meanwhile(who)
        return user

    async def _bound_meanwhile(self, who: ExternalIdentity) -> User:
        """Of two first sign-ins at once the second finds what the first has bound."""
        bound = await self._identity.bound(who.issuer, who.subject)
        if bound is None:
            raise UnknownUser(f"the account {who.username} belongs to somebody else at this provider")
        return bound

    async def _account(self, name: str, policy: Policy) -> User:
        try:
            checked_username(name)
        except BadInput as error:
            raise UnknownUser(f"the provider calls you {name[:64]!r}, which can be no account here: {error}") from None
        if policy == "create":
            with suppress(Conflict):
                return await self._identity.create_user(name)
        try:
            return await self._identity.user(name)
        except NotFound:
            raise UnknownUser(f"there is no account {name} here; ask an administrator for one") from None
