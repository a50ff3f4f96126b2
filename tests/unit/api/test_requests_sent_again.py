"""A change that is sent again with its `Idempotency-Key` happens once, whatever it changes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.api.home_agents import Site

pytestmark = pytest.mark.asyncio(loop_scope="module")
FILES = "/api/v1/files"
SHARES = "/api/v1/shares"


async def twice(site: Site, method: str, url: str, key: str, **sent: Any) -> Any:
    """The answer, which both requests must get, and only the second one as an earlier one's."""
    headers = {"Idempotency-Key": key, **sent.pop("headers", {})}
    first = await site.http.request(method, url, headers=headers, **sent)
    again = await site.http.request(method, url, headers=headers, **sent)
    assert first.status_code < 300, first.text
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    return first.json() if first.content else None


async def test_files_are_changed_once(site: Site) -> None:
    await twice(site, "POST", FILES, "write", json={"path": "a", "text": "one"})
    await twice(site, "POST", f"{FILES}/directories", "make", json={"path": "d"})
    await twice(site, "POST", f"{FILES}/copy", "copy", json={"source": "a", "target": "d/b"})
    await twice(site, "POST", f"{FILES}/rename", "rename", json={"source": "d/b", "target": "d/c"})
    await twice(site, "POST", f"{FILES}/mode", "mode", json={"path": "a", "mode": "600"})
    await twice(site, "DELETE", FILES, "remove", params={"path": "d/c", "permanently": True})
    assert ((site.home / "a").read_text(), list((site.home / "d").iterdir())) == ("one", [])


async def test_a_file_that_has_come_back_is_not_deleted_by_a_request_of_before(site: Site) -> None:
    (site.home / "a").write_text("one")
    trashed = await twice(site, "DELETE", FILES, "delete", params={"path": "a"})
    entry = f"{FILES}/trash/{trashed['trash_id']}"
    await twice(site, "POST", f"{entry}/restore", "restore", json={})
    await site.http.delete(FILES, params={"path": "a"}, headers={"Idempotency-Key": "delete"})
    assert (site.home / "a").read_text() == "one"
    await site.http.delete(FILES, params={"path": "a"})
    assert await twice(site, "DELETE", f"{FILES}/trash", "empty") == {"removed": 1}


async def test_one_share_is_made_and_ended(site: Site) -> None:
    (site.home / "plot.png").touch()
    wanted = {"path": "plot.png", "reader_kind": "public"}
    made = await twice(site, "POST", SHARES, "share", json=wanted)
    listed = (await site.http.get(SHARES)).json()
    assert [share["share_id"] for share in listed if share["path"].endswith("plot.png")] == [made["share_id"]]
    await twice(site, "DELETE", f"{SHARES}/{made['share_id']}", "revoke")


async def test_a_tool_is_called_once(site: Site) -> None:
    call = {"tool": "write_file", "arguments": {"path": "a", "text": "one"}}
    made = await twice(site, "POST", "/api/v1/calls", "call", json=call)
    assert (made["status"], (site.home / "a").read_text()) == ("done", "one")
    other = {"tool": "write_file", "arguments": {"path": "b", "text": "one"}}
    refused = await site.http.post("/api/v1/calls", json=other, headers={"Idempotency-Key": "call"})
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")


async def test_an_error_that_is_an_earlier_ones_says_so(site: Site) -> None:
    (site.home / "d").mkdir()
    (site.home / "d/a").touch()
    answers = [
        await site.http.delete(FILES, params={"path": "d"}, headers={"Idempotency-Key": "full"}) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [409, 409]
    assert [answer.json()["code"] for answer in answers] == ["directory_not_empty"] * 2
    assert [answer.headers.get("idempotency-replayed") for answer in answers] == [None, "true"]


async def test_what_was_changed_as_it_was_seen_has_its_answer_though_it_is_another_by_now(site: Site) -> None:
    (site.home / "a").write_text("one")
    seen = await site.http.get(f"{FILES}/content", params={"path": "a"})
    sent = {"json": {"path": "a", "text": "two", "overwrite": True}, "headers": {"If-Match": seen.headers["etag"]}}
    await twice(site, "POST", FILES, "conditional", **sent)
    late = await site.http.post(FILES, **sent)
    assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")
