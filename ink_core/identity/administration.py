"""What administrators do with users and groups: on record before it is done, and what is live of a user ends with it.

What would let a leaked token last for ever (new administrators, passwords, roles of approvers and auditors) takes a
browser session. Limits: one process; two managers could each take away what the other takes for the last administrator.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from ink_core.errors import BadInput, Conflict, Forbidden, NotFound
from ink_core.identity.model import CredentialKind, Group, Issued, User, checked_username
from ink_core.identity.principal import USER_SCOPES, Principal, Scope
from ink_core.identity.service import IdentityService


class Consequences(Protocol):
    """The seam to the platform around the accounts."""

    async def record(self, kind: str, body: Mapping[str, JsonValue]) -> None:
        """Durable when it returns."""
        ...

    async def end_all(self, username: str, by: str, why: str) -> None:
        """Ends what is live of this user: streams, workers, turns, approvals."""
        ...


class UserChange(BaseModel):
    """What is to be different; None leaves it as it is. `password` is recorded as the fact only."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    is_admin: bool | None = None
    disabled: bool | None = None
    password: str | None = Field(default=None, repr=False)
    scopes: frozenset[Scope] | None = None


class Administration:
    def __init__(self, identity: IdentityService, consequences: Consequences) -> None:
        self._identity = identity
        self._consequences = consequences
        self._one_at_a_time = asyncio.Lock()

    async def create_user(self, by: Principal, username: str, password: str | None, *, is_admin: bool) -> User:
        """Raises `Conflict`, `BadInput` or `Forbidden`."""
        _check_session(by, password is not None or is_admin)
        checked_username(username)
        await self._record("account.create", by, username, is_admin=is_admin, password=password is not None)
        return await self._identity.create_user(username, password=password, is_admin=is_admin)

    async def change_user(self, by: Principal, username: str, change: UserChange) -> User:
        """Raises `NotFound`, `BadInput` or `Forbidden`, and `Conflict` for the last administrator."""
        if Scope.ADMIN in (change.scopes or ()):
            raise BadInput("the scope admin is not given alone; make the user an administrator")
        given = bool((change.scopes or frozenset()) - USER_SCOPES)
        _check_session(by, change.password is not None or change.is_admin is True or given)
        async with self._one_at_a_time:
            user = await self._identity.user(username)
            if change.password is not None:
                _check_one_person(by, user, "they set their password themselves")
            if change.is_admin is False or change.disabled:
                await self._keep_an_administrator(user)
            shown = change.model_dump(mode="json", exclude={"password"}, exclude_none=True)
            await self._record("account.change", by, username, **shown, password=change.password is not None)
            if change.password is not None:
                await self._identity.set_password(username, change.password)
            changed = await self._identity.set_roles(
                username, is_admin=change.is_admin, disabled=change.disabled, own_scopes=change.scopes
            )
        if change.disabled:
            await self._consequences.end_all(username, by.username, "the account was locked")
        return changed

    async def delete_user(self, by: Principal, username: str) -> None:
        """Raises `NotFound`, and `Conflict` for oneself and for the last administrator."""
        if username == by.username:
            raise Conflict("you would delete yourself; another administrator can delete you")
        async with self._one_at_a_time:
            await self._keep_an_administrator(await self._identity.user(username))
            await self._record("account.delete", by, username)
            await self._identity.set_roles(username, disabled=True)
            await self._consequences.end_all(username, by.username, "the account was deleted")
            await self._identity.remove_user(username)

    async def create_sign_in_link(self, by: Principal, username: str) -> Issued:
        """A code that signs the user in once. Raises `NotFound`, `Forbidden` or `AccountLocked`."""
        _check_session(by, needed=True)
        user = await self._identity.user(username)
        _check_one_person(by, user, f"their link is made by `ink user link {username}`")
        await self._record("account.sign_in_link", by, username)
        return await self._identity.create_sign_in_code(username)

    async def revoke_token(self, by: Principal, username: str, token_id: str) -> None:
        """Ends anybody's token at once. Raises `NotFound`."""
        if not any(token.id == token_id for token in await self._identity.tokens(username)):
            raise NotFound(f"{username[:64]} has no token with that id")
        await self._record("token.revoke", by, username, token=token_id)
        await self._identity.revoke_token(username, token_id)

    async def create_group(self, by: Principal, group: Group) -> Group:
        """Raises `Conflict`, `BadInput` or `Forbidden`."""
        return await self._put_group(by, "group.create", group, existing=False)

    async def change_group(self, by: Principal, group: Group) -> Group:
        """Raises `NotFound`, `BadInput` or `Forbidden`."""
        return await self._put_group(by, "group.change", group, existing=True)

    async def delete_group(self, by: Principal, name: str) -> None:
        """Raises `NotFound`."""
        await self._identity.groups.get(name)
        await self._record("group.delete", by, name)
        await self._identity.groups.remove(name)

    async def add_member(self, by: Principal, name: str, username: str) -> None:
        """Raises `NotFound` or `Forbidden`."""
        group = await self._identity.groups.get(name)
        _check_session(by, bool(group.scopes - USER_SCOPES))
        await self._identity.user(username)
        await self._record("group.add_member", by, name, member=username)
        await self._identity.groups.add_member(name, username)

    async def remove_member(self, by: Principal, name: str, username: str) -> None:
        """Raises `NotFound`."""
        await self._record("group.remove_member", by, name, member=username)
        await self._identity.groups.remove_member(name, username)

    async def _put_group(self, by: Principal, kind: str, group: Group, *, existing: bool) -> Group:
        _check_session(by, bool(group.scopes - USER_SCOPES))
        words: dict[str, JsonValue] = {"permissions": [*sorted(group.permissions)], "scopes": [*sorted(group.scopes)]}
        await self._record(kind, by, group.name, description=group.description, **words)
        await (self._identity.groups.put(group) if existing else self._identity.groups.add(group))
        return group

    async def _keep_an_administrator(self, leaving: User) -> None:
        if not leaving.is_admin or leaving.disabled:
            return
        others = (user for user in await self._identity.users() if user.username != leaving.username)
        if not any(user.is_admin and not user.disabled for user in others):
            raise Conflict(f"{leaving.username} is the last administrator; make another one first")

    async def _record(self, kind: str, by: Principal, name: str, **what: JsonValue) -> None:
        await self._consequences.record(kind, {"by": by.username, "credential": by.credential, "name": name, **what})


def _check_one_person(by: Principal, user: User, instead: str) -> None:
    """What signs other administrators, auditors or approvers in is for nobody else: one person could decide as two."""
    if user.username != by.username and user.scopes - USER_SCOPES:
        raise Forbidden(f"{user.username} has rights of administrators; {instead}")


def _check_session(by: Principal, needed: bool) -> None:
    if needed and not by.credential.startswith(f"{CredentialKind.SESSION}:"):
        raise Forbidden(
            "this takes a browser session: a token sets no password, makes no link, gives no right to decide"
        )
