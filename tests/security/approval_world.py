"""For attacks: a gate with one tool on others' property, people who can be disabled, a script that can change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from audit.ledger import Event
from audit.memory import MemoryLedger
from ink_core.agents import InProcessAgents
from ink_core.clock import ManualClock
from ink_core.errors import InkError
from ink_core.identity.principal import ADMIN_SCOPES, USER_SCOPES, Principal
from ink_core.signing import SigningKey
from manager.gate.admission import Proposal
from manager.gate.approvals import ApprovalRequest, KnownPeople
from manager.gate.authority import Authority
from manager.gate.call import CallState
from manager.gate.gate import Gate, GateLimits
from manager.gate.lockout import Lockout
from manager.gate.policy import Origin
from manager.gate.policy_file import parse_policy
from manager.permits import Permits
from mcp_tools.catalogue import Catalogue
from mcp_tools.context import ToolContext
from mcp_tools.doubles import MemoryQueues, services
from mcp_tools.spec import (
    Binding,
    Preview,
    Seen,
    ToolSpec,
    ToolValue,
)
from tests.doubles.tools import writing_tool

POLICY = """
version: 1
rules:
  - id: others
    when: {others_property: true}
    effect: ask
    risk: high
    reason: This is somebody else's.
  - id: vital
    when: {arguments: {place: {is: vital}}}
    effect: ask
    risk: high
    persons: 2
    fresh_login: 10m
    reason: Two persons who have just signed in.
  - id: doubtful
    when: {arguments: {place: {one_of: [doubtful, doubtful and vital]}}}
    effect: ask
    approver: requester
    reason: The agent has read text of others.
  - id: doubtful-and-vital
    when: {arguments: {place: {is: doubtful and vital}}}
    effect: ask
    risk: high
    reason: For an administrator.
  - id: own
    when: {others_property: false}
    effect: allow
    reason: One's own.
"""
CHAIN = "session:s1"


def user(name: str) -> Principal:
    return Principal(username=name, is_admin=False, scopes=USER_SCOPES, credential=f"session:{name}")


def admin(name: str) -> Principal:
    return Principal(username=name, is_admin=True, scopes=ADMIN_SCOPES, credential=f"session:{name}")


ALICE, ADA, BO = user("alice"), admin("ada"), admin("bo")


class Sweep(ToolValue):
    """Clean `path` of `owner` with a script, `count` times."""

    path: str = "data/raw"
    owner: str = "bob"
    count: int = 1
    place: str = "scratch"


class Swept(ToolValue):
    path: str


@dataclass
class World:
    """What the tool does, as whom and with which script; `held` makes it wait, `unseen` hides the script.

    `bound` is what is seen instead of the script, `on_look` what happens meanwhile; `diffs` counts how often the
    change was made.
    """

    swept: list[str] = field(default_factory=list[str])
    acting: list[str] = field(default_factory=list[str])
    script: str = "rm raw/*.tmp"
    unseen: InkError | None = None
    held: asyncio.Event | None = None
    bound: Binding | None = None
    on_look: Callable[[], None] | None = None
    diffs: int = 0

    async def sweep(self, context: ToolContext, asked: Sweep) -> Swept:
        if self.held:
            await self.held.wait()
        self.swept.append(asked.path)
        self.acting.append(context.acting_as)
        return Swept(path=asked.path)

    async def preview(self, context: ToolContext, asked: Sweep) -> Preview:
        return Preview(summary=f"Sweep {asked.path}", targets=(asked.path,), owners=(asked.owner,))

    async def bind(self, context: ToolContext, asked: Sweep) -> Binding:
        if self.on_look:
            self.on_look()
        if self.unseen:
            raise self.unseen
        return self.bound or Binding(seen=(Seen(kind="input", name="sweep.sh", digest=self.script),))

    async def diff(self, context: ToolContext, asked: Sweep) -> str:
        self.diffs += 1
        return f"-{asked.path}\n+\u202egone\n"

    def tool(self) -> ToolSpec:
        seen = {"preview": self.preview, "bind": self.bind, "diff": self.diff}
        return writing_tool("sweep", input=Sweep, output=Swept, run=self.sweep, **seen)


class Setting:
    """One ledger, one signing key and as many gates after each other as a test wants restarts."""

    def __init__(self) -> None:
        self.ledger = MemoryLedger()
        self.clock = ManualClock()
        self.world = World()
        self.people = KnownPeople(self.clock.now())
        self.key = SigningKey(b"k" * 32)
        self.lockout = Lockout()
        self.policy = POLICY
        self.gate = self.restarted()
        self._number = 0

    def restarted(self) -> Gate:
        policy = parse_policy(self.policy, "test")
        doubles = services(InProcessAgents({}), MemoryQueues({}))
        authority = Authority(self.key, self.people, Permits(self.key, self.clock), self.lockout)
        limits = GateLimits(approval_lifetime_s=3600)
        catalogue = Catalogue([self.world.tool()])
        return Gate(self.ledger, catalogue, lambda: policy, doubles, self.clock, limits, authority)

    async def restart(self) -> None:
        await self.gate.close()
        self.gate = self.restarted()
        await self.gate.recover()

    async def asked(self, chain: str = CHAIN, by: Principal = ALICE, **arguments: Any) -> CallState:
        self._number += 1
        proposal = Proposal(f"c-{self._number}", "sweep", arguments, by, Origin.MODEL, chain)
        state = await self.gate.propose(proposal)
        return await self.gate.wait(state.call_id, 5)

    async def approve(self, state: CallState, by: Principal = ADA, **changes: Any) -> CallState:
        request = approval(state)
        given: dict[str, Any] = {"digest": request.digest, "approve": True, "reason": "", "grant": None, **changes}
        decided = await self.gate.desk.decide(
            request.approval_id, by, given["approve"], given["reason"], given["digest"], given["grant"]
        )
        return await self.gate.wait(decided.call_id, 5)

    async def recorded(self, kind: str, chain: str = CHAIN) -> Sequence[Event]:
        return [event for event in await self.ledger.read(chain) if event.kind == kind]

    async def refusals(self, chain: str = CHAIN) -> list[tuple[str, str]]:
        """Who tried in vain, and why it did not count."""
        return [(str(e.body["by"]), str(e.body["code"])) for e in await self.recorded("approval.refused", chain)]

    def signed_in(self, at: datetime | None) -> None:
        self.people.signed_in = at


def approval(state: CallState) -> ApprovalRequest:
    assert state.approval is not None, f"the call does not wait: {state.error}"
    return state.approval
