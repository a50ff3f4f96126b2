"""The privileged spawner: `python -I -m ink_core.spawner --socket PATH --client-user NAME --agent-python PATH`.

It runs as root, does one thing and imports the standard library only. One connection is one line of JSON,
`{"user": NAME, "config": {...}}`, answered by `{"pid": N}` or `{"refused": TEXT}`. The kernel tells who connects
(SO_PEERCRED): anybody but the manager's user is refused before a byte is read.
"""

from __future__ import annotations

import argparse
import json
import os
import pwd
import signal
import socket
import stat
import struct
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any, cast

from ink_core.spawner.launch import ENV, SETPRIV, Launcher
from ink_core.spawner.policy import Refused, UserPolicy

MAX_REQUEST_BYTES = 64 * 1024
REQUEST_DEADLINE_S = 2.0
REAP_EVERY_S = 1.0


def main() -> None:
    options = _arguments()
    if os.geteuid() != 0:
        sys.exit("spawner: only root can start processes of other users")
    for program in (SETPRIV, ENV, str(options.agent_python)):
        if not os.access(program, os.X_OK):
            sys.exit(f"spawner: {program} is not there or cannot be run")
    signal.signal(signal.SIGTERM, _stop)
    policy = UserPolicy(*options.allow_user_range, no_login=options.allow_no_login)
    launcher = Launcher(policy, options.agent_python, options.log_directory)
    client = pwd.getpwnam(options.client_user)
    listener = _listen(options.socket, client)
    try:
        _serve(listener, client.pw_uid, launcher)
    finally:
        options.socket.unlink(missing_ok=True)


def _serve(listener: socket.socket, client_uid: int, launcher: Launcher) -> None:
    """One connection after the other: each has a deadline, and the manager is the only client."""
    listener.settimeout(REAP_EVERY_S)
    while True:
        launcher.reap()
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            continue
        with connection:
            _answer(connection, client_uid, launcher)


def _answer(connection: socket.socket, client_uid: int, launcher: Launcher) -> None:
    try:
        _check_peer(connection, client_uid)
        user, config = _parse(_read(connection))
        pid = launcher.launch(user, config)
        _log(f"started an agent of {user}, pid {pid}")
        answer: dict[str, Any] = {"pid": pid}
    except Refused as refusal:
        _log(f"refused: {refusal}")
        answer = {"refused": str(refusal)}
    except OSError as error:
        _log(f"failed: {error}")
        answer = {"refused": f"the agent could not be started: {error.strerror}"}
    try:
        connection.settimeout(REQUEST_DEADLINE_S)
        connection.sendall(json.dumps(answer).encode() + b"\n")
    except OSError as error:
        _log(f"the client did not take the answer: {error}")


def _check_peer(connection: socket.socket, client_uid: int) -> None:
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, uid, _ = struct.unpack("3i", credentials)
    if uid != client_uid:
        raise Refused(f"uid {uid} may not ask")


def _read(connection: socket.socket) -> bytes:
    """One line within the bounds of size and time."""
    data, deadline = bytearray(), time.monotonic() + REQUEST_DEADLINE_S
    while not data.endswith(b"\n"):
        connection.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            piece = connection.recv(MAX_REQUEST_BYTES)
        except TimeoutError:
            raise Refused("the request did not come in time") from None
        if not piece or len(data) + len(piece) > MAX_REQUEST_BYTES:
            raise Refused("the request is too long or has no end")
        data += piece
    return bytes(data)


def _parse(line: bytes) -> tuple[str, dict[str, Any]]:
    try:
        request: object = json.loads(line)
    except (ValueError, RecursionError):
        raise Refused("the request is not JSON") from None
    if not isinstance(request, dict):
        raise Refused("the request is not an object")
    fields = cast(dict[str, Any], request)
    user, config = fields.get("user"), fields.get("config")
    if set(fields) != {"user", "config"} or not isinstance(user, str) or not isinstance(config, dict):
        raise Refused("a request has a user and a config, and nothing else")
    return user, cast(dict[str, Any], config)


def _listen(path: Path, client: pwd.struct_passwd) -> socket.socket:
    """The socket, for the client's user only. Takes the place of one that a dead spawner left behind."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    if path.exists() and stat.S_ISSOCK(path.lstat().st_mode):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            if probe.connect_ex(str(path)) == 0:
                sys.exit(f"spawner: another one listens on {path}")
        path.unlink()
    mask = os.umask(0o177)
    listener.bind(str(path))
    os.umask(mask)
    os.chown(path, client.pw_uid, client.pw_gid)
    listener.listen(64)
    return listener


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="ink_core.spawner", description="Starts access-point agents as their users.")
    parser.add_argument("--socket", type=Path, required=True, help="unix socket to listen on")
    parser.add_argument("--client-user", required=True, help="the only user who may ask: the manager's")
    parser.add_argument("--agent-python", type=Path, required=True, help="interpreter that every user can run")
    parser.add_argument("--allow-user-range", type=_range, default=(1000, 60000), help="uids, lowest-highest")
    parser.add_argument("--allow-no-login", action="store_true", help="also accounts without a login shell")
    parser.add_argument("--log-directory", type=Path, help="one log per user; default: none is kept")
    return parser.parse_args()


def _range(text: str) -> tuple[int, int]:
    lowest, _, highest = text.partition("-")
    return int(lowest), int(highest)


def _stop(signum: int, frame: FrameType | None) -> None:
    sys.exit(0)


def _log(text: str) -> None:
    print(f"spawner: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
