"""The door on the node, started as a job starts it: who gets in, what the app sees of it, and when it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ink_core.apps.door import MAX_UNPROVED, Door, _listeners, read_session
from ink_core.apps.session_file import SESSION_FILE
from tests.acceptance.waiting import until
from tests.doubles.app_door import ON_PORT, PATIENCE_S, SECRET, TOKEN, RunningDoor, door, session_file


def arguments(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/cmdline").read_text().strip("\0").split("\0")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    with door(tmp_path_factory.mktemp("session")) as running:
        yield running.known()


def test_the_app_gets_the_request_as_it_was_sent_but_for_secrets_and_credentials(opened: RunningDoor) -> None:
    sent = {"X-Ink-App-Secret": SECRET, "Cookie": "ink_app=x", "Authorization": "Bearer x", "X-Own": "kept"}
    seen = opened.seen(f"{opened.base}a%20b?c=%2F", sent)
    names = {name for name, _ in seen["headers"]}
    assert seen["target"] == f"{opened.base}a%20b?c=%2F"
    assert names & {"x-ink-app-secret", "cookie", "authorization"} == set()
    assert ["x-own", "kept"] in seen["headers"]
    assert ["connection", "close"] in seen["headers"]


@pytest.mark.requirement("CORE-APPS-07")
@pytest.mark.parametrize("headers", [{}, {"X-Ink-App-Secret": "guessed"}, {"X-Ink-App-Secret": ""}])
def test_nobody_without_the_secret_gets_anything_of_the_app(opened: RunningDoor, headers: dict[str, str]) -> None:
    status, body = opened.ask(opened.base, headers)
    assert (status, body) == (403, b"this app is open to its owner only, through the portal\n")


@pytest.mark.requirement("CORE-APPS-07")
def test_another_user_of_the_node_reaches_neither_the_socket_nor_the_session_file(opened: RunningDoor) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    app_socket = arguments(opened.seen(opened.base)["pid"])[-1]
    tries = "import os, socket, sys\nos.setuid(65534)\nsocket.socket(socket.AF_UNIX).connect(sys.argv[1])"
    refused = subprocess.run([sys.executable, "-I", "-c", tries, app_socket], capture_output=True, text=True)
    assert "PermissionError" in refused.stderr
    assert Path(app_socket).parent.stat().st_mode & 0o777 == 0o700


def test_no_secret_is_in_the_arguments_of_a_process(opened: RunningDoor) -> None:
    shown = [*arguments(opened.process.pid), *arguments(opened.seen(opened.base)["pid"])]
    assert [part for part in shown if SECRET in part or TOKEN in part] == []


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET /elsewhere HTTP/1.1\r\nX-Ink-App-Secret: %s\r\n\r\n", b"404"),
        (b"GET / HTTP/1.0\r\nX-Ink-App-Secret: %s\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nX-Ink-App-Secret: %s\r\nX-Ink-App-Secret: two\r\n\r\n", b"403"),
        (b"GET / HTTP/1.1\r\nX-Ink-App-Secret: %s\r\n folded: x\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nX-Ink-App-Secret: %s\r\nspace : x\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nX-Ink-App-Secret: %s\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", b"431"),
        (b"nonsense\r\n\r\n", b"403"),
    ],
)
def test_a_request_that_is_not_plain_is_answered_by_the_door(
    opened: RunningDoor, request_bytes: bytes, status: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", opened.port), timeout=PATIENCE_S) as client:
        client.sendall(request_bytes.replace(b"%s", SECRET.encode()))
        assert client.makefile("rb").readline().split()[1] == status


def test_who_says_nothing_can_not_keep_the_owner_out(opened: RunningDoor) -> None:
    silent = [socket.create_connection(("127.0.0.1", opened.port), timeout=PATIENCE_S) for _ in range(200)]
    try:
        assert opened.seen(opened.base)["method"] == "GET"
    finally:
        for client in silent:
            client.close()


def test_a_flood_from_elsewhere_costs_the_proxy_none_of_its_connections(opened: RunningDoor) -> None:
    node = ("127.0.0.1", opened.port)
    with socket.create_connection(node, timeout=PATIENCE_S) as proxy:
        proxy.sendall(b"GET %s HTTP/1.1\r\n" % opened.base.encode())
        flood = [
            socket.create_connection(node, PATIENCE_S, source_address=("127.0.0.2", 0)) for _ in range(MAX_UNPROVED)
        ]
        assert flood[0].recv(1) == b"", "one of them has to go"
        proxy.sendall(b"X-Ink-App-Secret: %s\r\n\r\n" % SECRET.encode())
        assert proxy.makefile("rb").readline().split()[1] == b"200"
        for client in flood:
            client.close()


def test_an_app_that_is_called_by_another_name_sees_its_own(opened: RunningDoor) -> None:
    assert opened.seen(opened.base.replace("/jupyter/", "/agent/") + "chat")["target"] == f"{opened.base}chat"


async def test_the_owner_too_has_a_bound_of_connections_and_is_told_so(tmp_path: Path) -> None:
    file, _ = session_file(tmp_path / "s", "http://127.0.0.1/callback")
    session = read_session(file, str(tmp_path), "node", 8888)
    door_of_one, reached, served = Door(session, most=1), asyncio.Event(), list[asyncio.Task[Any] | None]()

    async def app(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(asyncio.current_task())
        reached.set()
        await reader.read()
        writer.close()
        await writer.wait_closed()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(asyncio.current_task())
        await door_of_one.serve(reader, writer)
        await writer.wait_closed()

    async def ask() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", outside.sockets[0].getsockname()[1])
        writer.write(b"GET %s HTTP/1.1\r\nX-Ink-App-Secret: %s\r\n\r\n" % (session.base, SECRET.encode()))
        return reader, writer

    async with (
        await asyncio.start_unix_server(app, tmp_path / "app.sock"),
        await asyncio.start_server(serve, "127.0.0.1", 0) as outside,
    ):
        _, first = await ask()
        await reached.wait()
        second, closing = await ask()
        assert (await second.readline()).split()[1] == b"503"
        for writer in (first, closing):
            writer.close()
            await writer.wait_closed()
        await asyncio.gather(*(task for task in served if task))


def test_an_app_that_knows_no_paths_gets_them_without_the_prefix_and_its_own_credential(tmp_path: Path) -> None:
    told = {"strip_prefix": True, "app_headers": {"Authorization": "token own"}, "command": ON_PORT, "listens": "port"}
    with door(tmp_path / "s", **told) as running:
        seen = running.known().seen(f"{running.base}lab?x=1")
        assert seen["target"] == "/lab?x=1"
        assert [value for name, value in seen["headers"] if name == "authorization"] == ["token own"]


def test_an_app_does_not_get_what_it_is_to_be_without(tmp_path: Path) -> None:
    with door(tmp_path / "s", app_headers={"X-Forwarded-For": ""}) as running:
        sent = {"X-Ink-App-Secret": SECRET, "X-Forwarded-For": "10.0.0.1", "X-Own": "kept"}
        seen = running.known().seen(f"{running.base}a", sent)
        names = {name for name, _ in seen["headers"]}
        assert "x-own" in names and "x-forwarded-for" not in names


SOMEBODY_ELSES = """
import os, socket, sys
heard = open("heard", "wb", buffering=0)
os.setuid(65534)
with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as listening:
    while True:
        client, _ = listening.accept()
        heard.write(client.recv(65536))
        client.sendall(b"HTTP/1.1 200 OK\\r\\n\\r\\n")
        client.close()
