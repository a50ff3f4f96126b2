"""A real XRootD, read and changed through the running product: the user's own agent, the user's own token."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bench.running_manager import Client
from tests.acceptance.embedded import Embedded, client_fixture, embedded_fixture
from tests.xrootd_server import IS_THERE, running_xrootd

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not IS_THERE, reason="needs xrootd-server and xrootd-scitokens-plugins of Debian"),
]


@contextmanager
def with_xrootd(folder: Path) -> Generator[Mapping[str, Any]]:
    with tempfile.TemporaryDirectory(dir="/tmp") as place:
        Path(place).chmod(0o755)
        with running_xrootd(Path(place) / "site") as server:
            (server.data / "events.txt").write_text("collision\n")
            (folder / "bearer").write_text(server.token("storage.read:/data storage.modify:/data"))
            told = {"url": server.url, "ca_file": str(server.certificate), "token_files": ["{home}/.bearer"]}
            yield {"storages": [{"name": "eos", **told}]}


embedded = embedded_fixture(with_xrootd)
alice = client_fixture("alice")
bob = client_fixture("bob")


@pytest.mark.requirement("CORE-FILES-09")
def test_who_has_a_token_reads_and_who_has_none_does_not(embedded: Embedded, alice: Client, bob: Client) -> None:
    _give_alice_a_token(embedded)
    listed = alice.http.get("/api/v1/storages/eos/entries", params={"path": "/data"})
    assert listed.status_code == 200, listed.text
    (row,) = listed.json()
    assert (row["name"], row["kind"], row["size"]) == ("events.txt", "file", 10)
    content = alice.http.get("/api/v1/storages/eos/content", params={"path": "/data/events.txt"})
    assert (content.status_code, content.text) == (200, "collision\n")
    refused = bob.http.get("/api/v1/storages/eos/entries", params={"path": "/data"})
    assert (refused.status_code, refused.json()["code"]) == (403, "no_token")


@pytest.mark.requirement("CORE-FILES-12")
def test_what_is_uploaded_is_put_on_the_storage_and_removed_from_it(embedded: Embedded, alice: Client) -> None:
    _give_alice_a_token(embedded)
    tus = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}
    creation = {**tus, "Upload-Length": "6", "Upload-Concat": "partial"}
    begun = alice.http.post("/api/v1/files/uploads", headers=creation, content=b"tracks")
    assert begun.status_code == 201, begun.text
    wanted = {"path": "/data/run1/tracks.txt", "upload_id": begun.headers["location"].rpartition("/")[2]}
    made = alice.http.post("/api/v1/storages/eos/files", json=wanted)
    assert made.status_code == 201, made.text
    content = alice.http.get("/api/v1/storages/eos/content", params={"path": wanted["path"]})
    assert content.text == "tracks"
    for path in (wanted["path"], "/data/run1"):
        gone = alice.http.delete("/api/v1/storages/eos/entries", params={"path": path})
        assert gone.status_code == 204, gone.text


def _give_alice_a_token(embedded: Embedded) -> None:
    token = embedded.workspace("alice") / ".bearer"
    token.parent.mkdir(parents=True, exist_ok=True)
    token.touch(0o600)
    token.write_text((embedded.overlay.parent / "bearer").read_text())
