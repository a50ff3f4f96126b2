"""One's own files over REST: directories page by page, bytes in ranges, and changes through the gate."""

from __future__ import annotations

import os

import pytest

from ink_core.identity.principal import Scope
from tests.security.application import client
from tests.unit.api.home_agents import Site

pytestmark = pytest.mark.asyncio(loop_scope="module")
FILES = "/api/v1/files"


async def names(site: Site, **params: str | int | bool) -> list[str]:
    answer = await site.http.get(FILES, params=params)
    assert answer.status_code == 200, answer.text
    return [entry["name"] for entry in answer.json()["entries"]]


async def pages(site: Site, **params: str | int | bool) -> list[list[str]]:
    """The names of all pages, one after the other."""
    found: list[list[str]] = []
    cursor = None
    while True:
        given = {**params, **({"cursor": cursor} if cursor else {})}
        answer = (await site.http.get(FILES, params=given)).json()
        found.append([entry["name"] for entry in answer["entries"]])
        cursor = answer["next_cursor"]
        if cursor is None:
            return found


async def test_a_directory_is_listed_with_all_that_is_told_of_its_entries(site: Site) -> None:
    (site.home / "b.txt").write_text("hello")
    (site.home / "a").mkdir()
    (site.home / "l").symlink_to("b.txt")
    (site.home / ".hidden").touch()
    answer = (await site.http.get(FILES)).json()
    assert (answer["path"], answer["total"], answer["next_cursor"]) == (".", 3, None)
    directory, file, link = answer["entries"]
    assert (directory["name"], directory["kind"]) == ("a", "directory")
    assert (file["name"], file["size"], file["link"], file["mode"]) == ("b.txt", 5, None, 0o644)
    assert (link["kind"], link["link"]) == ("link", "b.txt")
    assert file["owner"] and file["group"] and file["modified"] > 0
    assert ".hidden" in await names(site, hidden=True)


@pytest.mark.parametrize(
    ("sort", "descending", "expected"),
    [
        ("name", False, ["z", "a", "b", "c"]),
        ("name", True, ["z", "c", "b", "a"]),
        ("size", False, ["z", "c", "a", "b"]),
        ("size", True, ["z", "b", "a", "c"]),
        ("time", False, ["z", "b", "c", "a"]),
    ],
)
@pytest.mark.parametrize("limit", [1, 3, 10])
async def test_every_order_is_the_same_in_pages_of_any_size(
    site: Site, sort: str, descending: bool, expected: list[str], limit: int
) -> None:
    (site.home / "z").mkdir()
    for name, size, time in (("a", 2, 30), ("b", 3, 10), ("c", 1, 20)):
        (site.home / name).write_bytes(b"x" * size)
        os.utime(site.home / name, (time, time))
    got = await pages(site, sort=sort, descending=descending, limit=limit)
    assert [name for page in got for name in page] == expected
    assert all(len(page) == limit for page in got[:-1])


async def test_a_page_goes_on_behind_the_last_entry_whatever_changed_in_between(site: Site) -> None:
    for name in "bdf":
        (site.home / name).touch()
    first = (await site.http.get(FILES, params={"limit": 2})).json()
    (site.home / "a").touch()
    (site.home / "d").unlink()
    (site.home / "e").touch()
    assert await names(site, limit=2, cursor=first["next_cursor"]) == ["e", "f"]


@pytest.mark.parametrize("cursor", ["", "x", "2:0:a", "0:1e9:a", "0:" + "9" * 40 + ":a"])
async def test_a_cursor_that_is_none_of_ours_is_bad_input(site: Site, cursor: str) -> None:
    answer = await site.http.get(FILES, params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_arguments")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("missing", 404, "not_found"),
        ("file", 422, "not_a_directory"),
        ("..", 403, "path_outside_workspace"),
        ("/etc", 403, "path_outside_workspace"),
        ("out", 403, "path_outside_workspace"),
    ],
)
async def test_what_cannot_be_listed_says_why(site: Site, path: str, status: int, code: str) -> None:
    (site.home / "file").touch()
    (site.home / "out").symlink_to("/etc")
    answer = await site.http.get(FILES, params={"path": path})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_an_entry_is_described_itself_and_not_what_it_leads_to(site: Site) -> None:
    (site.home / "l").symlink_to("/etc/passwd")
    answer = (await site.http.get(f"{FILES}/entry", params={"path": "l"})).json()
    assert (answer["kind"], answer["link"], answer["path"]) == ("link", "/etc/passwd", "l")
    assert (await site.http.get(f"{FILES}/entry", params={"path": "."})).json()["kind"] == "directory"


