"""The door of an app: runs inside its job, on the node, and lets in only who knows the secret of the session.

    python3 -I door.py session.json

It starts the app behind a unix socket in a folder that nobody else can enter (an app that knows no sockets listens on
the loopback device), listens on one TCP port, registers that port once, and passes on each connection whose request
carries the secret. `ink_core.apps.session_file` describes the file. It ends with its app, or when nobody has used it
for long. Standard library only, Python 3.9 or later: it is copied to nodes that have nothing of ours.

One connection is one request: the proxy opens one for each, and the app is told to close after its answer. What
follows the head is passed on unread, so bodies, answers and WebSockets stream in either direction.
"""

from __future__ import annotations

import asyncio
import hmac
import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import stat
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SECRET_HEADER = b"x-ink-app-secret"
MAX_HEAD_BYTES = 64 * 1024
HEAD_S = 10.0
MAX_CONNECTIONS = 512
MAX_UNPROVED = 64
QUIET_S = 3600.0
CHUNK_BYTES = 64 * 1024
LOOK_EVERY_S = 0.2
RETRY_S = 2.0
CALLBACK_S = 15.0
KILL_AFTER_S = 10.0
NEVER_PASSED_ON = frozenset({SECRET_HEADER, b"connection", b"upgrade", b"keep-alive", b"cookie", b"authorization"})
"""The credentials of the portal are not the app's business; the proxy takes them away, and so does the door."""

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Task = Any


