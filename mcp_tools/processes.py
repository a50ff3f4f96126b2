"""Commands and terminals in the session's worker, else at the access point."""

from __future__ import annotations

import shlex

from pydantic import Field

from ink_core.identity.principal import Scope
from mcp_tools.context import ToolContext
from mcp_tools.result_labels import of_programs
from mcp_tools.spec import Confidentiality, Integrity, Label, Preview, Risk, RunsOn, ToolSpec, ToolValue
from mcp_tools.targets import ask_agent, from_home
from worker_agent import protocol

MAX_COMMAND_S = 600
SLACK_S = 20
OUTPUT_LABEL = Label(Confidentiality.SCRATCH, Integrity.UNTRUSTED)
TERMINAL_LABEL = Label(Confidentiality.SCRATCH, Integrity.TRUSTED)


class RunCommand(ToolValue):
    argv: tuple[str, ...] = Field(
        min_length=1, max_length=1000, description="Program and arguments; no shell, so no pipes or wildcards."
    )
    cwd: str = Field(default=".", max_length=4096)
    timeout_s: float = Field(default=60, gt=0, le=MAX_COMMAND_S)
    stdin: str = Field(default="", max_length=1_000_000)


class CommandEnded(ToolValue):
    """`exit_code` is negative for a signal. Output beyond 64 KiB per stream was dropped when `truncated`."""

    exit_code: int
    stdout: str
    stderr: str
    truncated: bool
    timed_out: bool
    duration_s: float


class OpenTerminal(ToolValue):
    columns: int = Field(default=80, ge=2, le=1000)
    rows: int = Field(default=24, ge=2, le=1000)


class Terminal(ToolValue):
    terminal_id: str
    pid: int
    alive: bool
    next_offset: int


class ListTerminals(ToolValue):
    pass


class Terminals(ToolValue):
    terminals: tuple[Terminal, ...]


class CloseTerminal(ToolValue):
    terminal_id: str = Field(min_length=1, max_length=100)


async def _run(context: ToolContext, asked: RunCommand) -> CommandEnded:
    arguments = protocol.ProcessRun(
        argv=asked.argv, cwd=from_home(asked.cwd), timeout_s=asked.timeout_s, stdin=asked.stdin
    )
    answer = await ask_agent(context, "process.run", arguments.model_dump(), deadline_s=asked.timeout_s + SLACK_S / 2)
    return CommandEnded.model_validate(answer)


async def _preview_run(context: ToolContext, asked: RunCommand) -> Preview:
    where = f"worker {context.worker_id}" if context.worker_id else "the access point"
    return Preview(summary=f"Run {shlex.join(asked.argv)[:500]} in {asked.cwd} at {where}", owners=(context.acting_as,))


async def _open(context: ToolContext, asked: OpenTerminal) -> Terminal:
    return Terminal.model_validate(await ask_agent(context, "terminal.open", asked.model_dump()))


async def _list(context: ToolContext, asked: ListTerminals) -> Terminals:
    return Terminals.model_validate(await ask_agent(context, "terminal.list", {}))


async def _close(context: ToolContext, asked: CloseTerminal) -> Terminal:
    return Terminal.model_validate(await ask_agent(context, "terminal.close", asked.model_dump()))


TOOLS = (
    ToolSpec(
        name="run_command",
        title="Run a command",
        description="Run one program with arguments in the workspace, wait for it and return its output.",
        input=RunCommand,
        output=CommandEnded,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.AGENT_USE}),
        runs_on=RunsOn.EXECUTE,
        idempotent=False,
        timeout_s=MAX_COMMAND_S + SLACK_S,
        label=OUTPUT_LABEL,
        confidentiality_of=of_programs,
        content=frozenset({"timeout_s"}),
        run=_run,
        preview=_preview_run,
    ),
    ToolSpec(
        name="open_terminal",
        title="Open a terminal",
        description="Open a login shell in a terminal; the page attaches to it and it survives a reload.",
        input=OpenTerminal,
        output=Terminal,
        content=frozenset({"columns", "rows"}),
        risk=Risk.WRITE,
        scopes=frozenset({Scope.AGENT_USE}),
        runs_on=RunsOn.EXECUTE,
        idempotent=False,
        timeout_s=30,
        label=TERMINAL_LABEL,
        for_models=False,
        run=_open,
    ),
    ToolSpec(
        name="list_terminals",
        title="List terminals",
        description="Terminals that are open in the workspace.",
        input=ListTerminals,
        output=Terminals,
        risk=Risk.READ,
        scopes=frozenset({Scope.AGENT_USE}),
        runs_on=RunsOn.EXECUTE,
        idempotent=True,
        timeout_s=30,
        label=TERMINAL_LABEL,
        for_models=False,
        run=_list,
    ),
    ToolSpec(
        name="close_terminal",
        title="Close a terminal",
        description="End a terminal and what runs in it.",
        input=CloseTerminal,
        output=Terminal,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.AGENT_USE}),
        runs_on=RunsOn.EXECUTE,
        idempotent=True,
        timeout_s=30,
        label=TERMINAL_LABEL,
        for_models=False,
        run=_close,
    ),
)
