"""HTTP as uvicorn speaks it, where what passes by the line is begun as soon as it is read.

uvicorn begins a request a turn of the event loop after it was read, behind all that is ready by then, and what a turn
writes goes out at its end. So a short answer would wait for two turns: the one in which it comes, and the next. Of
`UNLIMITED` paths all is done at once that waits for nothing; the rest is a task, as of any other request.

Limits: until it first waits for something, such a request is in no task (`asyncio.current_task`).
"""

from __future__ import annotations

from collections.abc import Coroutine, Generator
from contextvars import copy_context
from typing import Any

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from ink_core.api.request_rate import UNLIMITED


class PromptHttp(HttpToolsProtocol):
    _first = False
    """Whether nothing was begun yet of what is being read: one client's many requests at once take turns."""

    def data_received(self, data: bytes) -> None:
        self._first = True
        super().data_received(data)
        self._first = False

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        first, self._first = self._first, False
        if not first or cycle.scope["path"] not in UNLIMITED:
            super()._start_asgi_task(cycle, app)
            return
        context, request = copy_context(), cycle.run_asgi(app)
        try:
            waits_for = context.run(request.send, None)
        except StopIteration:
            return
        task = self.loop.create_task(_awaited(_Rest(request, waits_for)), context=context)
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)


class _Rest(Generator[Any, Any, None]):
    """What is left of a coroutine that waits for something; to be awaited."""

    def __init__(self, begun: Coroutine[Any, Any, None], waits_for: Any) -> None:
        self._begun = begun
        self._waits_for = [waits_for]

    def __await__(self) -> _Rest:
        return self

    def send(self, value: Any) -> Any:
        return self._waits_for.pop() if self._waits_for else self._begun.send(value)

    def throw(self, *error: Any) -> Any:
        return self._begun.throw(*error)


async def _awaited(rest: _Rest) -> None:
    await rest
