"""Commands that go on when the turn has ended: start, read what they print, stop. In the session's worker, else at the
access point.

A process belongs to the agent that runs it: whoever works there sees it, and it ends with that agent.
"""

from __future__ import annotations

import base64
import codecs
import shlex

from pydantic import Field

from ink_core.errors import Conflict
from ink_core.identity.principal import Scope
from mcp_tools.context import ToolContext
from mcp_tools.operation_ids import id_of
from mcp_tools.processes import OUTPUT_LABEL
from mcp_tools.result_labels import of_programs
from mcp_tools.spec import Preview, Risk, RunsOn, ToolSpec, ToolValue
from mcp_tools.targets import ask_agent, from_home, look_at_agent
from worker_agent import protocol

MAX_WAIT_S = 60
PROCESS_ID = "^[0-9a-f]{8,32}$"
ID_CHARACTERS = 12
STARTS = "start_process"


class StartProcess(ToolValue):
    argv: tuple[str, ...] = Field(min_length=1, max_length=1000)
    cwd: str = Field(default=".", max_length=4096)
    timeout_s: float = Field(default=3600, gt=0, le=7 * 86400)


class Process(ToolValue):
    """`problem` says why it could not be started; `started_at` in seconds since the epoch."""

    process_id: str
    argv: tuple[str, ...]
    started_at: float
    alive: bool
    exit_code: int | None
    timed_out: bool
    problem: str
    next_offset: int


class ReadProcess(ToolValue):
    process_id: str | None = Field(default=None, pattern=PROCESS_ID, description="Without it all are listed.")
    offset: int | None = Field(default=None, ge=0, description="The last next_offset; without it the last output.")
    wait_s: float = Field(default=0, ge=0, le=MAX_WAIT_S, description="For new output, or the end.")


class ProcessesRead(ToolValue):
    """`output` begins at byte `offset` of what the process printed and ends before its `next_offset`."""

    processes: tuple[Process, ...]
    output: str | None = None
    offset: int | None = None


class StopProcess(ToolValue):
    process_id: str = Field(pattern=PROCESS_ID)


def process_id_of(operation_id: str) -> str:
    """Of the process that this operation starts."""
    return id_of(operation_id)[:ID_CHARACTERS]


async def _start(context: ToolContext, asked: StartProcess) -> Process:
    wanted = protocol.ProcessStart(
        process_id=process_id_of(context.operation_id),
        argv=asked.argv,
        cwd=from_home(asked.cwd),
        timeout_s=asked.timeout_s,
    )
    return Process.model_validate(await ask_agent(context, "process.start", wanted.model_dump()))


async def _preview_start(context: ToolContext, asked: StartProcess) -> Preview:
    where = f"worker {context.worker_id}" if context.worker_id else "the access point"
    summary = f"Start {shlex.join(asked.argv)[:500]} in {asked.cwd} at {where}, for {asked.timeout_s:g} s at most"
    return Preview(summary=summary, owners=(context.acting_as,), undo="stop_process")


async def _find_started(context: ToolContext, asked: StartProcess) -> Process | None:
    found = await _listed(context)
    for process in found:
        if process.process_id == process_id_of(context.operation_id):
            return process
    raise Conflict("its agent knows no such process; it was never started, or ended with another agent")


async def _listed(context: ToolContext) -> tuple[Process, ...]:
    answer = protocol.BackgroundProcesses.model_validate(await look_at_agent(context, "process.list", {}))
    return tuple(Process.model_validate(process.model_dump()) for process in answer.processes)


async def _read(context: ToolContext, asked: ReadProcess) -> ProcessesRead:
    if asked.process_id is None:
        return ProcessesRead(processes=await _listed(context))
    answer = await look_at_agent(context, "process.read", asked.model_dump())
    reading = protocol.ProcessReading.model_validate(answer)
    text, length = _decoded(base64.b64decode(reading.data), final=not reading.process.alive)
    state = {**reading.process.model_dump(), "next_offset": reading.offset + length}
    return ProcessesRead(processes=(Process.model_validate(state),), output=text, offset=reading.offset)


def _decoded(data: bytes, *, final: bool) -> tuple[str, int]:
    """As text, and how many bytes that took: a character that is not whole yet waits for its rest."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    text = decoder.decode(data, final=final)
    return text, len(data) - len(decoder.getstate()[0])


async def _stop(context: ToolContext, asked: StopProcess) -> Process:
    return Process.model_validate(await ask_agent(context, "process.stop", asked.model_dump()))


TOOLS = (
    ToolSpec(
        name=STARTS,
        title="Start a process",
        description="Start a program in the background; it goes on after the turn.",
        input=StartProcess,
        output=Process,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.AGENT_USE}),
        runs_on=RunsOn.EXECUTE,
        idempotent=False,
        timeout_s=60,
        label=OUTPUT_LABEL,
        confidentiality_of=of_programs,
        content=frozenset({"timeout_s"}),
        identifies={"process_id": "process"},
        run=_start,
        preview=_preview_start,
        reconcile=_find_started,
    ),
    ToolSpec(
        name="read_process",
        title="Read a process",
        description="What a background process printed and whether it still runs.",
        input=ReadProcess,
        output=ProcessesRead,
        risk=Risk.READ,
        scopes=frozenset({Scope.AGENT_USE}),
        runs_on=RunsOn.EXECUTE,
        idempotent=True,
        timeout_s=MAX_WAIT_S + 60,
        label=OUTPUT_LABEL,
        confidentiality_of=of_programs,
        run=_read,
    ),
    ToolSpec(
        name="stop_process",
        title="Stop a process",
        description="End a background process and all that it started.",
        input=StopProcess,
        output=Process,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.AGENT_USE}),
        runs_on=RunsOn.EXECUTE,
        idempotent=True,
        timeout_s=60,
        label=OUTPUT_LABEL,
        confidentiality_of=of_programs,
        handles={"process_id": "process"},
        run=_stop,
    ),
)