CONTENT = os.urandom(3_000_000)


async def test_a_file_is_downloaded_as_it_is(site: Site) -> None:
    (site.home / "plot é\n.png").write_bytes(CONTENT)
    answer = await site.http.get(f"{FILES}/content", params={"path": "plot é\n.png"})
    assert answer.content == CONTENT
    assert answer.headers["content-length"] == str(len(CONTENT))
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''plot%20%C3%A9%0A.png"
    assert (answer.headers["accept-ranges"], answer.headers["cache-control"]) == ("bytes", "private, no-cache")


@pytest.mark.requirement("CORE-FILES-05")
@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=2999990-", 2999990, 2999999),
        ("bytes=-5", 2999995, 2999999),
        ("bytes=1000-9999999", 1000, 2999999),
        ("bytes=-9999999", 0, 2999999),
    ],
)
async def test_a_range_is_served_and_said(site: Site, asked: str, first: int, last: int) -> None:
    (site.home / "data").write_bytes(CONTENT)
    answer = await site.http.get(f"{FILES}/content", params={"path": "data"}, headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(CONTENT)}"
    assert answer.content == CONTENT[first : last + 1]


@pytest.mark.requirement("CORE-FILES-05")
async def test_a_download_that_was_cut_goes_on_if_the_file_is_still_the_same(site: Site) -> None:
    (site.home / "data").write_bytes(b"old old old")
    url, params = f"{FILES}/content", {"path": "data"}
    etag = (await site.http.get(url, params=params)).headers["etag"]
    again = {"Range": "bytes=4-", "If-Range": etag}
    assert (await site.http.get(url, params=params, headers=again)).content == b"old old"
    assert (await site.http.get(url, params=params, headers={"If-None-Match": etag})).status_code == 304
    (site.home / "data").write_bytes(b"new new new!")
    changed = await site.http.get(url, params=params, headers=again)
    assert (changed.status_code, changed.content) == (200, b"new new new!")


