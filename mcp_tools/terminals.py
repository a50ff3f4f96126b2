"""Reading a terminal of the user: only one that the user lets the agent of this conversation read, at this moment."""

from __future__ import annotations

import base64
import re

from pydantic import Field

from ink_core.errors import Forbidden
from ink_core.identity.principal import Scope
from mcp_tools.context import Readable, ToolContext
from mcp_tools.processes import OUTPUT_LABEL
from mcp_tools.result_labels import of_programs
from mcp_tools.spec import Risk, RunsOn, ToolSpec, ToolValue
from mcp_tools.targets import look_at_agent
from worker_agent import protocol

MOST_LINES = 500
MOST_CHARACTERS = 32_000
# Control sequences of ECMA-48: CSI, then OSC and the like up to their terminator, then two-character escapes.
_CONTROLS = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_].*?(?:\x07|\x1b\\|$)|\x1b[ -/]*[0-~]", re.DOTALL)


class TerminalNotReadable(Forbidden):
    code = "terminal_not_readable"


class ReadTerminal(ToolValue):
    terminal_id: str | None = Field(default=None, max_length=100, description="Default: the one allowed last.")
    lines: int = Field(default=100, ge=1, le=MOST_LINES, description="From the end.")


class TerminalText(ToolValue):
    """`text` is without colours and other control sequences; `cut`: there is more before it."""

    terminal_id: str
    alive: bool
    text: str
    cut: bool


def plain(printed: str) -> str:
    """What terminal output says: without control sequences; of a line that was written over, the last writing."""
    lines = _CONTROLS.sub("", printed).replace("\r\n", "\n").split("\n")
    last = (line.rstrip("\r").rsplit("\r", 1)[-1] for line in lines)
    return "\n".join("".join(each for each in line if each == "\t" or each.isprintable()) for line in last)


async def _read(context: ToolContext, asked: ReadTerminal) -> TerminalText:
    terminal_id = (await _allowed(context, asked.terminal_id)).terminal_id
    answer = await look_at_agent(context, "terminal.attach", {"terminal_id": terminal_id, "offset": 0})
    await _allowed(context, terminal_id)  # it may have been taken back while the worker was asked
    backlog = protocol.TerminalBacklog.model_validate(answer)
    text = plain(base64.b64decode(backlog.data).decode(errors="replace"))
    end = "\n".join(text.rstrip("\n").split("\n")[-asked.lines :])[-MOST_CHARACTERS:]
    return TerminalText(
        terminal_id=terminal_id, alive=backlog.alive, text=end, cut=backlog.offset > 0 or len(end) < len(text.rstrip())
    )


async def _allowed(context: ToolContext, terminal_id: str | None) -> Readable:
    """Of the worker that the call goes to, allowed by the user whose it is and in whose name the call is made."""
    allowed = await context.services.terminals.readable(context.session_id) if context.session_id else ()
    own = [
        one
        for one in allowed
        if (one.worker_id, one.by) == (context.worker_id, context.principal.username)
        and terminal_id in (None, one.terminal_id)
    ]
    if not own:
        which = f"terminal {terminal_id}" if terminal_id else "any terminal"
        raise TerminalNotReadable(
            f"you may not read {which}: the user lets the agent of a conversation read one by the button above it, or "
            "sends a selection of it along with a message. Ask for that"
        )
    return own[-1]


TOOLS = (
    ToolSpec(
        name="read_terminal",
        title="Read a terminal",
        description="The end of what a terminal of the user shows, if they allow it.",
        input=ReadTerminal,
        output=TerminalText,
        risk=Risk.READ,
        scopes=frozenset({Scope.AGENT_USE}),
        runs_on=RunsOn.EXECUTE,
        idempotent=True,
        timeout_s=30,
        label=OUTPUT_LABEL,
        confidentiality_of=of_programs,
        content=frozenset({"lines"}),
        for_clients=False,  # they have no conversation in which it could be allowed
        run=_read,
    ),
)
