"""A gateway before a real OpenSearch, as sites have one: TLS, an account, and connections that break when told to."""

from __future__ import annotations

import ssl
import subprocess
from base64 import b64encode
from collections.abc import Generator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

PASSWORD = "correct horse"
BASIC = "Basic " + b64encode(f"lens:{PASSWORD}".encode()).decode()
API_KEY = "ApiKey bGVuczprZXk="


class Gateway(ThreadingHTTPServer):
    """`breaks_at`: the number of the request, from now on, that is passed on but whose answer never comes, as all later
    ones; None for none. `seen` are the request lines."""

    def __init__(self, server: str, certificate: Path | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = urlsplit(server)
        self.breaks_at: int | None = None
        self.seen: list[str] = []
        self.scheme = "http" if certificate is None else "https"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)

    @property
    def url(self) -> str:
        return f"{self.scheme}://localhost:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Gateway  # pyright: ignore[reportIncompatibleVariableOverride]

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append(self.requestline)
        if self.server.scheme == "https" and self.headers.get("Authorization") not in (BASIC, API_KEY):
            self._answer(401, b"{}")
            return
        target = HTTPConnection(self.server.target.netloc, timeout=30)
        target.request(self.command, self.path, body, {"Content-Type": self.headers.get("Content-Type", "")})
        answer = target.getresponse()
        text = answer.read()
        target.close()
        if self.server.breaks_at is not None:
            self.server.breaks_at -= 1
            if self.server.breaks_at <= 0:
                self.close_connection = True
                return
        self._answer(answer.status, text)

    def _answer(self, status: int, text: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_DELETE = _pass_on  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the tests look at `seen`."""


@contextmanager
def gateway(server: str, certificate: Path | None = None) -> Generator[Gateway]:
    made = Gateway(server, certificate)
    made.daemon_threads = True
    thread = Thread(target=made.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.shutdown()
        made.server_close()
        thread.join(10)


def make_certificate(folder: Path) -> Path:
    """Key and certificate of localhost in one file, which a client may trust by itself."""
    place = folder / "gateway.pem"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    argv = ["openssl", "req", "-x509", *kind, *names, "-keyout", "-", "-out", "-"]
    place.write_bytes(subprocess.run(argv, capture_output=True, timeout=60, check=True).stdout)
    return place
