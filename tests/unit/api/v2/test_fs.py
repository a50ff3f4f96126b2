"""`/api/v2/fs`: the caller's own files, by a real agent, in INK's rows and envelope."""

from __future__ import annotations

import asyncio
import io
import os
import zipfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from pydantic import JsonValue

from ink_core.api.actions import Actions, Precondition, RequestKey, WaitsForApproval
from ink_core.api.ink_rows.files import size_text
from ink_core.api.v2.fs import octal
from ink_core.errors import BadInput
from ink_core.identity.principal import Principal, Scope
from tests.security.application import client
from tests.unit.api.home_agents import Site
from worker_agent.protocol import MAX_PIECE_BYTES

pytestmark = pytest.mark.asyncio(loop_scope="module")


def read(answer: httpx2.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    return answer.json()


async def get(site: Site, route: str, **params: str) -> dict[str, Any]:
    return read(await site.http.get(f"/api/v2/fs/{route}", params=params))


async def post(site: Site, route: str, body: Any = None, **params: str) -> dict[str, Any]:
    return read(await site.http.post(f"/api/v2/fs/{route}", json=body, params=params))


async def upload(site: Site, name: str, content: bytes, **fields: str) -> dict[str, Any]:
    return read(await site.http.post("/api/v2/fs/upload_file", data=fields, files={"file": (name, content)}))


@pytest.mark.requirement("CORE-V2-05")
async def test_a_directory_is_listed_in_inks_columns(site: Site) -> None:
    (site.home / "data").mkdir(mode=0o750)
    (site.home / "data").chmod(0o750)
    (site.home / "run.sh").write_bytes(b"x" * 4096)
    (site.home / "run.sh").chmod(0o755)
    os.utime(site.home / "run.sh", (1767225600, 1767225600))
    (site.home / ".hidden").touch()
    assert (await get(site, "get_home"))["data"] == {"home": str(site.home)}
    listed = (await get(site, "list_path", workdir=str(site.home)))["data"]
    directory, file = listed["file_list"]
    assert listed["num"] == 2
    assert (directory["type"], directory["permission"]) == ("directory", "drwxr-x---")
    assert file | {"user": "", "group": ""} == {
        "type": "file",
        "permission": "-rwxr-xr-x",
        "user": "",
        "group": "",
        "size": "4 KB",
        "time": "2026-01-01 00:00:00",
        "path": f"{site.home}/run.sh",
    }
    assert file["user"] and file["group"]
    assert (await get(site, "list_path", showhidden="true"))["data"]["num"] == 3


@pytest.mark.requirement("CORE-V2-05")
async def test_a_tree_is_listed_below_a_directory_and_no_link_is_followed(site: Site) -> None:
    (site.home / "a/b").mkdir(parents=True)
    (site.home / "a/b/c.txt").touch()
    (site.home / "a/loop").symlink_to(site.home)
    listed = (await get(site, "list_path", workdir="a", recursive="true"))["data"]["file_list"]
    assert [row["path"] for row in listed] == [f"{site.home}/a/{name}" for name in ("b", "loop", "b/c.txt")]
    assert [row["type"] for row in listed] == ["directory", "link", "file"]


@pytest.mark.requirement("CORE-V2-05")
async def test_a_path_that_cannot_be_listed_is_an_error_and_not_an_empty_list(site: Site) -> None:
    (site.home / "file").touch()
    for path in ("nowhere", "file", "/etc", "../.."):
        refused = await get(site, "list_path", workdir=path)
        assert (refused["status"], refused["data"]) == ("F03", None), path


@pytest.mark.requirement("CORE-V2-05")
async def test_a_text_is_viewed_and_a_file_downloaded_byte_by_byte(site: Site) -> None:
    content = "Grüße\n".encode() * 10
    (site.home / "note.txt").write_bytes(content)
    viewed = (await get(site, "view_file", TargetPath="note.txt"))["data"]
    assert viewed == {"content": content.decode(), "size": len(content), "truncated": False}
    answer = await site.http.get("/api/v2/fs/download_file", params={"TargetPath": f"{site.home}/note.txt"})
    assert (answer.status_code, answer.content) == (200, content)
    assert "note.txt" in answer.headers["Content-Disposition"]
    (site.home / "binary").write_bytes(b"\0\xff")
    assert (await get(site, "view_file", TargetPath="binary"))["status"] == "F05"
    assert (await get(site, "download_file", TargetPath="nothing"))["status"] == "F03"
    assert (await get(site, "view_file"))["status"] == "P00"


@pytest.mark.requirement("CORE-V2-05")
async def test_a_file_is_uploaded_and_replaced_only_when_that_is_meant(site: Site) -> None:
    first = await upload(site, "data.bin", b"\0one", upload_dir=str(site.home))
    assert first["data"] == {"path": f"{site.home}/data.bin", "size": 4}
    assert (await upload(site, "data.bin", b"two", upload_dir=str(site.home)))["status"] == "F07"
    assert (site.home / "data.bin").read_bytes() == b"\0one"
    assert (await upload(site, "data.bin", b"two", upload_dir=".", overWrite="true"))["status"] == "200"
    assert (site.home / "data.bin").read_bytes() == b"two"
    assert (await upload(site, "empty", b""))["data"]["size"] == 0


@pytest.mark.parametrize("name", ["../../escape", "/etc/escape", "C:\\dir\\escape"])
async def test_the_name_of_an_uploaded_file_leads_nowhere(site: Site, name: str) -> None:
    assert (await upload(site, name, b"x"))["data"]["path"] == f"{site.home}/escape"
    assert (await upload(site, "escape", b"x", upload_dir="/tmp"))["status"] == "F03"


async def test_a_form_without_a_file_is_told_so(site: Site) -> None:
    refused = read(await site.http.post("/api/v2/fs/upload_file", data={"upload_dir": "."}))
    assert (refused["status"], refused["code"]) == ("F07", "bad_input")
    assert (await upload(site, "..", b"x"))["status"] == "F07"


@pytest.mark.parametrize("length", [str(5 * 1024**3), "many"])
async def test_a_form_of_no_bounded_length_is_refused_before_it_is_read(site: Site, length: str) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": length}
    refused = read(await site.http.post("/api/v2/fs/upload_file", content=b"", headers=headers))
    assert (refused["status"], refused["code"]) == ("F07", "bad_input") and "Content-Length" in refused["msg"]


async def test_a_stranger_uploads_nothing(site: Site) -> None:
    async with client(site.app) as http:
        refused = read(await http.post("/api/v2/fs/upload_file", files={"file": ("a", b"x")}))
    assert refused["status"] == "A02"


@pytest.mark.requirement("CORE-V2-05")
async def test_files_and_directories_are_created_renamed_and_deleted(site: Site) -> None:
    assert (await post(site, "create_dir", {"TargetPath": "new/deep"}))["data"]["path"] == f"{site.home}/new/deep"
    assert (await post(site, "create_file", TargetPath="new/a.txt"))["data"]["size"] == "0 B"
    assert (await post(site, "create_file", TargetPath="new/a.txt"))["status"] == "F08"
    renamed = await post(site, "rename_path", {"src": "new/a.txt", "dst": "new/b.txt", "isDir": False})
    assert renamed["status"] == "200" and (site.home / "new/b.txt").exists()
    assert (await post(site, "rename_path", {"src": "new/a.txt", "dst": "c"}))["status"] == "F03"
    assert (await post(site, "rename_path", {"src": "new/b.txt", "dst": "new/deep"}))["status"] == "F11"
    assert (await post(site, "delete_path", {"TargetPath": "new"}))["status"] == "200"
    assert not (site.home / "new").exists()
    assert (await post(site, "delete_path", {"TargetPath": "new"}))["status"] == "F03"


async def test_a_token_for_reading_changes_nothing(site: Site) -> None:
    headers = await site.token(Scope.FILES_READ)
    async with client(site.app) as http:
        listed = read(await http.get("/api/v2/fs/list_path", headers=headers))
        assert listed["status"] == "200"
        refused = read(await http.post("/api/v2/fs/create_dir", json={"TargetPath": "x"}, headers=headers))
        assert (refused["status"], refused["code"]) == ("F02", "forbidden")
    assert not (site.home / "x").exists()


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (1023, "1023 B"), (4096, "4 KB"), (1536, "1.5 KB"), (5 * 1024**3, "5 GB")]
)
async def test_sizes_are_written_as_ink_does(size: int, text: str) -> None:
    assert size_text(size) == text


