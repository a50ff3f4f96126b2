"""The grants at work: made with an approval, found for a later call, verified, listed and taken back."""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import structlog

from audit.ledger import Record
from audit.redaction import redact
from ink_core.clock import Clock
from ink_core.errors import Forbidden, InkError
from ink_core.identity.principal import Principal, Scope
from manager.gate.approvals.grant_book import GIVEN, GrantBook, grant_body, grant_of, revoked_record
from manager.gate.approvals.grants import Grant, GrantAsked, LaterCall, choose, grant_from, scripts
from manager.gate.approvals.request import ApprovalRequest
from manager.gate.approvals.statement import grant_statement, verify
from manager.gate.authority import Authority
from manager.gate.keyed_locks import KeyedLocks
from mcp_tools.spec import Binding

log = structlog.get_logger()


class StandingGrants:
    def __init__(self, authority: Authority, clock: Clock, append: Callable[..., Awaitable[None]]) -> None:
        self.book = GrantBook()
        self._key = authority.key
        self._people = authority.people
        self._clock = clock
        self._append = append
        self._locks = KeyedLocks()

    def new(self, request: ApprovalRequest, asked: GrantAsked, approver: str) -> Record:
        """The record of a grant, signed. Raises `GrantRefused`."""
        grant = grant_from(request, asked, f"g-{secrets.token_hex(8)}", approver, self._clock.now())
        body = redact(grant_body(grant, request.call_id))
        assert isinstance(body, dict), "redaction keeps the form"
        return Record(GIVEN, {**body, "signature": self._key.sign(grant_statement(body)).hex()})

    @asynccontextmanager
    async def letting_through(self, call: LaterCall, binding: Binding) -> AsyncGenerator[Grant | None]:
        """The grant that lets this call through, if there is one: nobody else uses it while the block runs."""
        found = choose(self.book.live(self._clock.now()), call, self._clock.now())
        if found is None:
            yield None
            return
        async with self._locks.holding(found.grant_id):
            again = choose([self.book.get(found.grant_id)], call, self._clock.now())
            yield again if again and await self._counts(again, binding) else None

    def verified(self, grant_id: str) -> Grant:
        """The grant as it was signed. Raises `ApprovalUnverified` or `GrantNotFound`."""
        body = self.book.signed(grant_id)
        verify(self._key, grant_statement(body), str(body.get("signature")), f"grant {grant_id}")
        return grant_of(body)

    async def revoke(self, grant_id: str, by: Principal, reason: str) -> Grant:
        """An administrator takes a grant back, or the one whom it serves gives it up."""
        grant = self.book.get(grant_id)
        if Scope.APPROVE not in by.scopes and by.username != grant.requester:
            raise Forbidden("only administrators, and the one whom it serves, take a grant back")
        await self._revoke(grant, by.username, reason)
        return self.book.get(grant_id)

    async def revoke_all(self, concerned: Callable[[Grant], bool], by: str, reason: str) -> None:
        for grant in self.live():
            if concerned(grant):
                await self._revoke(grant, by, reason)

    def live(self) -> Sequence[Grant]:
        return self.book.live(self._clock.now())

    async def _revoke(self, grant: Grant, by: str, reason: str) -> None:
        async with self._locks.holding(grant.grant_id):
            if self.book.get(grant.grant_id).revoked_by is None:
                await self._append(grant.chain, revoked_record(grant.grant_id, by, reason))

    async def _counts(self, grant: Grant, binding: Binding) -> bool:
        """Whether its approver may still approve, its record is as signed, and its scripts are as approved."""
        try:
            self.verified(grant.grant_id)
        except InkError as error:
            log.error("grant_unverified", grant_id=grant.grant_id, code=error.code)
            return False
        if not await self._people.may_approve(grant.approver):
            return False
        return not binding.unbound and scripts(binding.seen) == grant.scripts
