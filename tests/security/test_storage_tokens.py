"""A user's token for a storage comes from a file of the user's own, and goes to no host that the site has not named."""

from __future__ import annotations

import os
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from ink_core.storage.faults import FileFault
from ink_core.storage.xrootd.client import XrootdClient
from ink_core.storage.xrootd.http import Body, StorageHttp
from ink_core.storage.xrootd.options import StorageOptions
from ink_core.storage.xrootd.token import bearer_token

TOKEN = "eyJhbGciOi.eyJpc3Mi.c2ln"


def written(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def test_the_first_token_that_is_there_is_taken(tmp_path: Path) -> None:
    written(tmp_path / f"bt_u{os.getuid()}", f"{TOKEN}\n")
    assert bearer_token([f"{tmp_path}/none", f"{tmp_path}/bt_u{{uid}}"]) == TOKEN


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_token_that_others_could_read_or_write_is_none(tmp_path: Path, mode: int) -> None:
    written(tmp_path / "token", TOKEN, mode)
    with pytest.raises(FileFault, match="you alone can read"):
        bearer_token([f"{tmp_path}/token"])


@pytest.mark.parametrize("text", ["", "two words", "a\r\nX-Other: b", "a" * 20_000 + " "])
def test_what_cannot_stand_in_a_header_is_no_token(tmp_path: Path, text: str) -> None:
    written(tmp_path / "token", text)
    with pytest.raises(FileFault, match="no bearer token"):
        bearer_token([f"{tmp_path}/token"])


def test_no_link_leads_to_a_token(tmp_path: Path) -> None:
    written(tmp_path / "other", TOKEN)
    (tmp_path / "token").symlink_to("other")
    with pytest.raises(FileFault, match="cannot be read"):
        bearer_token([f"{tmp_path}/token"])


class Redirecting(BaseHTTPRequestHandler):
    """Sends every reader on, as a redirector does, and remembers with what they came."""

    location = ""
    seen: list[str | None]

    def do_GET(self) -> None:
        self.seen.append(self.headers["Authorization"])
        self.send_response(307)
        self.send_header("Location", self.location)
        self.end_headers()

    do_PUT = do_GET  # noqa: N815 - the name that the library looks for
    do_PROPFIND = do_GET  # noqa: N815 - the name that the library looks for

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def redirector(tmp_path: Path) -> Iterator[tuple[type[Redirecting], StorageOptions]]:
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", tmp_path / "key.pem", "-out", tmp_path / "certificate.pem"]
    subprocess.run(["openssl", "req", "-x509", *kind, *names, *files], check=True, capture_output=True)
    handler = type("Handler", (Redirecting,), {"seen": []})
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        written(tmp_path / "token", TOKEN)
        yield (
            handler,
            StorageOptions(
                name="eos",
                url=f"https://127.0.0.1:{server.server_port}",
                ca_file=str(tmp_path / "certificate.pem"),
                token_files=(f"{tmp_path}/token",),
                data_servers=("*.example.org",),
            ),
        )
        server.shutdown()
        serving.join()


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/data",
        "https://example.org.evil.example/data",
        "https://example.org@evil.example/data",
        "http://127.0.0.1/data",
        "//evil.example/data",
        "ftp://127.0.0.1/",
    ],
)
def test_a_token_is_sent_to_no_other_host(redirector: tuple[type[Redirecting], StorageOptions], location: str) -> None:
    handler, options = redirector
    handler.location = location
    with pytest.raises(FileFault, match="gets no token"):
        XrootdClient(options).status("/data")
    assert handler.seen == [f"Bearer {TOKEN}"]


@pytest.mark.parametrize("location", ["https://127.0.0.1:99999/data", "https://[::1/data", "https://127.0.0.1:x/"])
def test_what_is_no_address_leads_nowhere(redirector: tuple[type[Redirecting], StorageOptions], location: str) -> None:
    handler, options = redirector
    handler.location = location
    with pytest.raises(FileFault, match="no address"):
        XrootdClient(options).status("/data")
    assert handler.seen == [f"Bearer {TOKEN}"]


def test_what_is_written_is_sent_to_no_other_host(redirector: tuple[type[Redirecting], StorageOptions]) -> None:
    handler, options = redirector
    handler.location = "https://evil.example/data"

    def secret() -> Iterator[bytes]:
        pytest.fail("bytes were sent to who did not ask for them")
        yield b""

    with pytest.raises(FileFault, match="gets no token"):
        StorageHttp(options).ask("PUT", "/data/file", body=Body(10, secret()))
    assert handler.seen == [f"Bearer {TOKEN}"]


def test_redirections_within_a_storage_come_to_an_end(
    redirector: tuple[type[Redirecting], StorageOptions],
) -> None:
    handler, options = redirector
    handler.location = "/data"
    with pytest.raises(FileFault, match="in circles"):
        XrootdClient(options).status("/data")
    assert 1 < len(handler.seen) < 10


def test_a_storage_that_is_away_or_not_who_it_says_is_down(
    redirector: tuple[type[Redirecting], StorageOptions],
) -> None:
    handler, options = redirector
    for changed in ({"ca_file": None}, {"url": "https://127.0.0.1:9"}):
        with pytest.raises(FileFault) as refused:
            XrootdClient(options.model_copy(update=changed)).status("/data")
        assert (refused.value.code, refused.value.retryable) == ("storage_down", True)
    assert handler.seen == []