@pytest.mark.requirement("CORE-V2-05")
async def test_the_mode_of_a_file_is_changed_and_a_wrong_one_makes_nothing(site: Site) -> None:
    made = await post(site, "create_file", TargetPath="run.sh", mode="700")
    assert made["data"]["permission"] == "-rwx------"
    assert (await post(site, "create_dir", {"TargetPath": "d", "mode": 750}))["data"]["permission"] == "drwxr-x---"
    changed = await post(site, "chmod_path", {"TargetPath": "run.sh", "mode": "644"})
    assert changed["data"]["permission"] == "-rw-r--r--"
    assert (await post(site, "chmod_path", {"TargetPath": "run.sh"}))["status"] == "F10"
    assert (await post(site, "chmod_path", {"TargetPath": "nothing", "mode": "644"}))["status"] == "F03"
    assert (await post(site, "create_file", TargetPath="x", mode="9"))["status"] == "F08"
    assert not (site.home / "x").exists()


async def members(site: Site, route: str, **params: Any) -> dict[str, bytes]:
    answer = await site.http.get(f"/api/v2/fs/{route}", params=params)
    assert answer.headers["Content-Type"] == "application/zip", answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


@pytest.mark.requirement("CORE-V2-05")
async def test_directories_and_lists_of_files_come_as_a_zip(site: Site) -> None:
    (site.home / "d/deep").mkdir(parents=True)
    (site.home / "d/a.txt").write_text("a")
    (site.home / "d/.h").write_text("h")
    (site.home / "d/deep/b.txt").write_text("b")
    assert await members(site, "download_dir", TargetPath="d") == {"d/a.txt": b"a", "d/deep/b.txt": b"b"}
    assert set(await members(site, "download_dir", TargetPath="d", showhidden="true")) > {"d/.h"}
    assert await members(site, "download_dir", TargetPath="d", recursive="false") == {"a.txt": b"a"}
    listed = await members(site, "download_list", TargetPath="d", flist=["a.txt", "deep"])
    assert listed == {"a.txt": b"a", "deep/b.txt": b"b"}
    assert (await get(site, "download_dir", TargetPath="nothing"))["status"] == "F03"
    assert (await get(site, "download_list", TargetPath="d"))["status"] == "P00"


