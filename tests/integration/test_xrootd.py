"""Files on a real XRootD are listed and read by the user's own agent, with the user's own token."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import JsonValue

from ink_core.agents import AccessPoint, Answer, InProcessAgents
from ink_core.errors import AgentFault
from ink_core.storage.faults import FileFault
from ink_core.storage.xrootd.agent_pack import StoragePack
from ink_core.storage.xrootd.options import StorageOptions
from ink_core.storage.xrootd.user_storage import UserStorage
from tests.security.application import application, client, signed_in
from tests.xrootd_server import IS_THERE, XrootdServer, running_xrootd
from worker_agent.protocol import MAX_PIECE_BYTES, Call, FileKind, PackError, Payload

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(not IS_THERE, reason="needs xrootd-server and xrootd-scitokens-plugins of Debian"),
]
DATA = os.urandom(2 * MAX_PIECE_BYTES + 12_345)
STRANGE = "a b+c%41 é.txt"
CALL = Call(epoch=1, operation_id="look-00001", deadline_s=60)


@pytest.fixture(scope="module")
def server() -> Iterator[XrootdServer]:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        with running_xrootd(Path(folder) / "site") as server:
            (server.data / "run1").mkdir()
            (server.data / "run1/events.root").write_bytes(DATA)
            (server.data / "run1" / STRANGE).write_text("strange")
            (server.data / "run1/empty").touch()
            (server.data / "private").mkdir()
            yield server


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    return tmp_path / "bearer"


@pytest.fixture
def agents(server: XrootdServer, tmp_path: Path) -> InProcessAgents:
    """Alice's agent with the pack of storages."""
    options = StorageOptions(
        name="eos", url=server.url, ca_file=str(server.certificate), token_files=("{home}/none", "{home}/bearer")
    )
    methods = StoragePack((options.of(str(tmp_path)),), str(tmp_path)).methods()

    async def agent(method: str, arguments: Mapping[str, JsonValue]) -> JsonValue | Answer:
        kind = methods[method]
        try:
            result = await kind.handler(kind.arguments.model_validate(arguments), CALL)
        except PackError as refused:
            fault = refused.fault
            raise AgentFault(fault.message, code=fault.code, retryable=fault.retryable) from refused
        told = result.model_dump(mode="json")
        return Answer(told, result.payload) if isinstance(result, Payload) else told

    return InProcessAgents({AccessPoint("alice"): agent})


@pytest.fixture
def storage(agents: InProcessAgents) -> UserStorage:
    return UserStorage(agents, "eos")


def give(token_file: Path, token: str, mode: int = 0o600) -> None:
    token_file.write_text(token)
    token_file.chmod(mode)


async def content(storage: UserStorage, path: str, first: int = 0, length: int | None = None) -> bytes:
    entry = await storage.status("alice", path)
    pieces = storage.stream("alice", entry, first, entry.size - first if length is None else length)
    return b"".join([piece async for piece in pieces])


@pytest.mark.requirement("CORE-FILES-09")
async def test_a_directory_is_listed_and_files_are_read_with_the_users_own_token(
    server: XrootdServer, storage: UserStorage, token_file: Path
) -> None:
    give(token_file, server.token("storage.read:/data/run1"))
    found = await storage.list("alice", "/data/run1")
    told = [(entry.name, entry.path, entry.kind, entry.size) for entry in found]
    names = {"events.root": len(DATA), STRANGE: 7, "empty": 0}
    assert told == [(name, f"/data/run1/{name}", FileKind.FILE, names[name]) for name in sorted(names)]
    assert all(abs(entry.modified - time.time()) < 86_400 for entry in found)
    assert await content(storage, "/data/run1/events.root") == DATA
    assert await content(storage, "/data/run1/events.root", 1_000_000, 2_500_000) == DATA[1_000_000:3_500_000]
    assert await content(storage, f"/data/run1/{STRANGE}") == b"strange"
    assert await content(storage, "/data/run1/empty") == b""


@pytest.mark.requirement("CORE-FILES-09")
async def test_what_the_token_does_not_allow_is_refused_by_the_storage(
    server: XrootdServer, storage: UserStorage, token_file: Path
) -> None:
    given = {
        "no_token": None,
        "of another place": server.token("storage.read:/data/private"),
        "to write": server.token("storage.modify:/data"),
        "expired": server.token("storage.read:/data", lifetime_s=-1000),
        "forged": server.token("storage.read:/data")[:-8] + "AAAAAAAA",
    }
    for what, token in given.items():
        if token:
            give(token_file, token)
        with pytest.raises(FileFault) as refused:
            await storage.list("alice", "/data/run1")
        assert refused.value.code == ("permission_denied" if token else "no_token"), what


async def test_what_is_not_there_is_not_found_and_a_file_that_changed_is_told(
    server: XrootdServer, storage: UserStorage, token_file: Path
) -> None:
    give(token_file, server.token("storage.read:/data"))
    with pytest.raises(FileFault) as missing:
        await storage.status("alice", "/data/run1/none")
    assert (missing.value.code, missing.value.http_status) == ("not_found", 404)
    entry = await storage.status("alice", "/data/run1/events.root")
    grown = entry.model_copy(update={"size": entry.size - 1})
    with pytest.raises(FileFault) as changed:
        await anext(storage.stream("alice", grown, 0, 10))
    assert changed.value.code == "file_changed"
    with pytest.raises(FileFault) as outside:
        await storage.list("alice", "/data/../etc")
    assert outside.value.code == "bad_arguments"


@pytest.mark.requirement("CORE-FILES-09")
async def test_storages_are_listed_and_read_over_rest(
    server: XrootdServer, agents: InProcessAgents, token_file: Path, tmp_path: Path
) -> None:
    async with application(tmp_path / "data") as app, client(app) as http:
        app.state.core = replace(app.state.core, storages=("eos",), agents=agents)
        assert (await http.get("/api/v1/storages")).status_code == 401
        http.headers.update(await signed_in(app, "alice"))
        assert (await http.get("/api/v1/storages")).json() == ["eos"]
        entries, content = "/api/v1/storages/eos/entries", "/api/v1/storages/eos/content"
        without = await http.get(entries, params={"path": "/data"})
        assert (without.status_code, without.json()["code"]) == (403, "no_token")
        give(token_file, server.token("storage.read:/data"))
        names = [row["name"] for row in (await http.get(entries, params={"path": "/data"})).json()]
        assert names == ["private", "run1"]
        whole = await http.get(content, params={"path": "/data/run1/events.root"})
        assert (whole.status_code, whole.content) == (200, DATA)
        assert whole.headers["content-disposition"] == "attachment; filename*=UTF-8''events.root"
        headers = {"Range": "bytes=-100"}
        end = await http.get(content, params={"path": "/data/run1/events.root"}, headers=headers)
        assert (end.status_code, end.content) == (206, DATA[-100:])
        assert end.headers["content-range"] == f"bytes {len(DATA) - 100}-{len(DATA) - 1}/{len(DATA)}"
        for path, status, code in (
            ("/data/run1", 422, "is_a_directory"),
            ("/data/none", 404, "not_found"),
            ("data", 422, "bad_arguments"),
        ):
            refused = await http.get(content, params={"path": path})
            assert (refused.status_code, refused.json()["code"]) == (status, code)
        assert (await http.get("/api/v1/storages/moon/entries")).status_code == 404
