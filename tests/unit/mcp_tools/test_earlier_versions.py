"""What a file held before a call changed it is found by the operation of that call."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import JsonValue

from ink_core.agents import AccessPoint
from ink_core.errors import AgentFault
from ink_core.identity.principal import USER_SCOPES, Principal
from mcp_tools import earlier_versions, file_changes
from mcp_tools.context import Leave, ToolContext
from mcp_tools.doubles import MemoryAgents, MemoryQueues, services
from mcp_tools.earlier_versions import EarlierText, ReadEarlierVersion
from mcp_tools.file_changes import WriteFile
from mcp_tools.invoke import invoke
from worker_agent import earlier, writing
from worker_agent.protocol import FilesEarlier, FilesWrite, PackError
from worker_agent.sandbox import Sandbox

pytestmark = pytest.mark.requirement("WEB-EDITOR-02")
ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:1")
(READ,) = earlier_versions.TOOLS
WRITE = next(spec for spec in file_changes.TOOLS if spec.name == "write_file")


class Home:
    """A real agent's methods over one directory."""

    def __init__(self, place: Path) -> None:
        self.sandbox = Sandbox(str(place))

    async def answer(self, method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
        try:
            if method == "files.write":
                return writing.write_file(self.sandbox, FilesWrite.model_validate(arguments)).model_dump(mode="json")
            return earlier.earlier(self.sandbox, FilesEarlier.model_validate(arguments)).model_dump(mode="json")
        except PackError as refused:
            raise AgentFault(refused.fault.message, code=refused.fault.code, retryable=False) from refused

    def context(self, tool: str, operation_id: str = "op-1") -> ToolContext:
        around = services(MemoryAgents({AccessPoint("alice"): self.answer}, {}), MemoryQueues({"pool": []}))
        return ToolContext(ALICE, "alice", operation_id, 5.0, None, around, Leave(call_id="c", tool=tool))

    async def write(self, text: str) -> None:
        await invoke(WRITE, self.context("write_file"), WriteFile(path="~/fit.py", text=text, overwrite=True))

    async def before(self, operation_id: str = "op-1") -> EarlierText:
        asked = ReadEarlierVersion(path="~/fit.py", operation_id=operation_id)
        found = await invoke(READ, self.context("read_earlier_version", "op-2"), asked)
        assert isinstance(found, EarlierText)
        return found


async def test_the_text_before_is_told_with_the_digest_of_what_it_became(tmp_path: Path) -> None:
    (tmp_path / "fit.py").write_text("low = 0\n")
    home = Home(tmp_path)
    await home.write("low = 60\n")
    assert (await home.before()).model_dump() == {
        "path": "fit.py",
        "existed": True,
        "text": "low = 0\n",
        "after_sha256": hashlib.sha256(b"low = 60\n").hexdigest(),
    }


async def test_a_new_file_held_nothing_and_another_operation_knows_of_no_change(tmp_path: Path) -> None:
    home = Home(tmp_path)
    await home.write("low = 60\n")
    assert ((await home.before()).existed, (await home.before()).text) == (False, "")
    with pytest.raises(AgentFault, match="is not kept any more"):
        await home.before("op-9")


async def test_what_is_no_text_is_not_told_as_one(tmp_path: Path) -> None:
    (tmp_path / "fit.py").write_bytes(b"\xff\xfe")
    home = Home(tmp_path)
    await home.write("low = 60\n")
    assert ((await home.before()).existed, (await home.before()).text) == (True, None)
