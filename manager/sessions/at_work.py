"""The turns that are being worked on: at most one runner for each session, until nothing of its turn is left to do."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from manager.sessions.parts import RunnerParts
from manager.sessions.runner import TurnRunner
from manager.sessions.view import SessionView

log = structlog.get_logger()

LEAVE_S = 30.0
"""How long what a left turn was just about to do is waited for; what comes later is withdrawn when it comes."""


class TurnsAtWork:
    def __init__(self, parts: RunnerParts) -> None:
        self._parts = parts
        self._running: dict[str, asyncio.Task[None]] = {}
        self._ended: set[str] = set()  # sessions whose runner has ended, and perhaps their turn has not
        self._interrupting: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._running)

    @property
    def to_look_at(self) -> Sequence[str]:
        """Sessions whose turn may stand still, because a record of it could not be written."""
        return tuple(self._ended)

    def go_on(self, view: SessionView) -> None:
        """Work on its turn, if anything of one is left and nobody works on it."""
        self._ended.discard(view.session_id)
        if view.session_id not in self._running and self._has_work(view):
            self.begin(view.session_id)

    def _has_work(self, view: SessionView) -> bool:
        """A turn that has ended leaves no call behind that an approver could still let run."""
        return view.running or self._parts.gate.chains.waits(view.chain)

    def begin(self, session_id: str) -> None:
        async def run() -> None:
            try:
                await TurnRunner(session_id, self._parts).run()
            except Exception:
                log.exception("turn_broke", session=session_id)
            finally:
                self._ended.add(session_id)
                if self._running.get(session_id) is asyncio.current_task():
                    del self._running[session_id]

        self._running[session_id] = asyncio.create_task(run(), name=f"turn of {session_id}")

    def interrupt(self, chain: str) -> None:
        """End what a stopped turn has running in a worker; nobody waits for that."""
        task = asyncio.create_task(self._parts.gate.chains.interrupt(chain), name=f"interrupt {chain}")
        self._interrupting.add(task)
        task.add_done_callback(self._interrupting.discard)

    async def left(self, session_id: str) -> None:
        """Back when the runner of a turn that was ended is done, or `LEAVE_S` later."""
        if running := self._running.get(session_id):
            await asyncio.wait({running}, timeout=LEAVE_S)

    async def close(self) -> None:
        """A restart goes on with them."""
        tasks = [*self._running.values(), *self._interrupting]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
