"""Opens, lists and runs sessions, and streams them to any number of readers."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from pydantic import JsonValue

from audit.chains import SESSIONS, session_chain
from audit.ledger import Event, Record
from ink_core.errors import Conflict, Forbidden
from ink_core.identity.principal import Principal
from manager.agent.egress import may_see, refused
from manager.agent.quotes import Quoted
from manager.sessions.access import SessionAccess, Share
from manager.sessions.at_work import TurnsAtWork
from manager.sessions.course import SessionCourse
from manager.sessions.delegation import Delegation
from manager.sessions.live import Live
from manager.sessions.parts import RunnerParts
from manager.sessions.quoting import check_quotable
from manager.sessions.reading import Reading
from manager.sessions.turns import Turn, message_record, opened_record, turns_of
from manager.sessions.view import SessionView
from manager.sessions.views import SessionNotFound, SessionViews

MAX_MESSAGE_CHARACTERS = 100_000
TITLE_CHARACTERS = 60


class TurnRunning(Conflict):
    code = "turn_running"


class WatchOnly(Forbidden):
    code = "watch_only"


class OfASubAgent(Conflict):
    code = "of_a_sub_agent"


class SessionService:
    def __init__(self, parts: RunnerParts) -> None:
        self._parts = parts
        self._views = SessionViews(parts.ledger)
        self._reading = Reading(parts, self._views)
        self._work = TurnsAtWork(parts)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()  # each while somebody holds it

    async def recover(self) -> int:
        """Find all sessions and go on with every turn, and every stop, that had not ended; returns how many go on."""
        for chain in await self._parts.ledger.chains(SESSIONS):
            view = await self._views.latest(chain.removeprefix(SESSIONS))
            self._work.go_on(view)
            if view.stopped:
                self._work.interrupt(chain)
        return self.at_work

    async def open(
        self,
        principal: Principal,
        title: str,
        worker_id: str | None,
        *,
        task_id: str | None = None,
        delegation: Delegation | None = None,
    ) -> SessionView:
        """`delegation` is given for a sub-agent's session, which nobody but its parent posts to."""
        session_id = f"s{secrets.token_hex(8)}"
        opened = opened_record(principal, title, worker_id, self._parts.models.default, task_id, delegation)
        await self._parts.ledger.append(session_chain(session_id), opened)
        return await self._views.latest(session_id)

    async def list(self, principal: Principal) -> Sequence[SessionView]:
        """Those that this user opened, the one used last first."""
        views = await self._all(self._views.ids(owner=principal.username))
        opened = [view for view in views if view.delegation is None]
        return sorted(opened, key=lambda view: view.used_at, reverse=True)

    async def in_task(self, task_id: str) -> Sequence[SessionView]:
        """Those of all its members and of their sub-agents, the newest first."""
        views = await self._all(self._views.ids(task_id=task_id))
        return sorted(views, key=lambda view: view.created_at, reverse=True)

    async def _all(self, ids: Iterable[str]) -> Sequence[SessionView]:
        return [await self._views.latest(session_id) for session_id in ids]

    async def get(self, principal: Principal, session_id: str) -> SessionView:
        """Raises `SessionNotFound`, also for a session that is nothing to this user."""
        view, _ = await self._shared(principal, session_id)
        return view

    async def steered(self, principal: Principal, session_id: str) -> SessionView:
        """One that the user may post to and change. Raises `SessionNotFound`, `WatchOnly`."""
        view, share = await self._shared(principal, session_id)
        if share is not Share.STEER:
            raise WatchOnly(f"you may watch the session {session_id} and not steer it; ask the owner of its task")
        return view

    async def own(self, principal: Principal, session_id: str) -> SessionView:
        """One that people write to. Raises as `steered` does, and `OfASubAgent` for one that its parent writes to."""
        view = await self.steered(principal, session_id)
        if view.delegation is not None:
            raise OfASubAgent(f"the sub-agent {session_id} works for {view.delegation.parent}; write there, or stop it")
        return view

    async def _shared(self, principal: Principal, session_id: str) -> tuple[SessionView, Share]:
        if self._views.owner(session_id) is None:
            raise SessionNotFound(f"you have no session {session_id}")
        view = await self._views.latest(session_id)
        share = self._parts.access.share(principal, view)
        if share is None:
            raise SessionNotFound(f"you have no session {session_id}")
        return view, share

    @property
    def access(self) -> SessionAccess:
        return self._parts.access

    async def view(self, session_id: str) -> SessionView:
        """Whoever's it is, for those who may read the audit. Raises `SessionNotFound`."""
        return await self._views.latest(session_id)

    async def change(self, principal: Principal, session_id: str, changes: dict[str, JsonValue]) -> SessionView:
        """Raises `EgressRefused` for a model that may not see what the conversation has seen."""
        view = await self.own(principal, session_id)
        if "model" in changes:
            model = self._parts.models.named(str(changes["model"]))
            if not may_see(model.trust, view.confidentiality):
                raise refused(model.name, model.trust, view.confidentiality)
            changes = {**changes, "trust": model.trust.value}
        return await self.record(view, Record("session.changed", {**changes, "by": principal.username}))

    @asynccontextmanager
    async def alone(self, session_id: str) -> AsyncGenerator[None]:
        """Nothing else changes the session while the block runs."""
        async with self._locks.setdefault(session_id, asyncio.Lock()):
            yield

    async def go_on(self, session_id: str) -> None:
        """Run its turn, if it has one that nobody works on; for a session whose records somebody else wrote."""
        self._work.go_on(await self._views.latest(session_id))

    async def end_turn(self, session_id: str, why: str) -> None:
        """Of a sub-agent that nobody waits for any more."""
        await self._stop(session_id, why)

    def below(self, session_id: str) -> Sequence[str]:
        """All sub-agents' sessions below one, the one that was known first first."""
        return self._views.below(session_id)

    @asynccontextmanager
    async def steering(self, principal: Principal, session_id: str) -> AsyncGenerator[SessionView]:
        """Alone with a session that the user may post to, while the block runs. Raises as `steered`, and `Locked`."""
        async with self.alone(session_id):
            view = await self.own(principal, session_id)
            self._parts.gate.lockout.check(user=principal.username, session=session_id)
            yield view

    async def post(self, principal: Principal, session_id: str, text: str, quoted: Quoted | None = None) -> int:
        """Record a message and start the turn that answers it; returns the message's sequence number."""
        async with self.steering(principal, session_id) as view:
            if view.running:
                raise TurnRunning("the agent is still working on the last message; stop it or wait")
            named = () if view.title else (Record("session.changed", {"title": _title(text)}),)
            check_quotable(view, quoted)
            return (await self.begin_turn(principal, view, message_record(principal, text, quoted), *named))[0].seq

    async def begin_turn(self, principal: Principal, view: SessionView, *records: Record) -> Sequence[Event]:
        """Record what begins a turn, and run it; for whoever is `steering`.

        What anybody has let this session do without being asked again was meant for their own words alone.
        """
        await self.check_may_begin(principal, view)
        if view.is_new_author(principal.username):
            await self._parts.gate.chains.lapse(
                view.chain, principal.username, f"{principal.username} wrote to the session"
            )
        events = await self._parts.ledger.append(view.chain, *records)
        await self._views.latest(view.session_id)
        self._work.begin(view.session_id)
        return events

    async def check_may_begin(self, principal: Principal, view: SessionView) -> None:
        """Raises what `begin_turn` would. A first message after another's is read with all that was brought in."""
        if view.is_new_author(principal.username):
            await self.check_readable(principal, view.session_id)

    async def turns(self, principal: Principal, session_id: str) -> Sequence[Turn]:
        """All of them, those that are off the present path too."""
        view = await self.get(principal, session_id)
        return turns_of(await self._parts.ledger.read(view.chain))

    async def leave_path(self, view: SessionView, by: str) -> None:
        """For whoever is `steering`: nothing of the present path goes on, nothing approved for it counts any more."""
        await self._end_turn(view, f"{by} went another way")
        await self._work.left(view.session_id)
        await self.lapse(view, by, "the conversation went another way; ask again if it is still wanted")

    def waits(self, view: SessionView) -> bool:
        """Whether a call of its model waits for an approver."""
        return self._parts.gate.chains.waits(view.chain)

    async def lapse(self, view: SessionView, by: str, why: str) -> None:
        """Nothing that was approved or asked for so far counts any more."""
        await self._parts.gate.chains.lapse(view.chain, by, why)

    async def course(self, view: SessionView) -> SessionCourse:
        """What its records say, folded anew."""
        course = SessionCourse(view.session_id, self._parts.limits)
        for event in await self._parts.ledger.read(view.chain):
            course.take(event)
        return course

    async def record(self, view: SessionView, record: Record) -> SessionView:
        await self._parts.ledger.append(view.chain, record)
        return await self._views.latest(view.session_id)

    async def budget_raised(
        self, by: str, *, username: str | None = None, task_id: str | None = None, session_id: str | None = None
    ) -> None:
        """Turns that wait for more go on: those by a user's authority, in a task, in a session and its sub-agents."""
        one = (session_id, *self._views.below(session_id)) if session_id else ()
        for each in one or self._views.ids(user=username, task_id=task_id):
            view = await self._views.latest(each)
            author = view.authority.username if view.authority else None
            if view.over_budget and username in (None, author):
                await self._raised(view, by)

    async def _raised(self, view: SessionView, by: str) -> None:
        body: dict[str, JsonValue] = {"turn": view.turn, "by": by}
        await self._parts.ledger.append(view.chain, Record("budget.raised", body))

    async def stop(self, principal: Principal, session_id: str) -> None:
        """End the running turn, if there is one: waiting approvals are withdrawn, running commands are killed."""
        await self.steered(principal, session_id)
        await self._stop(session_id, f"stopped by {principal.username}")

    async def halt(self, session_id: str, why: str) -> None:
        """The same whoever asks, for the kill switch; its readers are sent away, too."""
        self._parts.live.end(session_id)
        await self._stop(session_id, why)

    async def check_shares(self, task_id: str) -> None:
        """Members of a task have changed: everybody's streams come back, and who may steer no more steers no more."""
        for session_id in self._views.ids(task_id=task_id):
            self._parts.live.end(session_id)
            async with self.alone(session_id):  # also what is being posted just now
                view = await self._views.latest(session_id)
                author = view.authority
                if author and self._parts.access.share(author, view) is not Share.STEER:
                    await self._end_turn(view, f"{author.username} may not steer it any more")

    async def _stop(self, session_id: str, detail: str) -> None:
        async with self.alone(session_id):
            await self._end_turn(await self._views.latest(session_id), detail)

    async def _end_turn(self, view: SessionView, detail: str) -> None:
        if view.running or view.waits_to_begin:
            body: dict[str, JsonValue] = {"turn": view.turn, "reason": "stopped", "detail": detail}
            await self._parts.ledger.append(view.chain, Record("turn.ended", body))
            await self._parts.gate.chains.interrupt(view.chain)

    def ids(self, *, user: str | None = None, owner: str | None = None, worker_id: str | None = None) -> Sequence[str]:
        """All sessions, or those of an owner or with a worker; of a `user` who owns it or wrote to it last."""
        return self._views.ids(user=user, owner=owner, worker_id=worker_id)

    async def check_readable(self, principal: Principal, session_id: str) -> None:
        """Raises `SessionNotFound`, and `ConversationTooWide` as `reading` says."""
        await self._reading.check(principal, await self.get(principal, session_id))

    async def readable(self, principal: Principal, view: SessionView) -> bool:
        """Whether `check_readable` lets this credential read a session that it may watch."""
        return not await self._reading.missing(principal, view)

    def stream(self, principal: Principal, session_id: str, after: int) -> AsyncGenerator[Event | Live]:
        """Durable events after `after`, then events and live pieces as they come; see `reading`."""
        return self._reading.stream(principal, session_id, after, self.get)

    async def read_again(self, chain: str) -> None:
        """Know of a session what the ledger holds now, and no more: content of it was erased."""
        await self._views.read_again(chain.removeprefix(SESSIONS))

    @property
    def at_work(self) -> int:
        """How many turns are being worked on."""
        return len(self._work)

    async def resume(self) -> None:
        """Go on with every turn that stands still because a record could not be written."""
        for session_id in self._work.to_look_at:
            async with self.alone(session_id):
                self._work.go_on(await self._views.latest(session_id))

    def end_streams(self) -> None:
        """Before the server stops: an open stream would keep it waiting."""
        self._parts.live.end_all()

    async def close(self) -> None:
        await self._work.close()


def _title(text: str) -> str:
    """A session that nobody named is called by its first message."""
    line = " ".join(text.split())
    return line if len(line) <= TITLE_CHARACTERS else f"{line[: TITLE_CHARACTERS - 1]}…"
