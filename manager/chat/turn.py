"""Follows one turn to its end, shows it, and takes decisions on what waits for approval.

While a request waits, lines from the keyboard are read; what was typed before it was shown does not count. Ctrl-C stops
the turn, and a second one leaves it alone.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import termios
from collections.abc import Coroutine, Generator
from contextlib import aclosing, contextmanager

from ink_core.errors import InkError
from manager.chat.conversations import Conversations, Event
from manager.chat.decisions import Decision, Person, Waiting
from manager.chat.screen import Screen
from manager.chat.told import Said, request_told, told

LINE_BYTES = 4096
_OF_CALLS = ("approval.decided", "call.refused", "call.intent", "call.outcome")
_ENDS = {**dict.fromkeys(_OF_CALLS, "call_id"), "subagent.goes_on": "approval_id"}
"""By what the request is found that does not wait any more."""


class Turn:
    """Of one session, from the event after `seen` on."""

    def __init__(self, manager: Conversations, session_id: str, person: Person, screen: Screen, seen: int) -> None:
        self._seen = seen
        self._answered = False
        self._manager = manager
        self._session_id = session_id
        self._screen = screen
        self._waiting = Waiting(person, f"{manager.address}/#/approvals")
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._reading = False

    async def follow(self) -> bool:
        """Until the turn has ended, or is left; whether it was answered."""
        following = asyncio.create_task(self._follow())
        try:
            with self._interrupts(following):
                await following
        except asyncio.CancelledError:
            self._screen.show(Said("dim", f"left alone; `ink chat --session {self._session_id}` comes back to it"))
        finally:
            self._screen.close()
            self._read_keyboard(wanted=False)
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        return self._answered

    async def _follow(self) -> None:
        async with aclosing(self._manager.follow(self._session_id, self._seen)) as events:
            async for event in events:
                await self._see(event)
                if event["kind"] == "turn.ended":
                    self._answered = event["reason"] == "answered"
                    return

    async def _see(self, event: Event) -> None:
        if "seq" in event:
            await self._see_durable(event)
        elif event["kind"] == "delta":
            self._screen.piece(event["text"], event["offset"])
        elif event["kind"] == "output":
            self._screen.output(event["text"])

    async def _see_durable(self, event: Event) -> None:
        self._seen = event["seq"]
        if event["kind"] == "approval.requested":
            self._ask(event)
        elif event["kind"] == "subagent.waits":
            await self._ask_for_sub_agent(event)
        elif name := _ENDS.get(event["kind"]):
            self._waiting.ended(event[name])
            self._read_keyboard(wanted=bool(self._waiting))
        if (said := told(event)) and event["kind"] != "user.message":
            self._screen.show(said)

    async def _ask_for_sub_agent(self, event: Event) -> None:
        """Its request is in a conversation of its own; who may not see that is told where it is decided."""
        request = await self._manager.waiting(event["approval_id"])
        if request is not None:
            self._ask(request)

    def _ask(self, request: Event) -> None:
        """What was typed before the request could be read is thrown away before anything is asked."""
        self._screen.show(request_told(request))
        choices = self._waiting.add(request)
        if sys.stdin.isatty():
            termios.tcflush(sys.stdin, termios.TCIFLUSH)
        self._read_keyboard(wanted=True)
        self._screen.show(Said("ask", f"  {choices}"))

    # -- what a human says meanwhile -----------------------------------------------------------------------------------

    def _read_keyboard(self, *, wanted: bool) -> None:
        if not sys.stdin.isatty():
            return
        loop = asyncio.get_running_loop()
        if wanted and not self._reading:
            loop.add_reader(sys.stdin, self._heard)
        elif self._reading and not wanted:
            loop.remove_reader(sys.stdin)
        self._reading = wanted

    def _heard(self) -> None:
        """A terminal gives whole lines."""
        said = os.read(sys.stdin.fileno(), LINE_BYTES)
        if not said:
            self._read_keyboard(wanted=False)
        for line in filter(None, map(str.strip, said.decode(errors="replace").splitlines())):
            answer = self._waiting.read(line)
            if isinstance(answer, Decision):
                self._start(self._manager.decide(answer.request, answer.verdict, answer.why))
            else:
                self._screen.show(Said("ask", answer))

    @contextmanager
    def _interrupts(self, following: asyncio.Task[None]) -> Generator[None]:
        def interrupt() -> None:
            if self._stopping:
                following.cancel()
                return
            self._stopping = True
            self._screen.show(Said("dim", "stopping; Ctrl-C again leaves it alone"))
            self._start(self._manager.stop(self._session_id))

        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, interrupt)
        try:
            yield
        finally:
            loop.remove_signal_handler(signal.SIGINT)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        async def guarded() -> None:
            try:
                await work
            except InkError as error:
                self._screen.show(Said("bad", str(error)))

        task = asyncio.create_task(guarded())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