@pytest.mark.parametrize("asked", ["bytes=11-", "bytes=-0", "bytes=99-100"])
async def test_a_range_behind_the_end_is_refused_with_the_size(site: Site, asked: str) -> None:
    (site.home / "data").write_bytes(b"hello world")
    answer = await site.http.get(f"{FILES}/content", params={"path": "data"}, headers={"Range": asked})
    assert (answer.status_code, answer.headers["content-range"]) == (416, "bytes */11")


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "lines=1-2", "bytes=5-1", "bytes=-", "nonsense"])
async def test_what_is_no_single_range_gets_the_whole(site: Site, asked: str) -> None:
    (site.home / "data").write_bytes(b"hello world")
    answer = await site.http.get(f"{FILES}/content", params={"path": "data"}, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (200, b"hello world")


async def test_the_headers_come_without_the_bytes(site: Site) -> None:
    (site.home / "data").write_bytes(b"hello")
    answer = await site.http.head(f"{FILES}/content", params={"path": "data"})
    assert (answer.status_code, answer.headers["content-length"], answer.content) == (200, "5", b"")
    (site.home / "empty").touch()
    assert (await site.http.get(f"{FILES}/content", params={"path": "empty"})).content == b""


async def test_a_directory_has_no_content(site: Site) -> None:
    answer = await site.http.get(f"{FILES}/content", params={"path": "."})
    assert (answer.status_code, answer.json()["code"]) == (422, "is_a_directory")


# -- changes ---------------------------------------------------------------------------------------------------------


async def test_files_and_directories_are_made_renamed_and_deleted(site: Site) -> None:
    http = site.http
    made = await http.post(FILES, json={"path": "notes.md", "text": "# one"})
    assert (made.status_code, made.json()["size"]) == (201, 5)
    assert (await http.post(f"{FILES}/directories", json={"path": "a/b"})).json()["kind"] == "directory"
    moved = await http.post(f"{FILES}/rename", json={"source": "notes.md", "target": "a/b/notes.md"})
    assert moved.json()["path"] == "a/b/notes.md"
    assert (site.home / "a/b/notes.md").read_text() == "# one"
    assert (await http.delete(FILES, params={"path": "a/b/notes.md"})).status_code == 200
    assert await names(site, path="a/b") == []


async def test_nothing_is_replaced_unless_asked(site: Site) -> None:
    (site.home / "a").write_text("a")
    (site.home / "b").write_text("b")
    refused = await site.http.post(f"{FILES}/rename", json={"source": "a", "target": "b"})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    refused = await site.http.post(FILES, json={"path": "a", "text": "new"})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert (await site.http.post(FILES, json={"path": "a", "text": "new", "overwrite": True})).status_code == 201
    assert (site.home / "b").read_text() == "b"


@pytest.mark.requirement("CORE-FILES-06")
async def test_what_is_deleted_lies_in_the_trash_and_can_be_put_back(site: Site) -> None:
    (site.home / "run" / "sub").mkdir(parents=True)
    (site.home / "run" / "sub" / "data").write_text("precious")
    refused = await site.http.delete(FILES, params={"path": "run"})
    assert (refused.status_code, refused.json()["code"]) == (409, "directory_not_empty")
    deleted = (await site.http.delete(FILES, params={"path": "run", "recursive": True})).json()
    assert not (site.home / "run").exists()
    (listed,) = (await site.http.get(f"{FILES}/trash")).json()
    assert (listed["trash_id"], listed["path"], listed["kind"]) == (deleted["trash_id"], "run", "directory")
    (site.home / "run").mkdir()
    url = f"{FILES}/trash/{deleted['trash_id']}/restore"
    taken = await site.http.post(url, json={})
    assert (taken.status_code, taken.json()["code"]) == (409, "conflict")
    assert (await site.http.post(url, json={"target": "back"})).json()["path"] == "back"
    assert (site.home / "back" / "sub" / "data").read_text() == "precious"
    assert (await site.http.get(f"{FILES}/trash")).json() == []
    gone = await site.http.post(url, json={})
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")


async def test_the_trash_is_emptied_one_by_one_or_as_a_whole(site: Site) -> None:
    for name in "abc":
        (site.home / name).touch()
        await site.http.delete(FILES, params={"path": name})
    entries = (await site.http.get(f"{FILES}/trash")).json()
    assert {entry["path"] for entry in entries} == {"a", "b", "c"}
    assert (await site.http.delete(f"{FILES}/trash/{entries[0]['trash_id']}")).json() == {"removed": 1}
    assert (await site.http.delete(f"{FILES}/trash")).json() == {"removed": 2}
    assert (await site.http.get(f"{FILES}/trash")).json() == []


async def test_a_token_deletes_its_users_own_tree_without_an_approval(site: Site) -> None:
    (site.home / "run").mkdir()
    (site.home / "run" / "data").touch()
    headers = await site.token(Scope.FILES_READ, Scope.FILES_WRITE)
    params = {"path": "run", "recursive": True}
    answer = await site.http.delete(FILES, params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    (site.home / "other").mkdir()
    (site.home / "other" / "data").touch()
    refused = await site.http.delete(FILES, params={"path": "other", "recursive": True, "permanently": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "waits_for_approval")
    assert (site.home / "other" / "data").exists()


async def test_a_token_changes_nothing_without_the_scope(site: Site) -> None:
    headers = await site.token(Scope.FILES_READ)
    async with client(site.app) as http:
        refused = await http.post(FILES, json={"path": "x", "text": ""}, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
        assert (await http.get(FILES, headers=headers)).status_code == 200
        assert (await http.get(FILES)).status_code == 401


async def test_every_change_is_in_the_ledger(site: Site) -> None:
    await site.http.post(FILES, json={"path": "x", "text": ""})
    events = await site.app.state.platform.ledger.read("portal:alice")
    kinds = [event.kind for event in events[-3:]]
    assert kinds == ["call.proposed", "call.intent", "call.outcome"]
    assert events[-3].body["tool"] == "write_file"


async def test_users_see_their_own_files_only(site: Site) -> None:
    (site.home / "secret").write_text("of alice")
    bob = await site.browser("bob")
    async with client(site.app) as http:
        assert (await http.get(FILES, headers=bob)).json()["total"] == 0
        path = str(site.home / "secret")
        answer = await http.get(f"{FILES}/content", params={"path": path}, headers=bob)
        assert (answer.status_code, answer.json()["code"]) == (403, "path_outside_workspace")
