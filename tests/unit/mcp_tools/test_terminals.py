"""A terminal's output as text, and who may read it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace

import pytest

from ink_core.agents import Worker
from ink_core.identity.principal import USER_SCOPES, Principal
from mcp_tools.context import Leave, Readable, ToolContext
from mcp_tools.doubles import MemoryAgents, MemoryQueues, services
from mcp_tools.invoke import invoke
from mcp_tools.terminals import TOOLS, ReadTerminal, TerminalNotReadable, TerminalText, plain

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:1")
(READ,) = TOOLS
MINE = Readable("w-1", "t-1", "alice")

pytestmark = pytest.mark.requirement("WEB-TERM-02")


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("\x1b[1;31mred\x1b[0m and\tplain\r\n", "red and\tplain\n"),
        ("10 %\r50 %\r100 %\r\ndone", "100 %\ndone"),
        ("\x1b]0;title\x07prompt$ \x1b[?2004h", "prompt$ "),
        ("a\x1b(Bb\x1b=c\x07\x00", "abc"),
        ("exe\u202etxt", "exetxt"),
        ("\x1b]0;never ended", ""),
    ],
)
def test_output_is_read_as_its_words_without_what_a_screen_obeys(printed: str, shown: str) -> None:
    assert plain(printed) == shown


class Allowed:
    """The terminals that are readable in session s1, each time it is asked."""

    def __init__(self, *answers: Sequence[Readable]) -> None:
        self.answers = list(answers)

    async def readable(self, session_id: str) -> Sequence[Readable]:
        if session_id != "s1":
            return ()
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def context(
    allowed: Allowed, *, session_id: str | None = "s1", worker_id: str = "w-1", who: str = "alice"
) -> ToolContext:
    async def attach(method: str, arguments: object) -> dict[str, object]:
        assert method == "terminal.attach"
        data = base64.b64encode(b"one\r\ntwo\r\nthree\r\n").decode()
        return {"terminal_id": "t-1", "offset": 0, "data": data, "alive": True}

    agents = MemoryAgents({Worker(worker): attach for worker in ("w-1", "w-2")}, {})  # type: ignore[arg-type]
    around = replace(services(agents, MemoryQueues({"pool": []})), terminals=allowed)
    principal = ALICE.model_copy(update={"username": who})
    leave = Leave(call_id="c", tool="read_terminal")
    return ToolContext(principal, who, "op-1", 5.0, worker_id, around, leave, session_id=session_id)


async def read(around: ToolContext, **asked: object) -> TerminalText:
    result = await invoke(READ, around, ReadTerminal.model_validate(asked))
    assert isinstance(result, TerminalText)
    return result


async def test_the_end_of_a_terminal_that_the_user_allows_is_read() -> None:
    assert (await read(context(Allowed([MINE])), lines=2)).model_dump() == {
        "terminal_id": "t-1",
        "alive": True,
        "text": "two\nthree",
        "cut": True,
    }


@pytest.mark.parametrize(
    "around",
    [
        context(Allowed(())),
        context(Allowed([MINE]), session_id=None),
        context(Allowed([MINE]), session_id="s2"),
        context(Allowed([MINE]), worker_id="w-2"),
        context(Allowed([MINE]), who="bob"),
        context(Allowed([replace(MINE, terminal_id="t-2")])),
    ],
    ids=["nothing", "no conversation", "another one", "another worker", "another user", "another terminal"],
)
async def test_no_other_terminal_is_read_nor_by_anybody_else(around: ToolContext) -> None:
    with pytest.raises(TerminalNotReadable):
        await read(around, terminal_id="t-1")


async def test_what_is_taken_back_while_the_worker_is_asked_is_not_told() -> None:
    with pytest.raises(TerminalNotReadable):
        await read(context(Allowed([MINE], ())))
