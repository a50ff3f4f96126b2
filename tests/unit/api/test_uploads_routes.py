"""Uploads that can be interrupted at any byte (tus 1.0.0), and become visible whole or not at all."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from tests.unit.api.home_agents import Site
from worker_agent.protocol import MAX_PIECE_BYTES

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.requirement("CORE-FILES-05")]

UPLOADS = "/api/v1/files/uploads"
TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {"Content-Type": "application/offset+octet-stream"}
DATA = os.urandom(2 * MAX_PIECE_BYTES + 12_345)


def described(**values: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in values.items())


async def begin(site: Site, size: int, data: bytes | None = None, /, **metadata: str) -> httpx2.Response:
    headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": described(**metadata)}
    return await site.http.post(UPLOADS, headers={**headers, **(BYTES if data is not None else {})}, content=data)


async def begun(site: Site, size: int, **metadata: str) -> str:
    answer = await begin(site, size, **metadata)
    assert answer.status_code == 201, answer.text
    return answer.headers["location"]


async def send(site: Site, url: str, offset: int, data: Any, **headers: str) -> httpx2.Response:
    given = {**TUS, **BYTES, "Upload-Offset": str(offset), **headers}
    return await site.http.patch(url, headers=given, content=data)


async def offset_of(site: Site, url: str) -> int:
    answer = await site.http.head(url, headers=TUS)
    assert answer.status_code == 200
    return int(answer.headers["upload-offset"])


async def test_a_file_is_uploaded_in_pieces_and_visible_when_it_is_whole(site: Site) -> None:
    url = await begun(site, len(DATA), path="data.root")
    half = len(DATA) // 2
    first = await send(site, url, 0, DATA[:half])
    assert (first.status_code, first.headers["upload-offset"]) == (204, str(half))
    assert first.headers["upload-expires"].endswith("GMT")
    assert not (site.home / "data.root").exists()
    (staged,) = site.home.glob(".ink-upload-*")
    assert staged.stat().st_mode & 0o777 == 0o600
    assert (await send(site, url, half, DATA[half:])).status_code == 204
    assert (site.home / "data.root").read_bytes() == DATA
    assert (site.home / "data.root").stat().st_mode & 0o777 == 0o644
    assert not list(site.home.glob(".ink-upload-*"))
    assert await offset_of(site, url) == len(DATA)


async def test_an_interrupted_upload_goes_on_where_it_stopped(site: Site) -> None:
    async def breaks_off() -> AsyncIterator[bytes]:
        yield DATA[:100_000]
        raise ConnectionResetError

    url = await begun(site, len(DATA), path="data")
    with pytest.raises(ConnectionResetError):
        await send(site, url, 0, breaks_off())
    at = await offset_of(site, url)
    assert 0 <= at <= 100_000
    await send(site, url, at, DATA[at : at + 50_000])
    at = await offset_of(site, url)
    (upload,) = (await site.http.get(UPLOADS)).json()
    assert (upload["path"], upload["offset"], upload["size"]) == ("data", at, len(DATA))
    assert (await send(site, url, at, DATA[at:])).status_code == 204
    assert (site.home / "data").read_bytes() == DATA
    assert (await site.http.get(UPLOADS)).json() == []


async def test_bytes_that_come_twice_or_too_early_are_refused(site: Site) -> None:
    url = await begun(site, 10, path="data")
    await send(site, url, 0, b"01234")
    for offset in (0, 4, 6):
        refused = await send(site, url, offset, b"xxxxx")
        assert (refused.status_code, refused.json()["code"]) == (409, "offset_mismatch")
    beyond = await send(site, url, 5, b"567890")
    assert (beyond.status_code, beyond.json()["code"]) == (413, "too_large")
    assert (await send(site, url, 5, b"56789")).status_code == 204
    assert (site.home / "data").read_bytes() == b"0123456789"


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
async def test_bytes_with_another_checksum_are_dropped(site: Site, algorithm: str) -> None:
    url = await begun(site, 10, path="data")
    good = base64.b64encode(hashlib.new(algorithm, b"01234").digest()).decode()
    refused = await send(site, url, 0, b"0123X", **{"Upload-Checksum": f"{algorithm} {good}"})
    assert (refused.status_code, refused.json()["code"]) == (460, "checksum_mismatch")
    assert await offset_of(site, url) == 0
    assert (await send(site, url, 0, b"01234", **{"Upload-Checksum": f"{algorithm} {good}"})).status_code == 204
    unknown = await send(site, url, 5, b"5", **{"Upload-Checksum": f"crc32 {good}"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "bad_input")


async def test_bytes_whose_checksum_could_not_be_looked_at_do_not_count(site: Site) -> None:
    """The agent fails in the middle, and what came until then is not taken for what was meant."""
    url = await begun(site, len(DATA), path="data")
    digest = base64.b64encode(hashlib.sha256(DATA).digest()).decode()

    async def breaks() -> AsyncIterator[bytes]:
        yield DATA[: MAX_PIECE_BYTES + 1000]
        raise ConnectionResetError

    await send(site, url, 0, DATA[:10])
    with pytest.raises(ConnectionResetError):
        await send(site, url, 10, breaks(), **{"Upload-Checksum": f"sha256 {digest}"})
    (staged,) = site.home.glob(".ink-upload-*")
    assert staged.stat().st_size > 10, "so much had come"
    assert await offset_of(site, url) == 10
    empty = base64.b64encode(hashlib.sha256(b"").digest()).decode()
    assert (await send(site, url, 10, b"", **{"Upload-Checksum": f"sha256 {empty}"})).status_code == 204
    assert await offset_of(site, url) == 10
    rest = base64.b64encode(hashlib.sha256(DATA[10:]).digest()).decode()
    assert (await send(site, url, 10, DATA[10:], **{"Upload-Checksum": f"sha256 {rest}"})).status_code == 204
    assert (site.home / "data").read_bytes() == DATA


async def test_the_first_bytes_may_come_with_the_creation(site: Site) -> None:
    answer = await begin(site, 5, b"hello", path="a")
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, "5")
    assert (site.home / "a").read_bytes() == b"hello"
    assert (await begin(site, 0, path="empty")).headers["upload-offset"] == "0"
    assert (site.home / "empty").read_bytes() == b""


async def test_an_existing_file_is_replaced_only_where_that_was_asked_for(site: Site) -> None:
    (site.home / "data").write_text("before")
    (site.home / "data").chmod(0o640)
    refused = await begin(site, 5, path="data")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    await begin(site, 5, b"after", path="data", overwrite="true")
    assert (site.home / "data").read_text() == "after"
    assert (site.home / "data").stat().st_mode & 0o777 == 0o640


async def test_a_file_that_appeared_meanwhile_is_kept_and_the_upload_too(site: Site) -> None:
    url = await begun(site, 5, path="data")
    (site.home / "data").write_text("of somebody else")
    refused = await send(site, url, 0, b"after")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert (site.home / "data").read_text() == "of somebody else"
    (site.home / "data").unlink()
    assert (await send(site, url, 5, b"")).status_code == 204
    assert (site.home / "data").read_text() == "after"


async def test_parts_that_were_sent_side_by_side_become_one_file(site: Site) -> None:
    parts: list[str] = []
    for piece in (DATA[:1_000_000], DATA[1_000_000:]):
        headers = {**TUS, "Upload-Length": str(len(piece)), "Upload-Concat": "partial"}
        url = (await site.http.post(UPLOADS, headers=headers)).headers["location"]
        await send(site, url, 0, piece)
        assert (await site.http.head(url, headers=TUS)).headers["upload-concat"] == "partial"
        parts.append(url)
    headers = {**TUS, "Upload-Concat": f"final;{' '.join(parts)}", "Upload-Metadata": described(path="data")}
    joined = await site.http.post(UPLOADS, headers=headers)
    assert joined.status_code == 201, joined.text
    assert (site.home / "data").read_bytes() == DATA
    assert (await site.http.head(parts[0], headers=TUS)).status_code == 404
    assert not list((site.home / ".ink/uploads").glob("*.part"))


async def test_an_upload_that_is_ended_leaves_nothing(site: Site) -> None:
    url = await begun(site, 10, path="data")
    await send(site, url, 0, b"01234")
    assert (await site.http.delete(url, headers=TUS)).status_code == 204
    assert (await site.http.head(url, headers=TUS)).status_code == 404
    assert not list(site.home.glob(".ink-upload-*"))


async def test_what_was_put_in_the_place_of_the_staged_bytes_is_not_taken_for_them(site: Site) -> None:
    url = await begun(site, 10, path="data")
    await send(site, url, 0, b"01234")
    (staged,) = site.home.glob(".ink-upload-*")
    staged.rename(site.home / "elsewhere")
    staged.symlink_to("elsewhere")
    assert (await send(site, url, 5, b"56789")).status_code in {409, 422}
    staged.unlink()
    staged.write_bytes(b"01234")
    refused = await send(site, url, 0, b"0123456789")
    assert (refused.status_code, refused.json()["code"]) == (409, "upload_changed")
    assert (site.home / "elsewhere").read_bytes() == b"01234"


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Upload-Length": "5"}, 412, "tus_version"),
        ({**TUS, "Upload-Length": "5"}, 422, "bad_input"),
        ({**TUS, "Upload-Metadata": described(path="a")}, 422, "bad_input"),
        ({**TUS, "Upload-Length": "-1", "Upload-Metadata": described(path="a")}, 422, "bad_input"),
        ({**TUS, "Upload-Length": str(2**41), "Upload-Metadata": described(path="a")}, 413, "too_large"),
        ({**TUS, "Upload-Length": "5", "Upload-Metadata": "path %%%"}, 422, "bad_input"),
        ({**TUS, "Upload-Length": "5", "Upload-Metadata": described(path="../a")}, 403, "path_outside_workspace"),
        ({**TUS, "Upload-Length": "5", "Upload-Metadata": described(path="no/a")}, 404, "not_found"),
        ({**TUS, "Upload-Length": "5", "Upload-Metadata": described(path="a", mode="4755")}, 422, "bad_input"),
        ({**TUS, "Upload-Concat": "final;x", "Upload-Metadata": described(path="a")}, 422, "bad_input"),
    ],
)
async def test_what_cannot_be_begun_says_why(site: Site, headers: dict[str, str], status: int, code: str) -> None:
    answer = await site.http.post(UPLOADS, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["tus-resumable"] == "1.0.0"


async def test_the_server_says_what_it_speaks(site: Site) -> None:
    answer = await site.http.request("OPTIONS", UPLOADS)
    assert (answer.status_code, answer.headers["tus-version"]) == (204, "1.0.0")
    assert {"creation", "checksum", "termination", "expiration"} <= set(answer.headers["tus-extension"].split(","))
    assert "sha1" in answer.headers["tus-checksum-algorithm"]


async def test_an_upload_is_its_users_own(site: Site) -> None:
    url = await begun(site, 10, path="data")
    bob = await site.browser("bob")
    assert (await site.http.head(url, headers={**TUS, **bob})).status_code == 404