"""


@pytest.mark.requirement("CORE-APPS-07")
def test_who_else_holds_the_port_is_not_taken_for_the_app_and_gets_no_credential_of_it(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    command = (sys.executable, "-I", "-c", SOMEBODY_ELSES, "{app_port}")
    own = {"app_headers": {"Authorization": "Bearer of-the-app"}}
    with door(tmp_path / "s", command=command, listens="port", **own) as running:
        _, errors = running.process.communicate(timeout=PATIENCE_S)
        assert (running.process.returncode, "was taken by somebody else" in errors) == (1, True), errors
        assert (tmp_path / "s" / "heard").read_bytes() == b""
        assert running.manager.registered.empty()


async def test_a_port_that_the_app_has_lost_is_not_connected_to(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    file, _ = session_file(tmp_path / "s", "http://127.0.0.1/callback", listens="port")
    session = read_session(file, str(tmp_path), "node", 8888)
    argv = [sys.executable, "-I", "-c", SOMEBODY_ELSES, str(session.port)]
    with subprocess.Popen(argv, cwd=tmp_path) as neighbour:
        try:
            await asyncio.to_thread(until, "it listens", lambda: _listeners(session.port) != set(), PATIENCE_S)
            with pytest.raises(ConnectionRefusedError):
                await Door(session).connect()
        finally:
            neighbour.kill()


def test_the_job_ends_with_its_app(tmp_path: Path) -> None:
    with door(tmp_path / "s") as running:
        os.kill(running.known().seen(running.base)["pid"], signal.SIGKILL)
        assert running.process.wait(PATIENCE_S) != 0


def test_an_app_that_nobody_uses_ends_and_so_does_its_job(tmp_path: Path) -> None:
    with door(tmp_path / "s", idle_timeout_s=0.5) as running:
        running.known()
        assert running.process.wait(PATIENCE_S) == 0


def test_a_busy_manager_is_asked_again_and_the_file_with_the_secrets_goes(tmp_path: Path) -> None:
    with door(tmp_path / "s", 503, 204, idle_timeout_s=0.1) as running:
        running.known().known()
        assert running.process.wait(PATIENCE_S) == 0
        assert not running.file.exists()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"command": ["/nowhere/app"]}, "/nowhere/app is not installed on the node"),
        ({"command": ["sleep", "60"], "start_timeout_s": 0.5}, "not ready and known within 0.5 s"),
    ],
)
def test_an_app_that_does_not_start_ends_its_job_with_a_reason(
    tmp_path: Path, told: dict[str, object], said: str
) -> None:
    with door(tmp_path / "s", **told) as running:
        _, errors = running.process.communicate(timeout=PATIENCE_S)
        assert (running.process.returncode, said in errors) == (1, True), errors


def test_a_refused_registration_ends_the_job(tmp_path: Path) -> None:
    with door(tmp_path / "s", 403) as running:
        _, errors = running.process.communicate(timeout=PATIENCE_S)
        assert "refused the registration of this app with 403" in errors
        assert SECRET not in errors
        assert TOKEN not in errors


def test_a_session_file_that_others_could_read_is_not_used(tmp_path: Path) -> None:
    file = tmp_path / SESSION_FILE
    file.write_text("{}")
    file.chmod(0o640)
    argv = [sys.executable, "-I", "ink_core/apps/door.py", str(file)]
    ended = subprocess.run(argv, capture_output=True, text=True, timeout=PATIENCE_S)
    assert (ended.returncode, "must be yours alone" in ended.stderr) == (1, True)
