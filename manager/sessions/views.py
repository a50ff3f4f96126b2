"""The views of all sessions: those used last in memory, any other folded again from its chain when it is asked for.

Of every session its people, its task and its worker stay in memory, as the ledger keeps the head of its chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from audit.chains import session_chain
from audit.folds import ChainFolds
from audit.ledger import Ledger
from ink_core.errors import NotFound
from manager.sessions.view import SessionView, fold

KEPT = 2_000


class SessionNotFound(NotFound):
    code = "session_not_found"


@dataclass(frozen=True, slots=True)
class _Entry:
    owner: str
    worker_id: str | None
    task_id: str | None
    author: str | None


class SessionViews:
    def __init__(self, ledger: Ledger, kept: int = KEPT) -> None:
        self._index: dict[str, _Entry] = {}
        self._of_owner: dict[str, dict[str, None]] = {}
        self._of_task: dict[str, dict[str, None]] = {}
        self._below: dict[str, list[str]] = {}
        self._views = ChainFolds[SessionView | None](ledger, None, fold, kept)

    @property
    def in_memory(self) -> int:
        return len(self._views)

    def owner(self, session_id: str) -> str | None:
        entry = self._index.get(session_id)
        return entry.owner if entry else None

    def ids(
        self,
        *,
        owner: str | None = None,
        worker_id: str | None = None,
        task_id: str | None = None,
        user: str | None = None,
    ) -> Sequence[str]:
        """All sessions, or those of an owner, with a worker, of a task; of a `user` who owns it or wrote to it last."""
        return [
            session_id
            for session_id in self._among(owner, task_id)
            if (entry := self._index[session_id])
            and owner in (None, entry.owner)
            and worker_id in (None, entry.worker_id)
            and task_id in (None, entry.task_id)
            and user in (None, entry.owner, entry.author)
        ]

    def _among(self, owner: str | None, task_id: str | None) -> Iterable[str]:
        """All of that task or of that owner are among them, without a look at everybody's."""
        if task_id is not None:
            return self._of_task.get(task_id, ())
        return self._index if owner is None else self._of_owner.get(owner, ())

    def below(self, session_id: str) -> Sequence[str]:
        """Sub-agents' sessions below one, the one that was known first first."""
        return tuple(self._below.get(session_id, ()))

    async def read_again(self, session_id: str) -> None:
        """Know of a session what the ledger holds now, and no more; of one that was never seen, nothing."""
        self._views.forget(session_chain(session_id))
        if session_id in self._index:
            await self.latest(session_id)

    async def latest(self, session_id: str) -> SessionView:
        """The view after all that is durable. Raises `SessionNotFound`."""
        view = await self._views.of(session_chain(session_id))
        if view is None:
            raise SessionNotFound(f"there is no session {session_id}")
        if view.delegation is not None and session_id not in self._index:
            for ancestor in view.delegation.ancestors:
                self._below.setdefault(ancestor, []).append(session_id)
        author = view.authority.username if view.authority else None
        self._index[session_id] = _Entry(view.owner, view.worker_id, view.task_id, author)
        self._of_owner.setdefault(view.owner, {})[session_id] = None
        if view.task_id is not None:
            self._of_task.setdefault(view.task_id, {})[session_id] = None
        return view
