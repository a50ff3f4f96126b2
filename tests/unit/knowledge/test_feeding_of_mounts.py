"""Which file systems are looked at, what is told of them, and what one that hangs costs."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event

import pytest

from ink_core.clock import ManualClock
from knowledge_graph.facts import Scalar
from knowledge_graph.ingest.mounts import Space
from knowledge_graph.model import GlobalModel
from knowledge_graph.store.memory import MemoryKnowledgeStore
from manager.knowledge.feeding import mounts
from manager.knowledge.feeding.mounts import MountsFeeding, of_interest, space_of
from manager.knowledge.knowledge import Knowledge
from tests.told import values

MOUNTED = r"""/dev/vda / ext4 rw 0 0
proc /proc proc rw 0 0
tmpfs /run tmpfs rw 0 0
server:/home /home nfs4 rw 0 0
eos /eos fuse.eosxd rw 0 0
portal /run/user/1/doc fuse.portal rw 0 0
/dev/vdb /data\040disk xfs rw 0 0
broken
"""


def test_network_file_systems_are_looked_at_and_what_holds_the_directories_of_the_settings() -> None:
    assert of_interest(MOUNTED, [Path("/home/alice"), Path("/data disk/ink")]) == {
        "/data disk": "xfs",
        "/eos": "fuse.eosxd",
        "/home": "nfs4",
    }
    assert of_interest(MOUNTED, [Path("/var/lib/ink")])["/"] == "ext4"


@asynccontextmanager
async def knowing() -> AsyncGenerator[Knowledge]:
    knowledge = Knowledge(GlobalModel(), MemoryKnowledgeStore(), ManualClock(), 1_000)
    await knowledge.recover()
    try:
        yield knowledge
    finally:
        await knowledge.close()


async def told(knowledge: Knowledge, point: str) -> Mapping[str, Scalar]:
    await knowledge.settled()
    facts = await knowledge.ask(lambda model: model.facts(f"filesystem:{point}", ManualClock().now()))
    return values(facts, f"filesystem:{point}")


def feeding(folder: Path, knowledge: Knowledge, measure: mounts.Measure) -> MountsFeeding:
    (folder / "mounts").write_text(MOUNTED)
    return MountsFeeding([], "portal", knowledge, ManualClock(), measure, folder / "mounts")


async def test_how_full_they_are_is_told(tmp_path: Path) -> None:
    async with knowing() as knowledge:
        await feeding(tmp_path, knowledge, lambda _: Space(2 * 10**12, 10**11, 1000, 10)).look()
        assert await told(knowledge, "/home") == {
            "type": "nfs4",
            "state": "ok",
            "capacity_tb": 2.0,
            "used_fraction": 0.95,
            "inodes_used_fraction": 0.99,
        }


async def test_one_that_hangs_is_silent_is_not_asked_again_and_is_well_when_it_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mounts, "DEADLINE_S", 0.5)
    asked, back = list[str](), Event()

    def measure(point: str) -> Space:
        asked.append(point)
        if point == "/home":
            assert back.wait(120)
        return Space(10**12, 10**12, 0, 0)

    async with knowing() as knowledge:
        fed = feeding(tmp_path, knowledge, measure)
        for _ in range(2):
            await fed.look()
            silent = await told(knowledge, "/home")
            assert (silent["state"], silent["problem"]) == ("silent", "it does not answer on portal")
        assert asked.count("/home") == 1
        monkeypatch.setattr(mounts, "DEADLINE_S", 120)
        back.set()
        await fed.look()
        assert (await told(knowledge, "/home"))["state"] == "ok"


async def test_one_that_refuses_is_not_told(tmp_path: Path) -> None:
    def refuse(point: str) -> Space:
        raise PermissionError(point)

    async with knowing() as knowledge:
        await feeding(tmp_path, knowledge, refuse).look()
        assert not await told(knowledge, "/home")


def test_the_space_of_a_real_directory_is_told(tmp_path: Path) -> None:
    space = space_of(str(tmp_path))
    assert 0 <= space.free <= space.size and space.size > 0
