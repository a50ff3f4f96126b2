"""Sessions of apps as programs launch them over REST and open them through nginx, and which programs are there."""

from __future__ import annotations

import json
import shutil
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import httpx2
from websockets.sync.client import ClientConnection, connect

from bench.running_manager import ROOT, Client
from ink_core.apps.entry import KEY_FILE
from ink_core.key_file import secret_key
from tests.acceptance.embedded import Embedded, running_embedded
from tests.acceptance.waiting import until
from tests.nginx import free_addresses, running_nginx, why_no_nginx

START_S = 330
OWN_APP = """
version: 1
title: {en: Own, zh: Own}
description: {en: Of the site., zh: Of the site.}
command: [%s]
files: [%s]
connects: %s
resources:
  cpus: {default: 1, least: 1, most: 1}
  memory_mb: {default: 256, least: 256, most: 256}
  wall_time_s: {default: 600, least: 60, most: 600}
"""
EXISTING_SCRIPT = f"""#!{sys.executable}
import http.server, json, secrets, socket

TOKEN = secrets.token_hex(16)

class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        known = self.headers.get("Authorization") == f"token {{TOKEN}}"
        self.send_response(200 if known else 401)
        self.end_headers()
        self.wfile.write(b"a page of an existing script" if known else b"who are you?")

server = http.server.HTTPServer(("", 0), Page)
with open("app_login.info", "w") as file:
    json.dump({{"HOST": socket.gethostname(), "PORT": server.server_port, "TOKEN": TOKEN}}, file)
server.serve_forever()
"""
OVER = ("ended", "failed", "timed_out")
PYTHON_PROGRAMS = ROOT / ".venv/apps/python"
NOVNC = ROOT / ".venv/apps/novnc"
CODE_SERVER = ROOT / "tests/app_programs"


def why_no_jupyter() -> str | None:
    """The reason why Jupyter cannot be opened through nginx here, or None."""
    return why_no_nginx() or (None if (PYTHON_PROGRAMS / "stamp").exists() else "JupyterLab is not installed")


def why_no_desktop() -> str | None:
    there = shutil.which("Xvnc") and shutil.which("xterm") and (NOVNC / "vnc.html").exists()
    return why_no_jupyter() or (None if there else "TigerVNC, xterm or noVNC is not installed")


def why_no_code_server() -> str | None:
    there = (CODE_SERVER / "node_modules/.stamp").exists()
    return why_no_nginx() or (None if there else "code-server is not installed")


def why_no_openclaw() -> str | None:
    there = (CODE_SERVER / "openclaw/node_modules/.stamp").exists()
    return why_no_code_server() or (None if there else "OpenClaw is not installed; see scripts/install-test-apps.sh")


def why_no_jsroot() -> str | None:
    return why_no_nginx() or (None if (ROOT / ".venv/apps/jsroot/stamp").exists() else "JSROOT is not installed")


@contextmanager
def embedded_with_nginx(folder: Path) -> Iterator[tuple[Embedded, int]]:
    """An installation with real apps, and the port of nginx at the apps' address."""
    addresses = free_addresses()
    own = folder / "own"
    site_app(own / "missing", OWN_APP % ("no-such-program", "", "door"))
    site_app(own / "existing", OWN_APP % ("start.py", "start.py", "app_login"), EXISTING_SCRIPT)
    settings = {
        "server": {"public_url": addresses.portal_url, "trusted_proxies": ["127.0.0.1"]},
        "apps": {
            "folder": str(own),
            "public_url": addresses.apps_url,
            "path": [str(PYTHON_PROGRAMS / "bin")],
            "environment": {"INK_NOVNC": str(NOVNC), "INK_DESKTOP": "xterm"},
        },
    }
    with running_embedded(folder, settings) as embedded:
        key = secret_key(embedded.data / KEY_FILE)
        with running_nginx(folder, addresses, f"127.0.0.1:{embedded.port}", key):
            yield embedded, addresses.apps


def site_app(folder: Path, manifest: str, script: str | None = None) -> None:
    folder.mkdir(parents=True)
    (folder / "manifest.yaml").write_text(manifest)
    if script:
        (folder / "start.py").write_text(script)


def launch(client: Client, app: str, **options: Any) -> str:
    answer = client.http.post("/api/v1/app-sessions", json={"app": app, **options})
    assert answer.status_code == 201, answer.text
    return answer.json()["session_id"]


def session(client: Client, session_id: str) -> dict[str, Any]:
    return client.get(f"/app-sessions/{session_id}")


def ready(client: Client, session_id: str) -> dict[str, Any]:
    """The session once it is ready; fails at once, with the app's log, where it is over instead."""

    def seen() -> dict[str, Any] | None:
        now = session(client, session_id)
        assert now["state"] not in OVER, (now, client.get(f"/app-sessions/{session_id}/log")["text"])
        return now if now["state"] == "ready" else None

    return until(f"session {session_id} is ready", seen, START_S)


def stop(client: Client, session_id: str) -> dict[str, Any]:
    answer = client.http.delete(f"/api/v1/app-sessions/{session_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


class Visitor:
    """A program at the apps' address, with a token of its user."""

    def __init__(self, now: Mapping[str, Any], token: str) -> None:
        self._headers = {"Authorization": f"Bearer {token}"}
        self._url = str(now["url"])
        self.http = httpx2.Client(base_url=self._url, headers=self._headers, timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def socket(self, path: str) -> ClientConnection:
        url = self._url.replace("http", "ws", 1) + path
        return connect(url, additional_headers=self._headers, open_timeout=60, close_timeout=20)


def computed(visitor: Visitor, expression: str) -> str:
    """What a new Python kernel of this Jupyter answers, over its WebSocket (Jupyter's messaging protocol, 5.3)."""
    started = visitor.http.post("api/kernels", json={"name": "python3"})
    assert started.status_code == 201, started.text
    header = {
        "msg_id": uuid.uuid4().hex,
        "msg_type": "execute_request",
        "username": "",
        "session": "s",
        "version": "5.3",
    }
    content = {"code": expression, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    with visitor.socket(f"api/kernels/{started.json()['id']}/channels") as socket:
        socket.send(json.dumps(message))
        while True:
            said = json.loads(socket.recv(timeout=START_S))
            assert said["msg_type"] != "error", said
            if said["msg_type"] == "execute_result" and said["parent_header"]["msg_id"] == header["msg_id"]:
                return str(said["content"]["data"]["text/plain"])
