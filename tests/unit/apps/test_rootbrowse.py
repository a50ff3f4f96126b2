"""The ROOT browser's server: one file, by ranges of bytes, and nothing beside it."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.waiting import until

SERVE = Path(__file__).parents[3] / "ink_core/apps/rootbrowse/serve.py"
CONTENT = b"root" + bytes(range(256)) * 8
NAME = "mass %2e+.root"


class OverUnix(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=60)
        self._path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(60)
        self.sock.connect(self._path)


class Opened:
    policy: str | None = None
    """Of the last answer: what its page may run."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, target: str, headers: dict[str, str] | None = None, method: str = "GET") -> tuple[int, str, bytes]:
        connection = OverUnix(self._path)
        try:
            connection.request(method, target, headers=headers or {})
            answer = connection.getresponse()
            self.policy = answer.getheader("Content-Security-Policy")
            told = answer.getheader("Location") or answer.getheader("Content-Range") or ""
            return answer.status, told, answer.read()
        finally:
            connection.close()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    library = tmp_path_factory.mktemp("jsroot")
    (library / "build").mkdir()
    (library / "build" / "jsroot.min.js").write_text("JSROOT = {}")
    (library / "secret.txt").write_text("not a part of it")
    (library / "link.js").symlink_to("/etc/passwd")
    file = tmp_path_factory.mktemp("home") / NAME
    file.write_bytes(CONTENT)
    place = Path(tempfile.mkdtemp(dir="/tmp"))  # the path of a socket must be short
    argv = [sys.executable, "-I", SERVE, file, place / "app.sock"]
    process = subprocess.Popen(argv, env={"INK_JSROOT": str(library)}, stderr=subprocess.DEVNULL)
    try:
        until("it listens", lambda: (place / "app.sock").exists(), 60)
        yield Opened(place / "app.sock")
    finally:
        process.terminate()
        process.wait(60)
        shutil.rmtree(place)


def path_of(opened: Opened) -> str:
    status, location, _ = opened.get("/")
    assert (status, location) == (302, "./?file=files/mass%20%252e%2B.root")
    return "/" + location.partition("file=")[2]


def test_the_page_shows_the_file_and_only_its_user_may_connect(opened: Opened) -> None:
    path = path_of(opened)
    assert b"jsroot/build/jsroot.min.js" in opened.get(f"/?file={path[1:]}")[2]
    assert opened.get(path) == (200, "", CONTENT)
    assert opened.get(path, method="HEAD") == (200, "", b"")
    assert opened.get("/jsroot/build/jsroot.min.js")[2] == b"JSROOT = {}"
    assert opened._path.stat().st_mode & 0o077 == 0


def test_the_page_runs_no_script_that_is_text_of_the_file(opened: Opened) -> None:
    opened.get(path_of(opened))
    assert opened.policy is None, "the file itself is no page"
    opened.get("/?file=x")
    assert opened.policy is not None and "script-src 'self';" in opened.policy
    assert "unsafe-eval" not in opened.policy


@pytest.mark.parametrize(
    ("asked", "status", "told", "body"),
    [
        ("bytes=0-3", 206, "bytes 0-3/2052", b"root"),
        ("bytes=2048-9999", 206, "bytes 2048-2051/2052", CONTENT[-4:]),
        ("bytes=-4", 206, "bytes 2048-2051/2052", CONTENT[-4:]),
        ("bytes=4-", 206, "bytes 4-2051/2052", CONTENT[4:]),
        ("bytes=5000-6000", 416, "", b""),
        ("bytes=x", 200, "", CONTENT),
        ("lines=0-3", 200, "", CONTENT),
    ],
)
def test_a_range_of_the_file(opened: Opened, asked: str, status: int, told: str, body: bytes) -> None:
    assert opened.get(path_of(opened), {"Range": asked}) == (status, told, body)


def test_many_ranges_come_as_parts(opened: Opened) -> None:
    status, _, body = opened.get(path_of(opened), {"Range": "bytes=0-3,4-5"})
    assert status == 206
    assert body == (
        b"\r\n--ink-root-file\r\nContent-Range: bytes 0-3/2052\r\n\r\nroot"
        b"\r\n--ink-root-file\r\nContent-Range: bytes 4-5/2052\r\n\r\n\x00\x01"
        b"\r\n--ink-root-file--\r\n"
    )


@pytest.mark.parametrize(
    "target",
    ["/files/other.root", "/jsroot/../home", "/jsroot/%2e%2e/%2e%2e/etc/passwd", "/jsroot/secret.txt",
     "/jsroot/link.js", "/jsroot//etc/passwd", "/jsroot/", "/etc/passwd"],
)  # fmt: skip
def test_nothing_beside_the_file_and_the_library_is_served(opened: Opened, target: str) -> None:
    assert opened.get(target)[0] == 404


@pytest.mark.parametrize(("name", "said"), [("none.root", "cannot be read"), ("notes.txt", "is no ROOT file")])
def test_what_cannot_be_shown_is_said_at_once(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "jsroot.min.js").write_text("")
    (tmp_path / "notes.txt").write_text("some notes")
    argv = [sys.executable, "-I", SERVE, tmp_path / name, tmp_path / "app.sock"]
    environment = {**os.environ, "INK_JSROOT": str(tmp_path)}
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1 and said in done.stderr