class Refused(Exception):
    """The request is answered by the door with this status and reason, and the app never sees it."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Failed(Exception):
    """The app cannot be offered; the job ends and says why."""


@dataclass(frozen=True)
class Session:
    """What `session.json` says, with the placeholders filled in."""

    command: list[str]
    environment: dict[str, str]
    directory: str
    base: bytes
    strip_prefix: bool
    ready_path: str
    start_timeout_s: float
    idle_timeout_s: float
    secret: bytes
    app_headers: dict[bytes, bytes]
    unix_path: str | None
    port: int
    callback_url: str
    callback_ca: str | None
    registration: bytes


def read_session(file: Path, runtime: str, node: str, door_port: int) -> Session:
    """Raises `Failed` for a file that others could have read or written."""
    with file.open("rb") as opened:
        status = os.fstat(opened.fileno())
        if status.st_mode & 0o077 or status.st_uid != os.geteuid() or not stat.S_ISREG(status.st_mode):
            raise Failed(f"{file} must be yours alone (mode 0600)")
        told: dict[str, Any] = json.load(opened)
    base = f"/{told['app']}/{node}/{door_port}/{told['user']}/"
    unix_path = os.path.join(runtime, "app.sock") if told["listens"] == "socket" else None
    port = 0 if unix_path else _free_port()
    folder = str(file.parent.resolve())
    filled = {"{socket}": unix_path or "", "{app_port}": str(port), "{base_path}": base, "{folder}": folder}
    registration = {"session_id": told["session_id"], "token": told["callback_token"], "node": node, "port": door_port}
    return Session(
        command=[_fill(part, filled) for part in told["command"]],
        environment={name: _fill(value, filled) for name, value in told["environment"].items()},
        directory=told["directory"],
        base=base.encode(),
        strip_prefix=told["strip_prefix"],
        ready_path=("/" if told["strip_prefix"] else base) + told["ready_path"].lstrip("/"),
        start_timeout_s=told["start_timeout_s"],
        idle_timeout_s=told["idle_timeout_s"],
        secret=told["secret"].encode(),
        app_headers={name.lower().encode(): value.encode("latin-1") for name, value in told["app_headers"].items()},
        unix_path=unix_path,
        port=port,
        callback_url=told["callback_url"],
        callback_ca=told.get("callback_ca"),  # a job that waited in the queue over an upgrade has none
        registration=json.dumps(registration).encode(),
    )


def _fill(text: str, values: dict[str, str]) -> str:
    return re.sub("|".join(map(re.escape, values)), lambda found: values[found.group()], text)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def passed_on(head: bytes, session: Session) -> bytes:
    """The head of a request as the app gets it. Raises `Refused`."""
    request, *lines = head[:-4].split(b"\r\n")
    headers = [_header(line) for line in lines]
    given = [value for name, value in headers if name == SECRET_HEADER]
    if len(given) != 1 or not hmac.compare_digest(given[0], session.secret):
        raise Refused(403, "this app is open to its owner only, through the portal")
    words = request.split(b" ")
    if len(words) != 3 or words[2] != b"HTTP/1.1":
        raise Refused(400, "no request of HTTP/1.1")
    method, target, version = words
    target = _below(session, target)
    taken = NEVER_PASSED_ON | session.app_headers.keys()
    kept = [(name, value) for name, value in headers if name not in taken]
    websocket = any(name == b"upgrade" and value.lower() == b"websocket" for name, value in headers)
    hops = [(b"connection", b"upgrade"), (b"upgrade", b"websocket")] if websocket else [(b"connection", b"close")]
    shown = [*kept, *(header for header in session.app_headers.items() if header[1]), *hops]
    lines = [b" ".join((method, target, version)), *(b": ".join(header) for header in shown)]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _below(session: Session, target: bytes) -> bytes:
    """The path as the app knows it. The portal may call an app by another name: where it is says which one is meant."""
    place, called = session.base[session.base.index(b"/", 1) :], target[target.find(b"/", 1) :]
    if not called.startswith(place):
        raise Refused(404, "the app is not below this path")
    return (b"/" if session.strip_prefix else session.base) + called[len(place) :]


def _header(line: bytes) -> tuple[bytes, bytes]:
    found = re.fullmatch(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*?)[ \t]*", line)
    if not found:
        raise Refused(400, "a malformed header")
    return found[1].lower(), found[2]


class Door:
    """Passes connections on. `idle_s` is how long nobody with the secret has been connected."""

    def __init__(self, session: Session, most: int = MAX_CONNECTIONS) -> None:
        self._session = session
        self._most = most
        self._unproved: dict[Task, str] = {}
        self._open = 0
        self._left_at = time.monotonic()

    @property
    def idle_s(self) -> float:
        return 0.0 if self._open else time.monotonic() - self._left_at

    async def connect(self) -> Streams:
        """To the app, which is asked each time whether it holds its port: what follows is secret. Raises `OSError`."""
        if self._session.unix_path:
            return await asyncio.open_unix_connection(self._session.unix_path, limit=CHUNK_BYTES)
        if _listeners(self._session.port) != {os.geteuid()}:
            raise ConnectionRefusedError
        return await asyncio.open_connection("127.0.0.1", self._session.port, limit=CHUNK_BYTES)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection from anywhere, to its end."""
        task = asyncio.current_task()
        self._unproved[task] = (writer.get_extra_info("peername") or ("",))[0]
        if len(self._unproved) > MAX_UNPROVED:  # the proxy speaks at once, and pays for no flood from elsewhere
            ((crowd, _),) = Counter(self._unproved.values()).most_common(1)
            next(each for each, host in self._unproved.items() if host == crowd).cancel()
        try:
            await self._answer(task, reader, writer)
        except (asyncio.CancelledError, OSError, EOFError, asyncio.TimeoutError):
            pass  # this connection is over, whoever ended it
        finally:
            self._unproved.pop(task, None)
            writer.close()

    async def _answer(self, task: Task, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await self._head(reader)
            del self._unproved[task]
            if self._open >= self._most:
                raise Refused(503, "too many connections; close some of them")
            await self._pass(head, reader, writer)
        except Refused as refused:
            writer.write(_refusal(refused))
            await asyncio.wait_for(writer.drain(), HEAD_S)

    async def _head(self, reader: asyncio.StreamReader) -> bytes:
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HEAD_S)
        except asyncio.LimitOverrunError:
            raise Refused(431, "the head of the request is too long") from None
        except asyncio.TimeoutError:
            raise Refused(408, "no request came") from None
        return passed_on(head, self._session)

    async def _pass(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        try:
            from_app, to_app = await self.connect()
            with closing(to_app):
                to_app.write(head)
                await splice((reader, to_app), (from_app, writer))
        except (ConnectionRefusedError, FileNotFoundError):
            raise Refused(502, "the app does not answer") from None
        finally:
            self._open -= 1
            self._left_at = time.monotonic()


async def splice(*ways: Streams) -> None:
    """Copies each reader to its writer until one of them ends, or nothing has moved for `QUIET_S`."""
    moved = [0]

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(CHUNK_BYTES):
            writer.write(data)
            moved[0] += len(data)
            await writer.drain()

    copies = [asyncio.create_task(copy(*way)) for way in ways]
    before = -1
    try:
        while moved[0] != before:
            before = moved[0]
            ended, _ = await asyncio.wait(copies, timeout=QUIET_S, return_when=asyncio.FIRST_COMPLETED)
            if ended:
                return
    finally:
        for task in copies:
            task.cancel()
        await asyncio.gather(*copies, return_exceptions=True)


def _refusal(refused: Refused) -> bytes:
    body = f"{refused}\n".encode()
    head = f"HTTP/1.1 {refused.status} Refused\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Connection: close\r\n\r\n" + body


async def until_ready(door: Door, session: Session) -> None:
    """Returns when the app answers. On a TCP port it must be the app, and not a neighbour who was faster."""
    while not await _answers(door, session):
        if not session.unix_path and _listeners(session.port) - {os.geteuid()}:
            raise Failed(f"port {session.port} was taken by somebody else; start the app again")
        await asyncio.sleep(LOOK_EVERY_S)


async def _answers(door: Door, session: Session) -> bool:
    start = f"GET {session.ready_path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n".encode()
    headers = b"".join(b"%s: %s\r\n" % header for header in session.app_headers.items() if header[1])
    try:
        reader, writer = await door.connect()
        with closing(writer):
            writer.write(start + headers + b"\r\n")
            status = await asyncio.wait_for(reader.readline(), HEAD_S)
    except (OSError, ValueError, asyncio.TimeoutError):
        return False
    return bool(re.match(rb"HTTP/1\.[01] [1-4]", status))


def _listeners(port: int) -> set[int]:
    """Uids, by the kernel's tables, `/proc/net/tcp`: local address, state (0A: LISTEN), uid of a socket (proc(5))."""
    owners: set[int] = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(FileNotFoundError), open(table, encoding="ascii") as opened:
            rows = [line.split() for line in opened.readlines()[1:]]
            owners |= {int(row[7]) for row in rows if row[3] == "0A" and int(row[1].rpartition(":")[2], 16) == port}
    return owners


def _post(session: Session) -> int:
    """The status that the manager answers; 0 for no answer. No proxy and no redirect: the token goes nowhere else."""
    url = urlsplit(session.callback_url)
    https = partial(http.client.HTTPSConnection, context=ssl.create_default_context(cadata=session.callback_ca))
    made = (https if url.scheme == "https" else http.client.HTTPConnection)(url.netloc, timeout=CALLBACK_S)
    with closing(made) as connection, suppress(OSError, http.client.HTTPException):
        connection.request("POST", url.path, session.registration, {"Content-Type": "application/json"})
        return connection.getresponse().status
    return 0


async def register(session: Session) -> None:
    """Tells the manager once where this door is. Raises `Failed`."""
    while (status := await asyncio.to_thread(_post, session)) not in (204, 410):
        if status not in (0, 409, 429) and status < 500:
            raise Failed(f"the manager refused the registration of this app with {status}")
        await asyncio.sleep(RETRY_S)


async def run(file: Path, runtime: str) -> int:
    """Serves until the app ends, nobody uses it, or the job is told to stop; returns the exit status of the job."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named: TCP_NODELAY is set then
    listening.bind(("", 0))
    session = read_session(file, runtime, socket.gethostname(), listening.getsockname()[1])
    door = Door(session)
    server = await asyncio.start_server(door.serve, sock=listening, limit=MAX_HEAD_BYTES)
    app = await _start(session)
    ended, stopping = asyncio.create_task(app.wait()), asyncio.create_task(stop.wait())
    offered = asyncio.create_task(_offer(door, session, file))
    try:
        await asyncio.wait({ended, stopping, offered}, return_when=asyncio.FIRST_COMPLETED)
        if offered.done():
            offered.result()
        return ended.result() if ended.done() else 0
    finally:
        server.close()
        await _end(app)
        for task in (ended, stopping, offered):
            task.cancel()


async def _start(session: Session) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            *session.command,
            cwd=session.directory,
            env={**os.environ, **session.environment},
            stdin=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        if isinstance(error, FileNotFoundError) and error.filename == session.command[0]:
            raise Failed(f"{session.command[0]} is not installed on the node {socket.gethostname()}") from None
        raise Failed(f"{session.command[0]} cannot be started: {error.strerror}") from None


async def _offer(door: Door, session: Session, file: Path) -> None:
    """Waits for the app, makes it known, and returns when nobody has used it for long. Raises `Failed`."""
    try:
        await asyncio.wait_for(_ready_and_known(door, session), session.start_timeout_s)
    except asyncio.TimeoutError:
        raise Failed(f"the app was not ready and known within {session.start_timeout_s:g} s") from None
    with suppress(FileNotFoundError):
        os.unlink(file)
    known_at = time.monotonic()
    while (left_s := session.idle_timeout_s - min(door.idle_s, time.monotonic() - known_at)) > 0:
        await asyncio.sleep(max(left_s, LOOK_EVERY_S))


async def _ready_and_known(door: Door, session: Session) -> None:
    await until_ready(door, session)
    await register(session)


async def _end(app: asyncio.subprocess.Process) -> None:
    """The app and what it has started, politely first."""
    with suppress(ProcessLookupError):
        os.killpg(app.pid, signal.SIGTERM)
    try:
        await asyncio.wait_for(app.wait(), KILL_AFTER_S)
    except asyncio.TimeoutError:
        print("door: the app did not end when asked to", file=sys.stderr)
    with suppress(ProcessLookupError):
        os.killpg(app.pid, signal.SIGKILL)
    await app.wait()


def main() -> None:
    runtime = tempfile.mkdtemp(prefix="ink-app-", dir="/tmp")  # mode 0700; elsewhere a socket's path may be too long
    try:
        sys.exit(asyncio.run(run(Path(sys.argv[1]), runtime)))
    except Failed as failed:
        sys.exit(f"door: {failed}")
    finally:
        shutil.rmtree(runtime, ignore_errors=True)


if __name__ == "__main__":
    main()
