"""Downloads are bounded per reader and in all, refused with the time to ask again, and leave no place taken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import pytest
from starlette.types import Message

from ink_core.api import downloads
from ink_core.api.downloads import Downloads, NoRoomForDownloads, Streamed, TooManyDownloads, begun
from tests.security.application import client
from tests.unit.api.home_agents import Site

pytestmark = [pytest.mark.asyncio(loop_scope="module")]
LARGE = bytes(1000) * 1000
CONTENT = "/api/v1/files/content?path=large"
SCOPE: dict[str, Any] = {"type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}}


@pytest.fixture
def held(site: Site) -> Downloads:
    """One download each, two in all; alice has a large file."""
    (site.home / "large").write_bytes(LARGE)
    own, public = Downloads(most=2, most_each=1), Downloads(most=2, most_each=1)
    site.app.state.core = replace(site.app.state.core, downloads=own, public_downloads=public)
    return own


async def test_one_more_than_a_user_may_have_is_told_when_to_ask_again(site: Site, held: Downloads) -> None:
    (site.home / "small").write_bytes(b"of one piece")
    with held.one("alice"):
        refused = await site.http.get(CONTENT)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_downloads")
        assert int(refused.headers["retry-after"]) > 0
        of_ink = await site.http.get("/api/v2/fs/download_file?TargetPath=large")
        assert (of_ink.json()["code"], of_ink.headers["retry-after"]) == ("too_many_downloads", "5")
        archive = await site.http.get("/api/v1/files/archive?path=large")
        assert archive.status_code == 429
        assert (await site.http.get("/api/v1/files/content?path=small")).content == b"of one piece"
    for _ in range(3):
        assert (await site.http.get(CONTENT)).content == LARGE


async def test_where_others_hold_all_places_the_site_is_busy(site: Site, held: Downloads) -> None:
    with held.one("bob"), held.one("carol"):
        refused = await site.http.get(CONTENT)
    assert (refused.status_code, refused.json()["code"]) == (503, "no_room_for_downloads")
    assert int(refused.headers["retry-after"]) > 0


async def test_readers_of_a_link_are_counted_for_its_owner_and_keep_no_user_from_downloading(
    site: Site, held: Downloads
) -> None:
    share = await site.http.post("/api/v1/shares", json={"path": "large", "reader_kind": "public"})
    url = share.json()["url"]
    async with client(site.app) as stranger:
        with site.app.state.core.public_downloads.one("alice"):
            assert (await stranger.get(url)).status_code == 429
            assert (await site.http.get(CONTENT)).status_code == 200
        assert (await stranger.get(url)).content == LARGE


async def test_a_place_comes_free_with_the_one_who_held_it() -> None:
    places = Downloads(most=2, most_each=1)
    with places.one("alice"):
        with pytest.raises(TooManyDownloads), places.one("alice"):
            pass
        with places.one("bob"), pytest.raises(NoRoomForDownloads), places.one("carol"):
            pass
        with places.one("carol"):
            pass
    with places.one("alice"):
        pass


class Pieces:
    """Two pieces, of which one is not asked for where a reader is gone."""

    def __init__(self) -> None:
        self.places = Downloads(most_each=1)

    async def answer(self) -> Streamed:
        return Streamed(await begun(self.places.one("alice"), self._pieces()), 200, {}, "text/plain")

    async def _pieces(self) -> AsyncGenerator[bytes]:
        yield b"one"
        yield b"two"

    def assert_free(self) -> None:
        with self.places.one("alice"):
            pass


async def test_a_reader_who_leaves_frees_the_place() -> None:
    pieces = Pieces()

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        await asyncio.Event().wait()

    await (await pieces.answer())(SCOPE, receive, send)
    pieces.assert_free()


async def test_a_reader_who_takes_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "STALLED_S", 0)
    pieces = Pieces()

    async def never(*_: Message) -> Any:
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await (await pieces.answer())(SCOPE, never, never)
    pieces.assert_free()