@pytest.mark.requirement("CORE-V2-05")
async def test_a_tree_is_uploaded_and_no_name_leads_out_of_it(site: Site) -> None:
    files = [("file", ("t/a.txt", b"a")), ("file", ("t/u/b.txt", b"b"))]
    made = read(await site.http.post("/api/v2/fs/upload_dir", data={"upload_dir": str(site.home)}, files=files))
    assert made["data"] == {"num": 2, "paths": [f"{site.home}/t/a.txt", f"{site.home}/t/u/b.txt"]}
    assert (site.home / "t/u/b.txt").read_bytes() == b"b"
    for name in ("../x", "a/../../x", ".."):
        refused = read(await site.http.post("/api/v2/fs/upload_dir", files=[("file", (name, b"x"))]))
        assert refused["status"] == "F07", name


FIELDS = {"upload_dir": ".", "overWrite": "true"}


@pytest.mark.requirement("CORE-V2-05")
async def test_files_of_a_form_are_staged_as_they_come(site: Site) -> None:
    """Before the form has ended, and beside where they belong; a second form of the same user waits."""
    first, goes_on = asyncio.Event(), asyncio.Event()
    fields = b"".join(part(name, value.encode()) for name, value in FIELDS.items())
    body = [
        fields + part("file", b"a" * MAX_PIECE_BYTES, "a"),
        part("file", b"b", "b") + part("file", b"", "empty") + b"--x--\r\n",
    ]

    async def slowly() -> AsyncIterator[bytes]:
        yield body[0]
        first.set()
        await goes_on.wait()
        yield body[1]

    headers = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(sum(map(len, body)))}
    sending = asyncio.create_task(site.http.post("/api/v2/fs/upload_dir", content=slowly(), headers=headers))
    async with asyncio.timeout(60):
        await first.wait()
        second = await site.http.post("/api/v2/fs/upload_file", data=FIELDS, files=[("file", ("c", b"c"))])
        assert (second.json()["status"], second.json()["code"]) == ("F07", "form_under_way")
        while not [file for file in site.home.glob(".ink-upload-*") if file.stat().st_size == MAX_PIECE_BYTES]:
            await asyncio.sleep(0)
        goes_on.set()
        made = read(await sending)
    assert made["data"]["num"] == 3
    assert ((site.home / "a").stat().st_size, (site.home / "b").read_bytes()) == (MAX_PIECE_BYTES, b"b")
    assert (site.home / "empty").read_bytes() == b"" and not (site.home / "c").exists()
    assert not list(site.home.glob(".ink-upload-*"))


def part(name: str, data: bytes, filename: str | None = None) -> bytes:
    disposition = f'form-data; name="{name}"' + (f'; filename="{filename}"' if filename else "")
    return f"--x\r\nContent-Disposition: {disposition}\r\n\r\n".encode() + data + b"\r\n"


