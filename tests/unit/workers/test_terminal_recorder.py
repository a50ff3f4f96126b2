"""Terminals are recorded whole, within bounds, and with an end on record whatever happens."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from audit.ledger import LedgerUnavailable
from audit.memory import MemoryLedger
from ink_core.agents import InProcessAgents, Worker
from ink_core.clock import ManualClock
from ink_core.errors import AgentFault
from manager.workers import terminal_recorder as module
from manager.workers.listeners import Disconnected
from manager.workers.registry import WorkerRegistry
from manager.workers.terminal_recorder import TerminalRecorder
from manager.workers.terminal_recording_files import RecordingFiles
from manager.workers.terminals import TerminalLink
from tests.unit.workers.test_terminals import WORKER, Pty, written
from worker_agent.protocol import TerminalClosed, TerminalOutput


class Desk:
    """A recorder over real files, and one terminal that had written `before` when it was attached."""

    def __init__(self, folder: Path, before: bytes = b"", most_bytes: int = 2**20) -> None:
        self.folder, self.ledger, self.clock = folder, MemoryLedger(), ManualClock()
        self.pty = Pty(before)
        self.registry = WorkerRegistry(self.ledger, self.clock)
        agents = InProcessAgents({Worker(WORKER): self.pty.answer})
        self.link = TerminalLink(self.registry, agents, WORKER, "t1")
        self.files = RecordingFiles(folder, most_bytes)
        self.recorder = TerminalRecorder(self.files, self.ledger, self.clock)

    @asynccontextmanager
    async def at_work(self) -> AsyncGenerator[None]:
        with self.registry.listening(self.recorder.hear):
            yield
            await self.recorder.close()

    def prints(self, offset: int, data: bytes) -> None:
        self.registry.hear(WORKER, written(offset, data))

    def closes(self) -> None:
        self.registry.hear(WORKER, TerminalClosed(terminal_id="t1", exit_code=0))

    async def bodies(self, kind: str) -> list[Any]:
        return [event.body for event in await self.ledger.read("portal:alice") if event.kind == kind]

    def kept(self) -> list[Path]:
        return sorted(self.folder.glob("*/*.cast"))

    def text(self) -> str:
        """Output of all recordings, in the order in which they were written."""
        lines = [line for file in self.folder.glob("*/*") for line in file.read_text().splitlines()[1:]]
        return "".join(data for _, code, data in map(json.loads, lines) if code == "o")


async def test_what_was_there_before_and_what_comes_is_recorded_once_and_its_digest_is_in_the_ledger(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path, b"hello ")
    async with desk.at_work():
        await desk.recorder.attend("alice", desk.link)
        await desk.recorder.attend("alice", desk.link)  # another window
        desk.prints(3, b"lo wor")
        desk.recorder.resized(desk.link.key, 100, 30)
        desk.prints(9, b"ld\n")
        desk.closes()
    (file,) = desk.kept()
    assert desk.text() == "hello world\n" and '"100x30"' in file.read_text()
    (begun,), (ended,) = await desk.bodies("terminal.recording"), await desk.bodies("terminal.recorded")
    assert begun == {"recording_id": file.stem, "user": "alice", "worker_id": WORKER, "terminal_id": "t1"}
    content = file.read_bytes()
    assert ended == {
        **begun,
        "reason": "closed",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


async def test_output_that_comes_while_the_backlog_is_fetched_is_in_its_place(tmp_path: Path) -> None:
    desk = Desk(tmp_path, b"one\n")

    async def answer(method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
        desk.prints(4, b"two\n")
        desk.closes()
        return await desk.pty.answer(method, arguments)

    link = TerminalLink(desk.registry, InProcessAgents({Worker(WORKER): answer}), WORKER, "t1")
    async with desk.at_work():
        await desk.recorder.attend("alice", link)
    (ended,) = await desk.bodies("terminal.recorded")
    assert (desk.text(), ended["reason"]) == ("one\ntwo\n", "closed")


async def test_what_is_missing_is_marked(tmp_path: Path) -> None:
    desk = Desk(tmp_path, b"one\n")
    async with desk.at_work():
        await desk.recorder.attend("alice", desk.link)
        desk.prints(10, b"later\n")
    (file,) = desk.kept()
    assert json.loads(file.read_text().splitlines()[2])[1:] == ["m", "6 bytes are missing"]


async def test_a_terminal_that_cannot_be_attached_leaves_no_recording(tmp_path: Path) -> None:
    desk = Desk(tmp_path)

    async def answer(method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
        raise AgentFault("there is no such terminal", code="unknown_terminal", retryable=False)

    link = TerminalLink(desk.registry, InProcessAgents({Worker(WORKER): answer}), WORKER, "t1")
    async with desk.at_work():
        with pytest.raises(AgentFault):
            await desk.recorder.attend("alice", link)
    assert await desk.ledger.chains() == () and list(tmp_path.iterdir()) == []


async def test_without_a_ledger_that_writes_nobody_attaches(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    await desk.ledger.close()
    with pytest.raises(LedgerUnavailable):
        await desk.recorder.attend("alice", desk.link)
    await desk.recorder.close()


async def test_when_the_worker_is_lost_its_recordings_end_and_the_next_attach_begins_another(tmp_path: Path) -> None:
    desk = Desk(tmp_path, b"one\n")
    async with desk.at_work():
        await desk.recorder.attend("alice", desk.link)
        desk.registry.hear(WORKER, Disconnected())
        await desk.recorder.attend("alice", desk.link)
    ends = [body["reason"] for body in await desk.bodies("terminal.recorded")]
    assert ends == ["disconnected", "stopped"] and len(desk.kept()) == 2


async def test_a_full_file_ends_and_the_next_goes_on_without_a_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 200)
    desk = Desk(tmp_path)
    async with desk.at_work():
        await desk.recorder.attend("alice", desk.link)
        for n in range(40):
            desk.prints(4 * n, b"%03d\n" % n)
    ends = await desk.bodies("terminal.recorded")
    begun = [body["recording_id"] for body in await desk.bodies("terminal.recording")]
    assert {body["reason"] for body in ends} == {"full", "stopped"} and len(ends) == len(begun) > 2
    lines = [line for each in begun for line in (tmp_path / "u-alice" / f"{each}.cast").read_text().splitlines()[1:]]
    assert "".join(json.loads(line)[2] for line in lines) == "".join(f"{n:03d}\n" for n in range(40))


async def test_the_oldest_recordings_of_a_user_make_room_and_those_of_others_stay(tmp_path: Path) -> None:
    desk = Desk(tmp_path, b"x" * 300 + b"\n", most_bytes=1000)
    async with desk.at_work():
        for hour, user in enumerate(("bob", "alice", "alice", "alice")):
            await desk.recorder.attend(user, desk.link)
            desk.closes()
            await desk.recorder.ends_are_recorded()
            newest = max(desk.kept(), key=lambda file: file.stat().st_mtime)
            os.utime(newest, (3600 * hour, 3600 * hour))  # file systems count in milliseconds, the test is faster
    removed = await desk.bodies("terminal.removed")
    begun = [body["recording_id"] for body in await desk.bodies("terminal.recording")]
    assert [(body["recording_id"], body["why"]) for body in removed] == [(begun[0], "too much")]
    assert sorted(file.stem for file in desk.kept() if file.parent.name == "u-alice") == sorted(begun[1:])
    assert len(list((tmp_path / "u-bob").iterdir())) == 1


async def test_what_a_crash_interrupted_gets_its_end_at_the_next_start(tmp_path: Path) -> None:
    desk = Desk(tmp_path, b"before the crash\n")
    with desk.registry.listening(desk.recorder.hear):
        await desk.recorder.attend("alice", desk.link)
        await desk.recorder.ends_are_recorded()
    next_life = TerminalRecorder(desk.files, desk.ledger, desk.clock)
    await next_life.recover()
    (file,) = desk.kept()
    (ended,) = await desk.bodies("terminal.recorded")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert (ended["reason"], ended["sha256"], ended["worker_id"]) == ("interrupted", digest, WORKER)
    await next_life.recover()
    assert len(await desk.bodies("terminal.recorded")) == 1
    await next_life.close()


async def test_all_of_a_user_is_erased_live_recordings_too_and_that_it_was_is_on_record(tmp_path: Path) -> None:
    desk = Desk(tmp_path, b"personal\n")
    async with desk.at_work():
        await desk.recorder.attend("alice", desk.link)
        assert await desk.recorder.erase("bob", by="admin") == 0
        assert await desk.recorder.erase("alice", by="admin") == 1
        assert await desk.recorder.erase("alice", by="admin") == 0
    assert desk.text() == ""
    ((removed,), (ended,)) = await desk.bodies("terminal.removed"), await desk.bodies("terminal.recorded")
    assert (removed["by"], removed["why"], ended["reason"]) == ("admin", "erased", "erased")


async def test_a_recording_that_is_just_beginning_is_erased_too(tmp_path: Path) -> None:
    desk = Desk(tmp_path, b"personal\n")
    asked, goes_on = asyncio.Event(), asyncio.Event()

    async def answer(method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
        asked.set()
        await goes_on.wait()
        return await desk.pty.answer(method, arguments)

    link = TerminalLink(desk.registry, InProcessAgents({Worker(WORKER): answer}), WORKER, "t1")
    async with desk.at_work():
        attending = asyncio.create_task(desk.recorder.attend("alice", link))
        await asked.wait()
        erasing = asyncio.create_task(desk.recorder.erase("alice", by="admin"))
        goes_on.set()
        await attending
        assert await erasing == 1
    assert desk.text() == ""
    (ended,) = await desk.bodies("terminal.recorded")
    assert ended["reason"] == "erased"


async def test_sizes_alone_make_no_recording_grow(tmp_path: Path) -> None:
    desk = Desk(tmp_path, b"one\n")
    async with desk.at_work():
        await desk.recorder.attend("alice", desk.link)
        for n in range(1, 500):
            desk.recorder.resized(desk.link.key, 80 + n, 24)
        desk.prints(4, b"two\n")
    (file,) = desk.kept()
    sizes = [json.loads(line)[2] for line in file.read_text().splitlines()[1:] if json.loads(line)[1] == "r"]
    assert sizes == ["579x24"]


async def test_a_disk_that_cannot_be_written_disturbs_no_terminal_and_the_loss_is_on_record(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    desk = Desk(tmp_path / "file", b"one\n")
    async with desk.at_work():
        await desk.recorder.attend("alice", desk.link)
        desk.prints(4, b"two\n")
    (ended,) = await desk.bodies("terminal.recorded")
    assert (ended["reason"], ended["bytes"], ended["sha256"]) == ("lost", 0, "")


async def test_where_recording_is_off_nothing_is_kept(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    recorder = TerminalRecorder(None, desk.ledger, desk.clock)
    await recorder.attend("alice", desk.link)
    recorder.hear(WORKER, TerminalOutput(terminal_id="t1", offset=0, data=base64.b64encode(b"x").decode()))
    assert await recorder.erase("alice", by="admin") == 0
    await recorder.close()
    assert await desk.ledger.chains() == () and list(tmp_path.iterdir()) == []


async def test_a_flood_that_the_disk_cannot_take_is_left_out_and_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING_BYTES", 1_000)
    desk = Desk(tmp_path)
    async with desk.at_work():
        await desk.recorder.attend("alice", desk.link)
        await desk.recorder.ends_are_recorded()
        desk.prints(0, b"a" * 2_000 + b"\n")
        await asyncio.sleep(0)  # the piece waits for the disk now
        desk.prints(2_001, b"b" * 10 + b"\n")
        await desk.recorder.ends_are_recorded()
        desk.prints(2_012, b"c\n")
    (file,) = desk.kept()
    assert "bbb" not in file.read_text() and "11 bytes are missing" in file.read_text()
