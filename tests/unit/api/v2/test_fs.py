"""`/api/v2/fs`: the caller's own files, by a real agent, in INK's rows and envelope."""

from __future__ import annotations

import io
import os
import zipfile
from typing import Any

import httpx2
import pytest

from ink_core.api.v2.file_rows import size_text
from ink_core.api.v2.fs import octal
from ink_core.errors import BadInput
from ink_core.identity.principal import Scope
from tests.security.application import client
from tests.unit.api.home_agents import Site

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
