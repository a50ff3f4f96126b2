"""Shows the output of a running command in the session whose call it is, as the worker sends it."""

from __future__ import annotations

import base64

from audit.chains import session_of
from manager.gate.book import CallBook
from manager.sessions.live import LiveChannels
from manager.workers.listeners import Disconnected
from worker_agent.protocol import ProcessOutput, Wire


class ToolOutputRelay:
    """Matches `process.output` notifications with open calls by operation id and worker."""

    def __init__(self, book: CallBook, live: LiveChannels) -> None:
        self._book = book
        self._live = live

    def hear(self, worker_id: str, notification: Wire | Disconnected) -> None:
        if not isinstance(notification, ProcessOutput):
            return
        call = self._book.by_operation(notification.operation_id)
        session_id = session_of(call.chain) if call else None
        if call is None or call.worker_id != worker_id or session_id is None:
            return
        text = base64.b64decode(notification.data).decode(errors="replace")
        self._live.output(session_id, call.call_id, notification.stream, text)
