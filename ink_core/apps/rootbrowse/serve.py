"""Serves one ROOT file and the page that shows it, on a unix socket: `python3 -I serve.py FILE SOCKET`.

The page is JSROOT's, ROOT's own browser for the web, from the folder that `INK_JSROOT` names; it reads of the file only
what it draws, by ranges of bytes. Standard library only, Python 3.9 or later: it is copied to nodes.
"""

from __future__ import annotations

import os
import re
import socketserver
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, unquote, urlsplit

PAGE = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>ROOT browser</title></head>
<body style="margin:0;width:100vw;height:100vh"><div id="simpleGUI" style="height:100%"></div>
<script src="jsroot/build/jsroot.min.js"></script><script src="start.js"></script></body></html>
"""
START = b"JSROOT.buildGUI('simpleGUI')\n"
# No 'unsafe-eval': JSROOT would run the formula of a function, which is text of the file, as a script. Without it, it
# draws the points that are stored with the function.
POLICY = (
    "default-src 'self' data: blob:; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'"
)
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".ttf": "font/ttf"}
CHUNK_BYTES = 1 << 20
MAX_RANGES = 400
BOUNDARY = "ink-root-file"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def site(self) -> Server:
        assert isinstance(self.server, Server), "only that one starts handlers"
        return self.server

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if path == "/" and "file=" not in urlsplit(self.path).query:
            self._send(302, b"", {"Location": f"./?file=files/{quote(self.site.file.name)}"})
        elif path in ("/", "/ready"):
            self._send(200, PAGE, {"Content-Type": "text/html", "Content-Security-Policy": POLICY})
        elif path == "/start.js":
            self._send(200, START, {"Content-Type": TYPES[".js"]})
        elif path == f"/files/{self.site.file.name}":
            self._send_file()
        elif path.startswith("/jsroot/"):
            self._send_library(path[len("/jsroot/") :])
        else:
            self._send(404, b"there is nothing here\n", {})

    def do_HEAD(self) -> None:
        self.do_GET()

    def _send_library(self, name: str) -> None:
        wanted = (self.site.library / name).resolve()
        if not wanted.is_relative_to(self.site.library) or wanted.suffix not in TYPES or not wanted.is_file():
            self._send(404, b"JSROOT has no such file\n", {})
            return
        self._send(200, wanted.read_bytes(), {"Content-Type": TYPES[wanted.suffix]})

    def _send_file(self) -> None:
        try:
            with self.site.file.open("rb") as opened:
                size = os.fstat(opened.fileno()).st_size
                spans = spans_of(self.headers.get("Range"), size)
                if spans is None:
                    self._send_parts(200, opened, [(b"", (0, size))], {})
                elif len(spans) == 1:
                    ((first, end),) = spans
                    place = {"Content-Range": f"bytes {first}-{end - 1}/{size}"}
                    self._send_parts(206, opened, [(b"", (first, end))], place)
                else:
                    many = {"Content-Type": f"multipart/byteranges; boundary={BOUNDARY}"}
                    self._send_parts(206, opened, [*parts_of(spans, size)], many)
        except Unsatisfiable:
            self._send(416, b"", {})
        except OSError as error:
            self._send(403, f"the file cannot be read: {error.strerror}\n".encode(), {})

    def _send_parts(
        self, status: int, opened: BinaryIO, parts: list[tuple[bytes, tuple[int, int]]], headers: dict[str, str]
    ) -> None:
        length = sum(len(head) + end - first for head, (first, end) in parts)
        self._head(status, length, {"Accept-Ranges": "bytes", "Content-Type": "application/octet-stream", **headers})
        if self.command == "HEAD":
            return
        for head, (first, end) in parts:
            self.wfile.write(head)
            opened.seek(first)
            while first < end and (data := opened.read(min(CHUNK_BYTES, end - first))):
                self.wfile.write(data)
                first += len(data)
            self.close_connection |= first < end  # it has shrunk: the answer must not look whole

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self._head(status, len(body), headers)
        if self.command != "HEAD":
            self.wfile.write(body)

    def _head(self, status: int, length: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(length), "X-Content-Type-Options": "nosniff", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def address_string(self) -> str:
        return "-"  # who connects to a unix socket has no address


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """`file` is what is shown, `library` the folder of JSROOT."""

    daemon_threads = True

    def __init__(self, socket: str, file: Path, library: Path) -> None:
        self.file = file
        self.library = library.resolve()
        super().__init__(socket, Handler)


class Unsatisfiable(Exception):
    """No byte of the file is asked for."""


def spans_of(asked: str | None, size: int) -> list[tuple[int, int]] | None:
    """First byte and end of each range (RFC 9110, 14.2); None for the whole file. Raises `Unsatisfiable`."""
    found = re.fullmatch(r"bytes=([0-9, -]{1,20000})", asked or "")
    if not found:
        return None
    spans: list[tuple[int, int]] = []
    for one in found[1].replace(" ", "").split(","):
        first, dash, last = one.partition("-")
        if not dash or not (first or last):
            return None
        begin = int(first) if first else max(0, size - int(last))
        end = min(size, int(last) + 1) if first and last else size
        if begin < end:
            spans.append((begin, end))
    if not spans:
        raise Unsatisfiable
    return spans if len(spans) <= MAX_RANGES else None


def parts_of(spans: list[tuple[int, int]], size: int) -> list[tuple[bytes, tuple[int, int]]]:
    """The parts of a `multipart/byteranges` (RFC 9110, 14.6), each with what stands before it; the last ends it."""
    parts = [
        (f"\r\n--{BOUNDARY}\r\nContent-Range: bytes {first}-{end - 1}/{size}\r\n\r\n".encode(), (first, end))
        for first, end in spans
    ]
    return [*parts, (f"\r\n--{BOUNDARY}--\r\n".encode(), (0, 0))]


def main() -> None:
    file, socket, library = Path(sys.argv[1]), sys.argv[2], Path(os.environ["INK_JSROOT"])
    if not (library / "build" / "jsroot.min.js").is_file():
        sys.exit(f"JSROOT is not in {library} on this node (INK_JSROOT)")
    try:
        with file.open("rb") as opened:
            known = opened.read(4) == b"root"
    except OSError as error:
        sys.exit(f"{file} cannot be read: {error.strerror}")
    if not known:
        sys.exit(f"{file} is no ROOT file")
    os.umask(0o177)
    with Server(socket, file, library) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
