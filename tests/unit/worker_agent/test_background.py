"""Commands in the background: they outlive call and connection, are read in pieces, bounded, and ended whole."""

from __future__ import annotations

import asyncio
import base64
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.worker_agent.conftest import StartProcess
from tests.unit.worker_agent.manager import PATIENCE_S, SmallManager, WorkerLink
from worker_agent import background
from worker_agent.background import MAX_RUNNING
from worker_agent.protocol import PROCESS_BACKLOG_BYTES, PackError, ProcessReading

pytestmark = pytest.mark.requirement("WORKER-PROC-03")

ID = "0123456789ab"


async def code_of(link: WorkerLink, method: str, **arguments: Any) -> str:
    with pytest.raises(PackError) as caught:
        await link.call(method, **arguments)
    return caught.value.fault.code


async def read_until(
    link: WorkerLink, enough: Callable[[ProcessReading], bool], process_id: str = ID, offset: int | None = 0
) -> ProcessReading:
    async with asyncio.timeout(PATIENCE_S):
        while not enough(reading := await link.call("process.read", process_id=process_id, offset=offset, wait_s=0.1)):
            pass
    return reading


def text(reading: ProcessReading) -> str:
    return base64.b64decode(reading.data).decode()


async def test_a_process_goes_on_after_its_start_and_is_read_from_where_one_was(
    link: WorkerLink, workspace: Path
) -> None:
    (workspace / "sub").mkdir()
    script = "pwd; echo err >&2; while [ ! -e go ]; do sleep 0.05; done; echo done; exit 3"
    started = await link.call("process.start", process_id=ID, argv=["sh", "-c", script], cwd="sub")
    assert (started.alive, started.exit_code) == (True, None)
    first = await read_until(link, lambda reading: "err" in text(reading))
    assert text(first) == f"{workspace}/sub\nerr\n"
    (workspace / "sub" / "go").touch()
    offset = first.process.next_offset
    rest = await read_until(link, lambda reading: not reading.process.alive, offset=offset)
    assert (rest.offset, text(rest), rest.process.exit_code) == (offset, "done\n", 3)
    assert [process.process_id for process in (await link.call("process.list")).processes] == [ID]


async def test_asking_to_start_it_again_starts_nothing_twice(link: WorkerLink, workspace: Path) -> None:
    for _ in range(2):
        await link.call("process.start", process_id=ID, argv=["sh", "-c", "echo x >> marks; echo here; exec sleep 600"])
    await read_until(link, lambda reading: "here" in text(reading))
    await link.call("process.stop", process_id=ID)
    assert (workspace / "marks").read_text() == "x\n"


async def test_stopping_ends_all_that_it_started_and_leaves_what_it_printed(link: WorkerLink, workspace: Path) -> None:
    script = "setsid sleep 600 & echo $! > pid; echo out; wait"
    await link.call("process.start", process_id=ID, argv=["sh", "-c", script])
    await read_until(link, lambda reading: "out" in text(reading))
    stopped = await link.call("process.stop", process_id=ID)
    assert (stopped.alive, stopped.timed_out) == (False, False)
    assert not Path(f"/proc/{(workspace / 'pid').read_text().strip()}").exists()
    assert text(await link.call("process.read", process_id=ID)) == "out\n"
    assert await code_of(link, "process.read", process_id="f" * 12) == "unknown_process"


async def test_it_ends_when_its_time_is_over(link: WorkerLink) -> None:
    await link.call("process.start", process_id=ID, argv=["sleep", "600"], timeout_s=0.2)
    ended = await read_until(link, lambda reading: not reading.process.alive)
    assert (ended.process.timed_out, ended.process.exit_code in (-15, -9)) == (True, True)


async def test_what_cannot_be_started_is_said(link: WorkerLink) -> None:
    await link.call("process.start", process_id=ID, argv=["no-such-program"])
    ended = await read_until(link, lambda reading: not reading.process.alive)
    assert (ended.process.exit_code, "no-such-program was not found" in ended.process.problem) == (None, True)
    outside = {"process_id": "f" * 12, "argv": ["true"], "cwd": "../.."}
    assert await code_of(link, "process.start", **outside) == "path_outside_workspace"


async def test_of_a_flood_the_last_is_kept_and_said_where_it_begins(link: WorkerLink) -> None:
    flood = f"import sys; sys.stdout.write('x' * {3 * PROCESS_BACKLOG_BYTES} + 'end')"
    await link.call("process.start", process_id=ID, argv=[sys.executable, "-c", flood])
    ended = await read_until(link, lambda reading: not reading.process.alive)
    assert ended.process.next_offset == 3 * PROCESS_BACKLOG_BYTES + 3
    assert ended.offset == ended.process.next_offset - PROCESS_BACKLOG_BYTES
    last = await link.call("process.read", process_id=ID)
    assert text(last).endswith("xend") and len(text(last)) == 16 * 1024


async def test_there_are_only_so_many_and_ended_ones_make_room(
    link: WorkerLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "MAX_KEPT", MAX_RUNNING + 1)
    names = [f"{number:012x}" for number in range(MAX_RUNNING)]
    await asyncio.gather(*(link.call("process.start", process_id=name, argv=["sleep", "600"]) for name in names))
    assert await code_of(link, "process.start", process_id="f" * 12, argv=["true"]) == "too_many_processes"
    await asyncio.gather(*(link.call("process.stop", process_id=name) for name in names))
    for name in ("a" * 12, "b" * 12):
        await link.call("process.start", process_id=name, argv=["true"])
        await read_until(link, lambda reading: not reading.process.alive, name)
    kept = [process.process_id for process in (await link.call("process.list")).processes]
    assert kept == [*names[1:], "a" * 12, "b" * 12]


async def test_it_outlives_the_connection_and_ends_with_the_agent(
    manager: SmallManager, start_process: StartProcess, workspace: Path
) -> None:
    process = await start_process()
    link = await manager.worker()
    await link.call("process.start", process_id=ID, argv=["sh", "-c", "echo $$ > pid; echo here; exec sleep 600"])
    await read_until(link, lambda reading: "here" in text(reading))
    await link.socket.close()
    again = await manager.worker()
    assert text(await again.call("process.read", process_id=ID, offset=0)) == "here\n"
    pid = (workspace / "pid").read_text().strip()
    assert Path(f"/proc/{pid}").exists()
    process.kill()
    async with asyncio.timeout(PATIENCE_S):
        while Path(f"/proc/{pid}").exists():
            await asyncio.sleep(0.05)
