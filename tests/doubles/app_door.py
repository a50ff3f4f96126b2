"""The real door with an app behind it, as a job starts them, and the manager's end of the callback."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

from ink_core.apps.session_file import SESSION_FILE, SessionFile

ROOT = Path(__file__).parents[2]
DOOR = ROOT / "ink_core" / "apps" / "door.py"
SECRET = "the-secret-of-this-session"
TOKEN = "the-token-of-the-callback"
PATIENCE_S = 60
UVICORN = (sys.executable, "-m", "uvicorn", "--log-level", "warning", "--no-access-log", "tests.doubles.echo_app:app")
ON_SOCKET = (*UVICORN, "--uds", "{socket}")
ON_PORT = (*UVICORN, "--port", "{app_port}")


class Callbacks(HTTPServer):
    """Answers with `statuses`, one after the other, the last one for ever, and keeps what was registered."""

    def __init__(self, statuses: Sequence[int]) -> None:
        self.registered: Queue[dict[str, Any]] = Queue()
        self.statuses = list(statuses)
        super().__init__(("127.0.0.1", 0), _Callback)


class _Callback(BaseHTTPRequestHandler):
    server: Callbacks  # pyright: ignore[reportIncompatibleVariableOverride] - only Callbacks makes one

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        statuses = self.server.statuses
        self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
        self.end_headers()
        self.server.registered.put(body)

    def log_message(self, format: str, *args: object) -> None:
        """The tests' output stays clean."""


class Manager:
    """Its end of the callback, in a thread."""

    def __init__(self, statuses: Sequence[int]) -> None:
        self._server = Callbacks(statuses)
        self.registered = self._server.registered
        self.url = f"http://127.0.0.1:{self._server.server_port}/api/v1/apps/callback"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@dataclass
class RunningDoor:
    process: subprocess.Popen[str]
    file: Path
    manager: Manager
    app: str
    node: str = ""
    port: int = 0

    def known(self) -> RunningDoor:
        """Once the door has registered."""
        body = self.manager.registered.get(timeout=PATIENCE_S)
        assert (body["session_id"], body["token"]) == ("s1", TOKEN)
        self.node, self.port = body["node"], body["port"]
        return self

    @property
    def base(self) -> str:
        return f"/{self.app}/{self.node}/{self.port}/alice/"

    def ask(
        self, target: str, headers: dict[str, str] | None = None, method: str = "GET", body: Any = None
    ) -> tuple[int, bytes]:
        """Status and body, straight from the node's port and with the secret; `headers` may take it away."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request(method, target, body, {"X-Ink-App-Secret": SECRET} if headers is None else headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def seen(self, target: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        """What reached the app."""
        status, body = self.ask(target, headers)
        assert status == 200, body
        return json.loads(body)


def session_file(folder: Path, callback_url: str, **changed: Any) -> tuple[Path, SessionFile]:
    folder.mkdir(mode=0o700, exist_ok=True)
    told: dict[str, Any] = {
        "session_id": "s1",
        "app": "jupyter",
        "user": "alice",
        "command": ON_SOCKET,
        "environment": {"PYTHONPATH": str(ROOT)},
        "directory": str(folder),
        "listens": "socket",
        "strip_prefix": False,
        "ready_path": "ready",
        "start_timeout_s": PATIENCE_S,
        "secret": SECRET,
        "app_headers": {},
        "callback_url": callback_url,
        "callback_token": TOKEN,
    }
    session = SessionFile(**{**told, **changed})
    file = folder / SESSION_FILE
    file.touch(mode=0o600)
    file.write_text(session.model_dump_json())
    return file, session


@contextmanager
def door(folder: Path, *statuses: int, **changed: Any) -> Iterator[RunningDoor]:
    """A door that was started; `statuses` are the manager's answers, `changed` what else the session's file says."""
    manager = Manager(statuses or (204,))
    file, session = session_file(folder, **{"callback_url": manager.url, **changed})
    argv = [sys.executable, "-I", str(DOOR), str(file)]
    process = subprocess.Popen(argv, stderr=subprocess.PIPE, text=True, cwd=folder)
    try:
        yield RunningDoor(process, file, manager, session.app)
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_S)
        manager.close()
