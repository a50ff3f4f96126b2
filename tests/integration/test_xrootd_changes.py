"""Files are put on a real XRootD, renamed and removed over REST: by the user's own agent, token and gated calls."""

from __future__ import annotations

import base64
import os
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from ink_core.agents import InProcessAgents
from ink_core.identity.principal import USER_SCOPES, Principal, Scope
from ink_core.storage.xrootd.agent_pack import StoragePack
from ink_core.storage.xrootd.options import StorageOptions
from mcp_tools.context import ToolContext
from mcp_tools.doubles import MemoryQueues, services
from mcp_tools.spec import ToolValue
from tests.unit.api.home_agents import AgentsInProcess, Site, site_of_alice
from tests.xrootd_server import IS_THERE, XrootdServer, running_xrootd
from worker_agent.protocol import MAX_PIECE_BYTES, PackMethod

pytestmark = [
    pytest.mark.integration,
    pytest.mark.requirement("CORE-FILES-12"),
    pytest.mark.skipif(not IS_THERE, reason="needs xrootd-server and xrootd-scitokens-plugins of Debian"),
]
DATA = os.urandom(2 * MAX_PIECE_BYTES + 12_345)
EOS = "/api/v1/storages/eos"
TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture(scope="module")
def running() -> Iterator[XrootdServer]:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        with running_xrootd(Path(folder) / "site") as server:
            yield server


