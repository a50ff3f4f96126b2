"""An agent that works on for hours, or waits for days, never may more than its user may by now."""

from __future__ import annotations

from pathlib import Path

from starlette.types import Message, Receive, Send
from starlette.types import Scope as RequestScope

from audit.chains import session_chain
from ink_core.identity.principal import Principal, Scope
from manager.gate.admission import Proposal
from manager.gate.call import CallStatus
from manager.gate.policy import Origin
from mcp_tools.server.bearer import BearerGuard
from tests.security.application import application
from tests.security.test_attack_requests import signed_in
from tests.security.test_kill_switch import new_session, platform_of, principal_of


async def test_an_agent_loses_what_its_user_has_lost_since_the_message_that_it_works_for(tmp_path: Path) -> None:
    async with application(tmp_path) as app, signed_in(app, "alice") as (alice,):
        platform, as_it_was = platform_of(app), await principal_of(app, alice)
        chain = session_chain(await new_session(alice))
        before = await platform.gate.propose(
            Proposal("c-1", "write_todos", {"items": []}, as_it_was, Origin.MODEL, chain)
        )
        assert (await platform.gate.wait(before.call_id, 60)).status is CallStatus.DONE
        await platform.core.identity.set_roles("alice", own_scopes=frozenset({Scope.JOBS_READ}))
        after = await platform.gate.propose(
            Proposal("c-2", "write_todos", {"items": []}, as_it_was, Origin.MODEL, chain)
        )
        assert after.error is not None and after.error.code == "scope_missing"


class HeldBack:
    """A message of an MCP client that comes a minute after its beginning; the server counts what it begins with."""

    def __init__(self, *, revoked: bool) -> None:
        self.now_s, self.revoked, self.token_counts = 0.0, revoked, True
        self.begun: list[bytes] = []
        self.statuses: list[int] = []
        self.pieces = [b'{"method": ', b'"tools/call"}']

    async def verify(self, token: str) -> Principal | None:
        known = Principal(username="alice", is_admin=False, scopes=frozenset(), credential=f"token:{token}")
        return known if self.token_counts else None

    async def receive(self) -> Message:
        piece = self.pieces.pop(0)
        if not self.pieces:
            self.now_s += 60
            self.token_counts = not self.revoked
        return {"type": "http.request", "body": piece, "more_body": bool(self.pieces)}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.statuses.append(message["status"])

    async def serve(self, scope: RequestScope, receive: Receive, send: Send) -> None:
        self.begun.append((await receive())["body"])

    async def posted(self) -> None:
        guard = BearerGuard(self.serve, self.verify, "Bearer", now_s=lambda: self.now_s)
        scope: RequestScope = {"type": "http", "method": "POST", "headers": [(b"authorization", b"Bearer ink_mine")]}
        await guard(scope, self.receive, self.send)


async def test_an_mcp_message_that_came_late_is_begun_with_for_a_token_that_counts_still_and_no_other() -> None:
    late, too_late = HeldBack(revoked=False), HeldBack(revoked=True)
    await late.posted()
    await too_late.posted()
    assert (late.begun, late.statuses) == ([b'{"method": "tools/call"}'], [])
    assert (too_late.begun, too_late.statuses) == ([], [401])
