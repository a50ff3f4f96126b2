"""What a client has it need not get again, and what it saw it does not change once that is another."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.api.home_agents import Site

pytestmark = pytest.mark.asyncio(loop_scope="module")
FILES = "/api/v1/files"


async def etag(site: Site, kind: str, path: str) -> str:
    answer = await site.http.get(f"{FILES}/{kind}", params={"path": path})
    assert answer.status_code == 200, answer.text
    return answer.headers["etag"]


@pytest.mark.parametrize("kind", ["entry", "content"])
async def test_what_a_client_has_is_not_sent_again_until_it_is_another(site: Site, kind: str) -> None:
    (site.home / "a").write_text("one")
    tag = await etag(site, kind, "a")
    for sent in (tag, f'"other", W/{tag}', "*"):
        had = await site.http.get(f"{FILES}/{kind}", params={"path": "a"}, headers={"If-None-Match": sent})
        assert (had.status_code, had.content, had.headers["etag"]) == (304, b"", tag)
    (site.home / "a").write_text("longer")
    new = await site.http.get(f"{FILES}/{kind}", params={"path": "a"}, headers={"If-None-Match": tag})
    assert new.status_code == 200 and new.headers["etag"] != tag


CHANGES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("POST", FILES, {"json": {"path": "a", "text": "two", "overwrite": True}}),
    ("POST", f"{FILES}/rename", {"json": {"source": "a", "target": "b"}}),
    ("POST", f"{FILES}/copy", {"json": {"source": "a", "target": "b"}}),
    ("POST", f"{FILES}/mode", {"json": {"path": "a", "mode": "600"}}),
    ("DELETE", FILES, {"params": {"path": "a"}}),
    ("DELETE", FILES, {"params": {"path": "a", "permanently": True}}),
)


@pytest.mark.parametrize(("method", "url", "sent"), CHANGES)
async def test_a_file_is_changed_only_as_it_was_seen(site: Site, method: str, url: str, sent: dict[str, Any]) -> None:
    (site.home / "a").write_text("one")
    stale = await etag(site, "content", "a")
    (site.home / "a").write_text("longer")
    late = await site.http.request(method, url, headers={"If-Match": stale}, **sent)
    assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")
    assert {path.name: path.read_text() for path in site.home.glob("[ab]")} == {"a": "longer"}
    now = f"{stale}, {await etag(site, 'entry', 'a')}"
    assert (await site.http.request(method, url, headers={"If-Match": now}, **sent)).is_success


async def test_what_is_not_there_is_not_as_it_was_seen(site: Site) -> None:
    asked = {"path": "a", "text": "x"}
    for tag in ("*", '"1-2-3"'):
        answer = await site.http.post(FILES, json=asked, headers={"If-Match": tag})
        assert answer.status_code == 412
    (site.home / "d").mkdir()
    answer = await site.http.delete(FILES, params={"path": "d"}, headers={"If-Match": await etag(site, "entry", "d")})
    assert answer.status_code == 200
