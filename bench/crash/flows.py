"""The flows that are played: what the model says to each request, and what the user does.

A user's script is written as a careful client is: each step first looks whether it is done already. So the same script
goes on from wherever a crash left it, and repeats nothing that was acknowledged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from audit.chains import session_chain
from bench.crash.world import ALICES_ACCESS_POINT, WORKER, Hand, World
from ink_core.identity.principal import ADMIN_SCOPES, USER_SCOPES, Principal
from manager.agent.brief import HAND_IN
from manager.agent.model import ModelReply, ModelRequest, RequestedCall, ToolTurn, TrustClass
from manager.api.platform import Platform
from manager.gate.approvals import ApprovalClosed, GrantAsked
from manager.gate.call import CallState, Phase
from manager.gate.lockout import LockKind
from manager.sessions.branching import branch
from manager.sessions.compact_now import NothingToCompact, compact_now

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:alice")
ADMIN = Principal(username="admin", is_admin=True, scopes=ADMIN_SCOPES, credential="session:admin")
SECOND = ADMIN.model_copy(update={"username": "second", "credential": "session:second"})
PATIENCE_S = 160.0
GLANCE_S = 0.01


@dataclass
class User:
    """alice in the page, and an administrator beside her."""

    platform: Platform
    world: World
    session_id: str

    async def say(self, text: str, turn: int = 1) -> None:
        if (await self._view()).turn < turn:
            await self.platform.sessions.post(ALICE, self.session_id, text)

    async def edits(self, text: str, turn: int) -> None:
        """The message of a turn, once."""
        if (await self._view()).turn <= turn:
            await branch(self.platform.sessions, ALICE, self.session_id, turn, text)

    async def compacts(self, turn: int) -> None:
        """What there is up to this turn, once."""
        if (await self._view()).turn == turn:
            with suppress(NothingToCompact):
                await compact_now(self.platform.sessions, ALICE, self.session_id)

    async def ended(self) -> None:
        """The turn is over and nothing of it is under way."""
        await until(self._is_over)

    async def asked(self) -> CallState | None:
        """The call that waits for an approver; None when the turn ended without one."""

        async def waits() -> bool:
            return self._waiting() is not None or await self._is_over()

        await until(waits)
        return self._waiting()

    async def decides(self, approve: bool, by: Principal = ADMIN, grant: GrantAsked | None = None) -> None:
        call = await self.asked()
        if call is None or call.approval is None or by.username in call.given:
            return
        asked = call.approval
        try:
            await self.platform.gate.desk.decide(asked.approval_id, by, approve, "so be it", asked.digest, grant)
        except ApprovalClosed:
            return

    async def locks_the_session(self) -> None:
        switch = self.platform.kill_switch
        if not any(lock.name == self.session_id for lock in switch.locks()):
            await switch.lock(LockKind.SESSION, self.session_id, ADMIN.username, "enough")

    async def lets_expire(self) -> None:
        async def expired() -> bool:
            await self.platform.gate.desk.expire()
            return await self._is_over()

        await until(expired)

    async def stops(self, when: Callable[[], bool]) -> None:
        async def may_stop() -> bool:
            return when() or await self._is_over()

        await until(may_stop)
        await self.platform.sessions.stop(ALICE, self.session_id)

    async def jobs(self) -> list[tuple[str, str, str]]:
        """Owner, name and state of the jobs of this world, as the scheduler tells it now."""
        cluster = self.world.cluster_name
        await self.platform.core.queues.refresh(cluster)
        jobs = self.platform.core.queues.snapshot(cluster).jobs
        home = str(self.world.home)
        return sorted((j.owner, j.name, j.state.value) for j in jobs if home in f"{j.working_directory} {j.stdout}")

    def has_effect(self) -> bool:
        return bool(self.world.effects())

    def waits(self) -> bool:
        return self._waiting() is not None

    def _waiting(self) -> CallState | None:
        calls = self.platform.gate.book.open_calls()
        return next((call for call in calls if call.phase is Phase.WAITING), None)

    async def _is_over(self) -> bool:
        await self.platform.sessions.resume()
        view = await self._view()
        mine = (call for call in self.platform.gate.book.open_calls() if call.chain == session_chain(self.session_id))
        return view.turn > 0 and not view.running and not any(mine)

    async def _view(self) -> Any:
        return await self.platform.sessions.get(ALICE, self.session_id)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await condition():
            await asyncio.sleep(GLANCE_S)


Drive = Callable[[User], Awaitable[None]]


@dataclass(frozen=True)
class Flow:
    """`calls`: what the model wants done before it answers, one reply after the other. `effects` and `jobs`: how many.

    `below`: the same of a sub-agent, which only a language model has (`trust`).
    `agents_die_after_s`: the workers are killed as well, so long after the manager, and the next one starts others.
    `reconnect_grace_s` instead of a minute, for a worker that never comes back.
    """

    name: str
    calls: Sequence[Sequence[RequestedCall]]
    drive: Drive
    effects: int = 0
    jobs: int = 0
    hands: Sequence[Hand] = (WORKER,)
    expire_s: float = 3600
    agents_die_after_s: Sequence[float] = ()
    reconnect_grace_s: float = 100
    below: Sequence[Sequence[RequestedCall]] = ()

    @property
    def trust(self) -> TrustClass:
        return TrustClass.SITE if self.below else TrustClass.BUILTIN

    def deaths(self, boundary: str) -> Sequence[float]:
        """Of the agents: at different moments only while they are at work."""
        return self.agents_die_after_s if boundary.startswith("sent") else self.agents_die_after_s[:1]

    def script(self, request: ModelRequest) -> ModelReply:
        """A function of the conversation alone: asked again after a crash, the model says the same."""
        done = sum(isinstance(turn, ToolTurn) for turn in request.turns)
        for calls in self.below if any(tool.name == HAND_IN for tool in request.tools) else self.calls:
            if done == 0:
                return ModelReply("I will see to it.", tuple(calls))
            done -= len(calls)
        last = request.turns[-1]
        return ModelReply(f"That is what came of it: {getattr(last, 'is_error', None)}", ())


def call(tool: str, **arguments: Any) -> RequestedCall:
    return RequestedCall(f"m-{tool}", tool, arguments, "{}")


def command(script: str, stdin: str = "") -> RequestedCall:
    return call("run_command", argv=["sh", "-c", script], stdin=stdin)


async def _ask(user: User) -> None:
    await user.say("please")
    await user.ended()


async def _ask_twice(user: User) -> None:
    await _ask(user)
    await user.say("and again", turn=2)
    await user.ended()


async def _edit_what_waits(user: User) -> None:
    await user.say("please")
    await user.asked()
    await user.edits("rather not", turn=1)
    await user.decides(True)
    await user.ended()


async def _compact_between(user: User) -> None:
    await _ask(user)
    await user.compacts(turn=1)
    await user.say("and again", turn=2)
    await user.ended()


async def _approved(user: User) -> None:
    await user.say("please")
    await user.decides(True)
    await user.ended()


async def _approved_by_two(user: User) -> None:
    await user.say("please")
    await user.decides(True)
    await user.decides(True, SECOND)
    await user.ended()


async def _granted(user: User) -> None:
    await user.say("please")
    await user.decides(True, grant=GrantAsked(minutes=10, uses=5))
    await user.ended()


async def _locked(user: User) -> None:
    await user.say("please")
    await user.asked()
    await user.locks_the_session()
    await user.ended()


async def _rejected(user: User) -> None:
    await user.say("please")
    await user.decides(False)
    await user.ended()


async def _expired(user: User) -> None:
    await user.say("please")
    await user.lets_expire()


async def _stopped_at_work(user: User) -> None:
    await user.say("please")
    await user.stops(user.has_effect)
    await user.ended()


async def _withdrawn(user: User) -> None:
    await user.say("please")
    await user.stops(user.waits)
    await user.ended()


async def _submitted(user: User) -> None:
    (user.world.home / "job.sh").write_text("#!/bin/sh\necho job >> effects\n")
    (user.world.home / "job.sh").chmod(0o700)
    await _ask(user)

    async def all_have_ended() -> bool:
        return all(state == "COMPLETED" for _, _, state in await user.jobs())

    await until(all_have_ended)


async def _launched(user: User) -> None:
    await _ask(user)

    async def ready() -> bool:
        return any(agent.state == "ready" for agent in user.platform.launcher.list("alice"))

    await until(ready)


ONCE = "echo once >> effects"
SLOW = "echo once >> effects; sleep 0.3; echo done"
LONG = "echo once >> effects; sleep 4; echo slept"
DEADLY = "echo once >> effects; kill -9 $PPID"
SUBMIT = [[call("submit_job", script="job.sh", memory_mb=64)]]

FOUND = {"found": True, "cause": "none", "evidence": [], "change": "", "confidence": "high"}
DELEGATE = [[call("delegate", profile="code-debug", goal="find out why")]]

FLOWS: tuple[Flow, ...] = (
    Flow("read call", [[call("list_files", path=".")]], _ask),
    Flow("write call", [[command(ONCE)]], _ask, effects=1),
    Flow("file written", [[call("write_file", path="note", text="hello")]], _ask),
    Flow("refused call", [[call("no_such_tool")], [call("read_file", path="../../etc/passwd")]], _ask),
    Flow("approval approved", [[command(ONCE, "ask")]], _approved, effects=1),
    Flow("approval of two persons", [[command(ONCE, "ask two")]], _approved_by_two, effects=1),
    Flow("grant for a while", [[command(ONCE, "ask")], [command(ONCE, "ask")]], _granted, effects=2),
    Flow("session locked while it waits", [[command(ONCE, "ask")]], _locked),
    Flow("approval rejected", [[command(ONCE, "ask")]], _rejected),
    Flow("approval expired", [[command(ONCE, "ask")]], _expired, expire_s=0.3),
    Flow("withdrawn call", [[command(ONCE, "ask")]], _withdrawn),
    Flow("result comes late", [[command(SLOW)]], _ask, effects=1),
    Flow("worker lost during call", [[command(DEADLY)]], _ask, effects=1, reconnect_grace_s=1.5),
    Flow("two calls in parallel", [[command(ONCE), command(SLOW)]], _ask, effects=2),
    Flow("stop of a running command", [[command(LONG)]], _stopped_at_work, effects=1),
    Flow("two turns", [[command(ONCE)]], _ask_twice, effects=1),
    Flow("edited while it waits", [[command(ONCE, "ask")]], _edit_what_waits, effects=1),
    Flow("compacted between two turns", [[command(ONCE)]], _compact_between, effects=2),
    Flow("delegated", DELEGATE, _ask, effects=1, below=[[command(ONCE)], [call("hand_in", result=FOUND)]]),
    Flow("submit", SUBMIT, _submitted, effects=1, jobs=1, hands=(ALICES_ACCESS_POINT,)),
    Flow(
        "submit, and the access point dies too",
        SUBMIT,
        _submitted,
        effects=1,
        jobs=1,
        hands=(ALICES_ACCESS_POINT,),
        agents_die_after_s=(0, 0.01, 0.03, 0.1),
    ),
    Flow("launch of an agent", [[call("launch_agent")]], _launched, jobs=1, hands=(ALICES_ACCESS_POINT,)),
)
