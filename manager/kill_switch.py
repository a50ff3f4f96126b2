"""The kill switch: an administrator locks a user, a worker agent or a session, and everything live of it ends.

The lock is durable before anything ends; from then on the gate refuses what they start. Ended at once: streams and
terminals (the credential counts no more), worker connections (the agent exits, with all that it runs), the model's
turn, waiting approvals and grants. Limits: what a scheduler was already told goes on; jobs are removed as jobs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import structlog

from audit.chains import session_chain
from audit.hearing import append_heard
from audit.ledger import Ledger, Record
from ink_core.errors import BadInput, InkError, NotFound
from ink_core.identity.service import IdentityService
from manager.gate.approvals import Grant
from manager.gate.call import CallState, Phase
from manager.gate.decided_on import learn_locks
from manager.gate.gate import Gate
from manager.gate.lockout import CHAIN, Lock, LockKind, Lockout, lifted_record, set_record
from manager.sessions.service import SessionService
from manager.workers.registry import WorkerRegistry

log = structlog.get_logger()


class NotLocked(NotFound):
    code = "not_locked"


class KillSwitch:
    def __init__(
        self,
        ledger: Ledger,
        lockout: Lockout,
        identity: IdentityService,
        gate: Gate,
        sessions: SessionService,
        registry: WorkerRegistry,
    ) -> None:
        self._ledger = ledger
        self._lockout = lockout
        self._identity = identity
        self._gate = gate
        self._sessions = sessions
        self._registry = registry

    async def recover(self) -> None:
        """Everything that was locked before a restart is locked again, before anything else is taken up."""
        await learn_locks(self._ledger, self._lockout)
        for lock in self._lockout.all():
            if lock.kind is LockKind.USER:
                self._identity.authenticating.lock_out(lock.name)

    async def enforce(self) -> None:
        """After a restart: end what a lock was about to end when the service died."""
        for lock in self._lockout.all():
            await self._end_all(lock)

    async def lock(self, kind: LockKind, name: str, by: str, reason: str) -> Lock:
        """Raises `NotFound` for what does not exist, `BadInput` for oneself."""
        await self._must_exist(kind, name)
        if kind is LockKind.USER and name == by:
            raise BadInput("you would lock yourself out; another administrator can lock you")
        await self._record(set_record(kind, name, by, reason))
        lock = self._lockout.get(kind, name)
        assert lock is not None, "it was just set"
        await self._end_all(lock)
        return lock

    async def lift(self, kind: LockKind, name: str, by: str, reason: str) -> None:
        """Raises `NotLocked`. Nothing that was ended comes back."""
        if self._lockout.get(kind, name) is None:
            raise NotLocked(f"{kind.value} {name} is not locked")
        await self._record(lifted_record(kind, name, by, reason))
        if kind is LockKind.USER:
            self._identity.authenticating.let_in(name)

    async def _record(self, record: Record) -> None:
        learn = partial(learn_locks, self._ledger, self._lockout)
        self._lockout.fold(await append_heard(self._ledger, CHAIN, record, lambda: self._lockout.last, learn))

    def locks(self) -> Sequence[Lock]:
        return self._lockout.all()

    async def _must_exist(self, kind: LockKind, name: str) -> None:
        match kind:
            case LockKind.USER:
                await self._identity.user(name)
            case LockKind.AGENT:
                if self._registry.life(name) is None:
                    raise NotFound(f"there is no worker agent {name}")
            case LockKind.SESSION:
                if name not in self._sessions.ids():
                    raise NotFound(f"there is no session {name}")

    async def _end_all(self, lock: Lock) -> None:
        if lock.kind is LockKind.USER:
            self._identity.authenticating.lock_out(lock.name)
        await self.end_live(lock)

    async def end_live(self, lock: Lock) -> None:
        """Everything side by side; what cannot be ended does not keep the rest alive."""
        why = f"{lock.kind.value} {lock.name} was locked by {lock.by}: {lock.reason}"
        works = (
            *(self._sessions.halt(session_id, why) for session_id in self._sessions_of(lock)),
            *(self._gate.chains.stop_background(session_chain(session_id)) for session_id in self._background_of(lock)),
            *(self._registry.gone(worker_id, why) for worker_id in self._workers_of(lock)),
            *(self._gate.desk.end(state.call_id, lock.by, why, "locked") for state in self._waiting(lock)),
            self._gate.grants.revoke_all(_serves(lock), lock.by, why),
        )
        await asyncio.gather(*(_ended(work) for work in works))

    def _sessions_of(self, lock: Lock) -> Sequence[str]:
        match lock.kind:
            case LockKind.USER:
                return self._sessions.ids(user=lock.name)
            case LockKind.SESSION:
                return (lock.name,)
            case LockKind.AGENT:
                return self._sessions.ids(worker_id=lock.name)

    def _workers_of(self, lock: Lock) -> Sequence[str]:
        match lock.kind:
            case LockKind.USER:
                return [life.worker_id for life in self._registry.lives(lock.name) if not life.gone]
            case LockKind.AGENT:
                life = self._registry.life(lock.name)
                return () if life is None or life.gone else (lock.name,)
            case LockKind.SESSION:
                return ()

    def _background_of(self, lock: Lock) -> Sequence[str]:
        """Sessions whose processes would go on: of a user or a worker they end with the worker."""
        return (lock.name, *self._sessions.below(lock.name)) if lock.kind is LockKind.SESSION else ()

    def _waiting(self, lock: Lock) -> Sequence[CallState]:
        concerns = _concerns(lock)
        return [one for one in self._gate.book.open_calls() if one.phase is Phase.WAITING and concerns(one)]


def _concerns(lock: Lock) -> Callable[[CallState], bool]:
    match lock.kind:
        case LockKind.USER:
            return lambda state: state.principal.username == lock.name
        case LockKind.AGENT:
            return lambda state: state.worker_id == lock.name
        case LockKind.SESSION:
            return lambda state: state.chain == session_chain(lock.name)


def _serves(lock: Lock) -> Callable[[Grant], bool]:
    match lock.kind:
        case LockKind.USER:
            return lambda grant: lock.name in (grant.requester, grant.approver)
        case LockKind.AGENT:
            return lambda grant: grant.worker_id == lock.name
        case LockKind.SESSION:
            return lambda grant: grant.chain == session_chain(lock.name)


async def _ended(work: Awaitable[object]) -> None:
    try:
        await work
    except InkError as error:
        log.error("not_ended_by_lock", code=error.code, reason=str(error))