@dataclass
class Storage:
    """Alice's site with the storage, and what the storage has below the directory of this test."""

    site: Site
    server: XrootdServer
    place: str

    @property
    def files(self) -> Mapping[str, bytes | None]:
        below = self.server.root / f"files{self.place}"
        return {str(path.relative_to(below)): _content(path) for path in sorted(below.rglob("*"))}

    def give(self, scope: str) -> None:
        token = self.site.home / "bearer"
        token.touch(0o600)
        token.write_text(self.server.token(scope))

    async def uploaded(self, data: bytes, size: int | None = None) -> str:
        """The id of an upload with these bytes."""
        length = str(len(data) if size is None else size)
        headers = {**TUS, "Upload-Length": length, "Upload-Concat": "partial"}
        begun = await self.site.http.post("/api/v1/files/uploads", headers=headers)
        assert begun.status_code == 201, begun.text
        kind = {**TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
        sent = await self.site.http.patch(begun.headers["location"], content=data, headers=kind)
        assert sent.status_code == 204, sent.text
        return begun.headers["location"].rpartition("/")[2]

    async def put(self, name: str, upload_id: str, **more: Any) -> httpx2.Response:
        body = {"path": f"{self.place}/{name}", "upload_id": upload_id}
        return await self.site.http.post(f"{EOS}/files", json={**body, **more})

    async def remove(self, name: str) -> httpx2.Response:
        return await self.site.http.delete(f"{EOS}/entries", params={"path": f"{self.place}/{name}"})

    async def rename(self, source: str, target: str) -> httpx2.Response:
        body = {"source": f"{self.place}/{source}", "target": f"{self.place}/{target}"}
        return await self.site.http.post(f"{EOS}/rename", json=body)

    async def make(self, name: str) -> httpx2.Response:
        return await self.site.http.post(f"{EOS}/directories", json={"path": f"{self.place}/{name}"})


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


@pytest.fixture
async def storage(running: XrootdServer, tmp_path: Path) -> AsyncIterator[Storage]:
    options = StorageOptions(
        name="eos", url=running.url, ca_file=str(running.certificate), token_files=("{home}/bearer",)
    )

    def pack(home: str) -> Mapping[str, PackMethod]:
        return StoragePack((options.of(home),), home).methods()

    async with site_of_alice(tmp_path / "data", AgentsInProcess(pack)) as site:
        site.app.state.core = replace(site.app.state.core, storages=("eos",))
        found = Storage(site, running, f"/data/{base64.b32encode(os.urandom(5)).decode()}")
        found.give("storage.read:/data storage.modify:/data")
        yield found


def told(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


async def test_uploaded_bytes_become_a_file_whole_and_are_replaced_only_when_told(storage: Storage) -> None:
    name, upload = "run1/a b+c%é.root", await storage.uploaded(DATA)
    made = await storage.put(name, upload)
    assert made.status_code == 201, made.text
    assert (made.json()["path"], made.json()["size"]) == (f"{storage.place}/{name}", len(DATA))
    assert storage.files == {"run1": None, name: DATA}
    assert (await storage.put(name, upload)).status_code == 201  # the same again: it is there
    other = await storage.uploaded(b"another")
    assert told(await storage.put(name, other)) == (409, "conflict")
    assert storage.files[name] == DATA
    assert (await storage.put(name, other, overwrite=True)).status_code == 201
    assert storage.files == {"run1": None, name: b"another"}
    assert (await storage.put("empty", await storage.uploaded(b""))).status_code == 201
    assert storage.files["empty"] == b""


async def test_an_upload_that_is_not_complete_is_put_nowhere(storage: Storage) -> None:
    half = await storage.uploaded(b"half", size=8)
    assert told(await storage.put("half", half)) == (409, "upload_incomplete")
    assert told(await storage.put("none", "0" * 32)) == (404, "not_found")
    (await storage.make(".")).raise_for_status()
    assert storage.files == {}


async def test_directories_are_made_and_entries_renamed_and_removed(storage: Storage) -> None:
    made = await storage.make("runs/2026")
    assert (made.status_code, made.json()["kind"]) == (201, "directory")
    assert (await storage.make("runs/2026")).status_code == 201
    (await storage.put("runs/one", await storage.uploaded(b"1"))).raise_for_status()
    (await storage.put("runs/two", await storage.uploaded(b"2"))).raise_for_status()
    assert told(await storage.rename("runs/one", "runs/two")) == (409, "conflict")
    assert told(await storage.make("runs/one")) == (409, "conflict")
    assert (await storage.rename("runs/one", "runs/2026/first")).json()["name"] == "first"
    assert told(await storage.remove("runs/2026")) == (409, "directory_not_empty")
    assert storage.files == {"runs": None, "runs/2026": None, "runs/2026/first": b"1", "runs/two": b"2"}
    for name in ("runs/2026/first", "runs/2026", "runs/two"):
        assert (await storage.remove(name)).status_code == 204
    assert told(await storage.remove("runs/two")) == (404, "not_found")
    assert storage.files == {"runs": None}


async def test_the_storage_itself_refuses_what_the_users_token_does_not_allow(storage: Storage) -> None:
    upload = await storage.uploaded(b"data")
    (await storage.put("kept", upload)).raise_for_status()
    storage.give("storage.read:/data")
    for answer in (
        await storage.put("new", upload),
        await storage.make("new"),
        await storage.rename("kept", "new"),
        await storage.remove("kept"),
    ):
        assert told(answer) == (403, "permission_denied")
    (storage.site.home / "bearer").unlink()
    assert told(await storage.remove("kept")) == (403, "no_token")
    assert storage.files == {"kept": b"data"}


async def test_only_who_may_write_files_changes_a_storage_and_each_change_is_a_recorded_call(storage: Storage) -> None:
    reading = await storage.site.token(Scope.FILES_READ)
    body = {"path": f"{storage.place}/new"}
    refused = await storage.site.http.post(f"{EOS}/directories", json=body, headers=reading)
    assert (refused.status_code, storage.files) == (403, {})
    named = {"Idempotency-Key": "make-new"}
    for replayed in (None, "true"):
        made = await storage.site.http.post(f"{EOS}/directories", json=body, headers=named)
        assert (made.status_code, made.headers.get("idempotency-replayed")) == (201, replayed)
    listed = await storage.site.http.get(f"{EOS}/entries", params={"path": storage.place})
    assert [row["name"] for row in listed.json()] == ["new"]
    assert (await storage.site.http.post("/api/v1/storages/moon/directories", json=body)).status_code == 404
    outside = await storage.site.http.post(f"{EOS}/directories", json={"path": "/data/../etc"})
    assert told(outside) == (422, "bad_arguments")


@pytest.mark.parametrize("name", ["a%41", "a?authz=b", "a#b", "a\nb"])
async def test_a_name_that_not_every_xrootd_takes_for_the_same_is_not_written(storage: Storage, name: str) -> None:
    (await storage.put("kept", await storage.uploaded(b"data"))).raise_for_status()
    for answer in (await storage.rename("kept", name), await storage.make(name)):
        assert told(answer) == (422, "bad_arguments")
    assert (await storage.remove(name)).status_code in {404, 502}
    assert storage.files == {"kept": b"data"}


async def test_a_change_whose_outcome_is_not_known_is_looked_up_on_the_storage(storage: Storage) -> None:
    (await storage.put("old", await storage.uploaded(b"data"))).raise_for_status()
    platform = storage.site.app.state.platform
    alice = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="test")
    ports = replace(services(InProcessAgents({}), MemoryQueues({})), agents=storage.site.app.state.core.agents)
    context = ToolContext(alice, "alice", "op-before-0001", 60, None, ports, None)

    async def outcome(tool: str, **paths: str) -> ToolValue | None:
        spec = platform.catalogue.get(tool)
        asked = spec.parse({"storage": "eos", **{name: f"{storage.place}/{path}" for name, path in paths.items()}})
        return await spec.reconcile(context, asked)

    assert await outcome("rename_on_storage", source="old", target="new") is None
    (await storage.rename("old", "new")).raise_for_status()
    assert await outcome("rename_on_storage", source="old", target="new") is not None
    assert await outcome("remove_from_storage", path="new") is None
    (await storage.remove("new")).raise_for_status()
    assert await outcome("remove_from_storage", path="new") is not None
    assert platform.catalogue.get("put_on_storage").idempotent  # it is done again, which changes nothing more