@pytest.mark.parametrize("fields", [[], ["upload_dir"], ["upload_dir", "overWrite"]])
async def test_fields_may_follow_the_files(site: Site, fields: list[str]) -> None:
    (site.home / "d").mkdir()
    (site.home / "d/a").write_text("before")
    values = {"upload_dir": b"d", "overWrite": b"true"}
    before = [part(name, values[name]) for name in fields]
    after = [part(name, values[name]) for name in values if name not in fields]
    body = b"".join([*before, part("file", b"after", "a"), *after, b"--x--\r\n"])
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    made = read(await site.http.post("/api/v2/fs/upload_file", content=body, headers=headers))
    assert made["data"] == {"path": f"{site.home}/d/a", "size": 5}
    assert (site.home / "d/a").read_text() == "after"
    assert not list(site.home.rglob(".ink-upload-*")) and not list((site.home / ".ink/uploads").glob("*.part"))


@pytest.mark.parametrize(
    "body",
    [
        part("file", b"a", "a"),
        part("file", b"a", "a")[:-30],
        part("upload_dir", b"."),
        part("file", b"a", "a") + part("file", b"b", "b") + b"--x--\r\n",
        part("file", b"not a file") + b"--x--\r\n",
        part("upload_dir", b"x" * 20_000) + b"--x--\r\n",
        b"".join(part(f"field{number}", b"") for number in range(20)) + b"--x--\r\n",
        b"nonsense",
        b"",
    ],
)
async def test_a_form_that_is_broken_leaves_nothing(site: Site, body: bytes) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    refused = read(await site.http.post("/api/v2/fs/upload_file", content=body, headers=headers))
    assert (refused["status"], refused["code"]) == ("F07", "bad_input")
    assert not (site.home / "a").exists()
    assert (await site.http.get("/api/v1/files/uploads")).json() == []


class Asking:
    """The real actions of a site whose policy asks about the file `a` and about nothing else."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions
        self.asked: list[tuple[Principal, Mapping[str, JsonValue]]] = []

    async def call(
        self,
        principal: Principal,
        tool: str,
        arguments: Mapping[str, JsonValue],
        *,
        key: RequestKey | None = None,
        only_if: Precondition | None = None,
    ) -> JsonValue:
        if tool == "commit_upload" and arguments["path"] == "./a":
            self.asked.append((principal, arguments))
            raise WaitsForApproval(tool, "c-1", "a-1")
        return await self._actions.call(principal, tool, arguments, key=key, only_if=only_if)


async def test_an_upload_whose_commit_waits_for_an_approval_is_kept_until_then(site: Site) -> None:
    core = site.app.state.core
    asking = Asking(core.actions)
    site.app.state.core = replace(core, actions=asking)
    files = [("file", (name, name.encode())) for name in ("a", "b")]
    waits = read(await site.http.post("/api/v2/fs/upload_dir", data=FIELDS, files=files))
    site.app.state.core = core
    assert (waits["status"], waits["code"]) == ("F07", "waits_for_approval")
    assert "/api/v1/calls/c-1" in waits["msg"] and "nothing needs to be sent again" in waits["msg"]
    assert (site.home / "b").exists() and not (site.home / "a").exists()
    ((principal, arguments),) = asking.asked
    await core.actions.call(principal, "commit_upload", arguments)  # as the gate does once it is approved
    assert (site.home / "a").read_bytes() == b"a"


async def test_a_shared_file_is_a_link_that_expires(site: Site) -> None:
    (site.home / "shared.txt").write_text("for you")
    shared = (await get(site, "shared_file", TargetPath="shared.txt"))["data"]
    assert shared["expires_at"]
    async with client(site.app) as stranger:
        assert (await stranger.get(shared["url"])).text == "for you"
    ledger, signature = site.app.state.platform.ledger, shared["url"].rpartition(".")[2]
    bodies = [str(event.body) for chain in await ledger.chains() for event in await ledger.read(chain)]
    assert any("shared.txt" in body for body in bodies) and not any(signature in body for body in bodies)
    assert (await get(site, "shared_file", TargetPath="nothing"))["data"] is None


async def test_a_mode_is_octal_as_text_and_as_number() -> None:
    assert octal("755") == octal(755) == octal("0755") == 0o755 and octal("") is None
    for wrong in ("rwx", "999", 7777, "-1"):
        with pytest.raises(BadInput):
            octal(wrong)
